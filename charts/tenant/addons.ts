import { MANAGED_BY } from '../../lib/model/names.ts';
import { groupOf, type JsonObject, type Manifest } from '../../lib/model/manifest.ts';
import type { ResolvedAddon } from '../../lib/model/resolved-addon.ts';
import type { ResolvedCluster } from '../../lib/model/resolved.ts';
import { schemasOf } from '../../lib/versions/schemas.ts';
import type { RenderedChart } from '../index.ts';

/** Namespaces that every API server makes by itself. */
export const OWN_NAMESPACES: readonly string[] = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

/** What everything else needs first. */
const FIRST: readonly string[] = ['CustomResourceDefinition', 'Namespace'];

export const ADDON_STAGES = [
  { part: 'tenant-crds', stage: 'tenant-crds', first: true },
  { part: 'tenant', stage: 'addons', first: false },
] as const;

/**
 * People's own objects, as they wrote them but for the namespace of those that name none. CustomResourceDefinitions and
 * Namespaces are a part of their own, so that nothing that needs them comes too early, and nothing takes them away.
 */
export function addonCharts(cluster: ResolvedCluster, written: readonly (readonly Manifest[])[], around: readonly RenderedChart[]): RenderedChart[] {
  if (cluster.addons.length === 0) return [];
  const scopes = scopesOf(cluster, written.flat());
  const addons = cluster.addons.map((addon, index) => ({ addon, source: `addons[${index}]`, manifests: (written[index] ?? []).map((manifest) => inNamespace(manifest, addon, scopes)) }));
  const known = new Set([...OWN_NAMESPACES, ...namesOfNamespaces(around.flatMap(({ manifests }) => manifests)), ...namesOfNamespaces(written.flat())]);
  const placed = addons.map(({ addon, source, manifests }) => {
    const made = known.has(addon.namespace) ? [] : [namespaceOf(addon)];
    known.add(addon.namespace);
    return { addon, source, manifests: [...made, ...manifests] };
  });
  return ADDON_STAGES.flatMap(({ part, stage, first }) => placed.map(({ addon, source, manifests }) => ({
    spec: { id: `${stage}-${addon.name}`, part, stage, source },
    manifests: manifests.filter(({ kind }) => FIRST.includes(kind) === first),
  }))).filter(({ manifests }) => manifests.length > 0);
}

type Scopes = Readonly<Record<string, 'Namespaced' | 'Cluster' | undefined>>;

/** Of the cluster's release, of the definitions that its add-ons bring, and as the author says of others. */
function scopesOf({ minor, addons }: ResolvedCluster, manifests: readonly Manifest[]): Scopes {
  const { kinds, scopes } = schemasOf(minor);
  const builtIn = Object.keys(kinds).map((name) => [name, scopes[name] ?? 'Namespaced'] as const);
  return Object.fromEntries([...addons.flatMap(({ foreignKinds }) => Object.entries(foreignKinds)), ...manifests.flatMap(brought), ...builtIn]);
}

function brought({ kind, spec }: Manifest): (readonly [string, 'Namespaced' | 'Cluster'])[] {
  if (kind !== 'CustomResourceDefinition') return [];
  const { group, names, scope, versions } = (spec ?? {}) as JsonObject;
  const own = (names ?? {}) as JsonObject;
  return (Array.isArray(versions) ? versions as readonly JsonObject[] : []).map((version) =>
    [`${String(group)}/${String(version['name'])}/${String(own['kind'])}`, scope === 'Cluster' ? 'Cluster' : 'Namespaced'] as const);
}

/** A kind that nobody knows is left as it is, and refused where kinds are checked. */
function inNamespace(manifest: Manifest, { namespace }: ResolvedAddon, scopes: Scopes): Manifest {
  const { apiVersion, kind, metadata } = manifest;
  if (metadata.namespace !== undefined || scopes[`${apiVersion}/${kind}`] !== 'Namespaced') return manifest;
  return { ...manifest, metadata: { ...metadata, namespace } };
}

const namesOfNamespaces = (manifests: readonly Manifest[]): string[] =>
  manifests.filter((manifest) => manifest.kind === 'Namespace' && groupOf(manifest) === '').map(({ metadata }) => metadata.name);

const namespaceOf = ({ namespace }: ResolvedAddon): Manifest => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: { ...MANAGED_BY } } });
