import { groupOf, type JsonObject, type Manifest } from '../../lib/model/manifest.ts';
import { isTenantPart } from '../parts.ts';
import type { RenderedChart } from '../index.ts';

/** A kind, as roles and projects name it. */
export interface GroupKind {
  readonly group: string;
  readonly kind: string;
}

const RBAC = 'rbac.authorization.k8s.io';

/**
 * What our own charts put into a cluster, whether this one has it now or not: with the right to a kind would go the right
 * to take its last object away. An add-on's kinds are its own affair.
 */
const OWN_KINDS: readonly GroupKind[] = [
  ...['ConfigMap', 'Endpoints', 'LimitRange', 'Namespace', 'ResourceQuota', 'Service', 'ServiceAccount'].map((kind) => ({ group: '', kind })),
  { group: 'apiregistration.k8s.io', kind: 'APIService' },
  ...['DaemonSet', 'Deployment'].map((kind) => ({ group: 'apps', kind })),
  { group: 'discovery.k8s.io', kind: 'EndpointSlice' },
  { group: 'networking.k8s.io', kind: 'NetworkPolicy' },
  { group: 'policy', kind: 'PodDisruptionBudget' },
  ...['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'].map((kind) => ({ group: RBAC, kind })),
  { group: 'storage.k8s.io', kind: 'StorageClass' },
];

const OWN_CLUSTER_KINDS: readonly string[] = ['Namespace', 'APIService', 'ClusterRole', 'ClusterRoleBinding', 'StorageClass'];

export const manifestsIn = (charts: readonly RenderedChart[], isWanted: (spec: RenderedChart['spec']) => boolean): Manifest[] =>
  charts.filter(({ spec }) => isWanted(spec)).flatMap(({ manifests }) => manifests);

/** Everything that goes to the cluster's own API server. */
export const tenantManifests = (charts: readonly RenderedChart[]): Manifest[] => manifestsIn(charts, ({ part }) => isTenantPart(part));

/** Each kind once, by group and name. */
export function uniqueKinds(kinds: readonly GroupKind[]): GroupKind[] {
  const byKey = new Map(kinds.map(({ group, kind }) => [`${group}/${kind}`, { group, kind }]));
  return [...byKey.keys()].sort().flatMap((key) => byKey.get(key) ?? []);
}

const kindOf = (manifest: Manifest): GroupKind => ({ group: groupOf(manifest), kind: manifest.kind });

/** The kinds of these manifests that are in no namespace. */
export const clusterKindsOf = (manifests: readonly Manifest[]): GroupKind[] =>
  uniqueKinds(manifests.filter(({ metadata }) => metadata.namespace === undefined).map(kindOf));

/** What is, or may have been, inside a cluster. */
export const tenantKinds = (manifests: readonly Manifest[]): GroupKind[] => uniqueKinds([...OWN_KINDS, ...manifests.map(kindOf)]);

/** Those of them that are in no namespace. */
export const tenantClusterKinds = (manifests: readonly Manifest[]): GroupKind[] =>
  uniqueKinds([...OWN_KINDS.filter(({ kind }) => OWN_CLUSTER_KINDS.includes(kind)), ...clusterKindsOf(manifests)]);

/** The plural by which the API server knows a kind: as its definition says, or as all of Kubernetes' own are formed. */
export function resourceOf({ group, kind }: GroupKind, manifests: readonly Manifest[]): string {
  const definition = manifests.map(({ kind: of, spec }) => (of === 'CustomResourceDefinition' ? (spec as JsonObject | undefined) : undefined))
    .find((spec) => spec?.['group'] === group && (spec['names'] as JsonObject | undefined)?.['kind'] === kind);
  const plural = (definition?.['names'] as JsonObject | undefined)?.['plural'];
  return typeof plural === 'string' ? plural : pluralOf(kind.toLowerCase());
}

function pluralOf(word: string): string {
  if (word === 'endpoints') return word;
  if (word.endsWith('s')) return `${word}es`;
  return word.endsWith('y') ? `${word.slice(0, -1)}ies` : `${word}s`;
}
