import type { KindName, Structure, StructuralSchemas } from '../../../lib/versions/schemas.ts';
import type { Minor } from '../../../lib/versions/minor.ts';
import { withApiServer, type ApiServer } from '../clusters/api-server.ts';
import { shortName, structureOf, type GroupVersionKind, type OpenApiDefinitions } from './structure.ts';

type Scope = 'Namespaced' | 'Cluster';

/** What aggregated discovery answers; only what we read. */
interface Discovery {
  readonly items: readonly {
    readonly metadata: { readonly name?: string };
    readonly versions: readonly {
      readonly version: string;
      readonly resources?: readonly { readonly scope: Scope; readonly responseKind: GroupVersionKind }[];
    }[];
  }[];
}

interface Served {
  readonly definitions: OpenApiDefinitions;
  readonly scopes: ReadonlyMap<KindName, Scope>;
}

/** Asks a real API server twice: with everything it can serve, and as it comes. */
export async function readSchemas(minor: Minor): Promise<StructuralSchemas> {
  const all = await withApiServer(minor, ['--runtime-config=api/all=true'], readServed);
  const usual = await withApiServer(minor, [], readServed);
  const kinds = kindsOf(all);
  return {
    definitions: reachable(Object.values(kinds), all.definitions),
    kinds,
    scopes: Object.fromEntries(all.scopes),
    offByDefault: [...all.scopes.keys()].filter((kind) => !usual.scopes.has(kind)),
  };
}

async function readServed({ ask }: ApiServer): Promise<Served> {
  const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
  const { definitions } = (await ask('/openapi/v2')) as { readonly definitions: OpenApiDefinitions };
  const groups = [(await ask('/api', accept)) as Discovery, (await ask('/apis', accept)) as Discovery];
  return { definitions, scopes: new Map(groups.flatMap(scopesOf)) };
}

/** A resource that names no group or version answers in its own. */
function scopesOf({ items }: Discovery): [KindName, Scope][] {
  return items.flatMap(({ metadata, versions }) => versions.flatMap(({ version, resources = [] }) =>
    resources.map(({ responseKind, scope }): [KindName, Scope] => [
      kindName({ group: responseKind.group || (metadata.name ?? ''), version: responseKind.version || version, kind: responseKind.kind }),
      scope,
    ])));
}

const kindName = ({ group, version, kind }: GroupVersionKind) => [group, version, kind].filter(Boolean).join('/');

function kindsOf({ definitions, scopes }: Served): Record<KindName, string> {
  const defined = new Map(Object.entries(definitions).flatMap(([name, schema]) =>
    (schema['x-kubernetes-group-version-kind'] ?? []).map((kind) => [kindName(kind), shortName(name)] as const)));
  return Object.fromEntries([...scopes.keys()].map((kind) => {
    const name = defined.get(kind);
    if (!name) throw new Error(`${kind} is served, and no definition says what it is`);
    return [kind, name];
  }));
}

/** The definitions that the roots need, directly or through others. */
function reachable(roots: readonly string[], all: OpenApiDefinitions): Record<string, Structure> {
  const named = byShortName(all);
  const found: Record<string, Structure> = {};
  const waiting = [...roots];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found[name]) continue;
    const full = named.get(name) ?? name;
    const structure = structureOf(all[full] ?? {}, full, all);
    found[name] = structure;
    waiting.push(...refsOf(structure));
  }
  return found;
}

function byShortName(all: OpenApiDefinitions): ReadonlyMap<string, string> {
  const named = new Map(Object.keys(all).map((name) => [shortName(name), name]));
  if (named.size !== Object.keys(all).length) throw new Error('two definitions have the same short name');
  return named;
}

function refsOf(structure: Structure): string[] {
  const inner = [structure.items, structure.additionalProperties, ...Object.values(structure.properties ?? {})];
  const deeper = inner.flatMap((part) => (part ? refsOf(part) : []));
  return structure.ref ? [structure.ref, ...deeper] : deeper;
}
