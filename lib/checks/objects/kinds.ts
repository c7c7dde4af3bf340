import { compareText } from '../../model/manifest.ts';
import { schemasOf, type StructuralSchemas } from '../../versions/schemas.ts';
import type { Minor } from '../../versions/minor.ts';
import type { CustomKind } from './custom-resource-definitions.ts';
import { CUSTOM_KINDS, customKindsIn } from './custom-resources.ts';
import type { CheckedManifest, Scope } from '../scope.ts';
import { Resolver, type Shape } from './structure.ts';

/** What an API server knows of one kind. */
export interface Kind {
  readonly scope: 'Namespaced' | 'Cluster';
  readonly shape: Shape;
}

/** The kinds of one API server: those of its minor, and custom ones. Each is resolved when it is first asked for. */
export class KindTable {
  readonly #schemas: StructuralSchemas;
  readonly #resolver: Resolver;
  readonly #kinds = new Map<string, Kind | null>();

  constructor(schemas: StructuralSchemas, customKinds: readonly CustomKind[]) {
    this.#schemas = schemas;
    this.#resolver = new Resolver(schemas.definitions);
    for (const kind of customKinds) this.#add(kind);
  }

  /** The kind of `apps/v1/StatefulSet`, or null when this API server does not serve it unasked. */
  get(name: string): Kind | null {
    const known = this.#kinds.get(name);
    if (known !== undefined) return known;
    const definition = this.#schemas.offByDefault.includes(name) ? undefined : this.#schemas.kinds[name];
    const kind = definition === undefined ? null : { scope: this.#schemas.scopes[name] ?? 'Namespaced', shape: this.#resolver.definition(definition) };
    this.#kinds.set(name, kind);
    return kind;
  }

  /** Every apiVersion under which this API server serves a kind. */
  versionsOf(kind: string): string[] {
    const served = Object.keys(this.#schemas.kinds).filter((name) => !this.#schemas.offByDefault.includes(name));
    const custom = [...this.#kinds].filter(([, known]) => known !== null).map(([name]) => name);
    const end = `/${kind}`;
    return [...new Set([...served, ...custom])].filter((name) => name.endsWith(end)).map((name) => name.slice(0, -end.length)).sort(compareText);
  }

  #add({ group, kind, scope, versions }: CustomKind): void {
    for (const [version, structure] of Object.entries(versions)) {
      this.#kinds.set(`${group}/${version}/${kind}`, { scope, shape: this.#resolver.shape(structure, true) });
    }
  }
}

const TABLES = new Map<Minor, KindTable>();

/** The table of a minor with our own custom kinds, made once. */
function sharedTable(minor: Minor): KindTable {
  const table = TABLES.get(minor) ?? new KindTable(schemasOf(minor), CUSTOM_KINDS);
  TABLES.set(minor, table);
  return table;
}

/** The table of each API server that manifests are for. */
export function kindTablesOf(manifests: readonly CheckedManifest[]): ReadonlyMap<string, KindTable> {
  const apis = new Map(manifests.map(({ part }) => [part.api, part.target]));
  return new Map([...apis].map(([api, minor]) => {
    const brought = customKindsIn(manifests, api);
    return [api, brought.length === 0 ? sharedTable(minor) : new KindTable(schemasOf(minor), [...CUSTOM_KINDS, ...brought])];
  }));
}

/** The kind of a manifest, on the API server that will receive it. */
export function kindOf({ tables }: Scope, { part, type }: CheckedManifest): Kind | null {
  return tables.get(part.api)?.get(type) ?? null;
}
