import type { ClusterDefinition, FleetDefinition, MetaClusterDefinition } from '../model/definition.ts';
import type { Problem } from '../problem.ts';
import { claimsOf, metaClaimsOf, type Claims } from './claims.ts';
import { conflicts } from './conflicts.ts';
import { fieldOf } from './paths.ts';
import type { ClusterContext, ClusterRule } from './rule.ts';
import { ARGUMENT_RULES } from './rules/components/args-rules.ts';
import { GATE_RULES } from './rules/components/gate-rules.ts';
import { digestNames, mirrorNames, POD_RULES, registries } from './rules/components/pod-rules.ts';
import { VERSION_RULES } from './rules/components/version-rules.ts';
import { ACCESS_RULES } from './rules/config/access-rules.ts';
import { ADMISSION_RULES } from './rules/config/admission-rules.ts';
import { CONFIG_RULES } from './rules/config/config-rules.ts';
import { ENCRYPTION_RULES } from './rules/config/encryption-rules.ts';
import { JWT_RULES } from './rules/config/jwt-rules.ts';
import { ETCD_RULES } from './rules/etcd/etcd-rules.ts';
import { ETCD_SETTING_RULES } from './rules/etcd/etcd-settings-rules.ts';
import { STORAGE_RULES } from './rules/etcd/storage-rules.ts';
import { DELIVERY_RULES, deliveryRules } from './rules/fleet/delivery-rules.ts';
import { META_RULES } from './rules/fleet/meta-rules.ts';
import { sealingRules } from './rules/fleet/sealing-rules.ts';
import { ENDPOINT_RULES } from './rules/network/endpoint-rules.ts';
import { NETWORK_RULES } from './rules/network/network-rules.ts';
import { IN_CLUSTER_RULES } from './rules/network/in-cluster-rules.ts';
import { NODE_ACCESS_RULES } from './rules/network/node-access-rules.ts';
import { ADDON_RULES } from './rules/tenant/addon-rules.ts';
import { BINDING_RULES } from './rules/tenant/binding-rules.ts';
import { NAMESPACE_RULES } from './rules/tenant/namespace-rules.ts';
import { TENANT_RULES } from './rules/tenant/tenant-rules.ts';
import type { Judged as Shape } from './schema-checks.ts';
import { lacksFields, validateClusterShape, validateFleetShape, validateMetaShape } from './schema.ts';

/** Every rule of a cluster, in the order in which its problems are told. */
export const CLUSTER_RULES: readonly ClusterRule[] = [
  ...VERSION_RULES, ...ENDPOINT_RULES, ...IN_CLUSTER_RULES, ...NODE_ACCESS_RULES, ...NETWORK_RULES, ...ETCD_RULES, ...ETCD_SETTING_RULES, ...POD_RULES,
  ...ARGUMENT_RULES, ...GATE_RULES, ...ADMISSION_RULES, ...ENCRYPTION_RULES, ...JWT_RULES, ...ACCESS_RULES, ...BINDING_RULES, ...NAMESPACE_RULES, ...STORAGE_RULES, ...TENANT_RULES, ...CONFIG_RULES, ...ADDON_RULES, ...DELIVERY_RULES,
];

/** Rules name the definition as it names itself; a caller that knows better, as with two of one name, wins. */
const placedAt = (problem: Problem, of: string): Problem => ({ ...problem, at: { ...problem.at, of } });

/** All that is wrong with one cluster, taken alone. */
export function validateCluster(definition: unknown, context: ClusterContext, of = nameOf(definition, 'cluster')): Problem[] {
  const shape = validateClusterShape(definition, of);
  if (isBroken('ClusterDefinition', definition, shape)) return shape;
  return [...shape, ...CLUSTER_RULES.flatMap((rule) => rule(definition as ClusterDefinition, context)).map((problem) => placedAt(problem, of))];
}

/** All that is wrong with one meta cluster, taken alone. */
export function validateMeta(definition: unknown, of = nameOf(definition, 'meta cluster')): Problem[] {
  const shape = validateMetaShape(definition, of);
  if (isBroken('MetaClusterDefinition', definition, shape)) return shape;
  return [...shape, ...META_RULES.flatMap((rule) => rule(definition as MetaClusterDefinition)).map((problem) => placedAt(problem, of))];
}

/** All that is wrong with the fleet itself, its members left aside. */
export function validateFleetAlone(definition: unknown): Problem[] {
  const shape = validateFleetShape(definition);
  if (isBroken('Fleet', definition, shape)) return shape;
  const fleet = definition as FleetDefinition;
  const { images } = fleet;
  return [...shape, ...registries('fleet', images), ...mirrorNames('fleet', images), ...digestNames('fleet', images), ...sealingRules(fleet), ...deliveryRules(fleet)];
}

/** All that is wrong with a fleet: itself, each of its members, and what they take from each other. */
export function validateFleet(definition: unknown): Problem[] {
  const alone = validateFleetAlone(definition);
  if (isBroken('Fleet', definition, alone)) return alone;
  const { metaClusters, clusters, delivery } = definition as FleetDefinition;
  const metas = metaClusters.map((meta, index) => judgeMeta(meta, nameOf(meta, `metaClusters[${index}]`)));
  const usable = new Map(metas.flatMap(({ definition: meta }) => (meta === null ? [] : [[meta.name, meta] as const])));
  const members = clusters.map((cluster, index) =>
    judgeCluster(cluster, { meta: usable.get(String(fieldOf(cluster, 'meta'))) ?? null, delivery }, nameOf(cluster, `clusters[${index}]`)));
  const all = [...metas, ...members];
  return [...alone, ...all.flatMap(({ problems }) => problems), ...conflicts(all.flatMap(({ claims }) => claims ?? []))];
}

/** A meta cluster that cannot be read is still there: its clusters need not be told that it is missing. */
function nameClaimOf(meta: unknown): Claims {
  const name = nameOf(meta, '');
  return { of: name, kind: 'meta', meta: name, claims: [], routed: [] };
}

const judged = <T>(shape: Shape, member: T, problems: readonly Problem[]): { member: T; problems: readonly Problem[]; isUsable: boolean } =>
  ({ member, problems, isUsable: !isBroken(shape, member, problems) });

/** Shapes after which the generated types no longer hold, so that no rule may look at the definition. */
const BREAKING = new Set(['schema/wrong-type', 'schema/missing-field', 'schema/not-allowed', 'schema/choose-one']);

/** A misspelt field is told instead of the missing one that was meant, and breaks the types as much. */
const isBroken = (shape: Shape, definition: unknown, problems: readonly Problem[]): boolean =>
  problems.some(({ code }) => BREAKING.has(code) || (code === 'schema/unknown-field' && lacksFields(shape, definition)));

function nameOf(definition: unknown, otherwise: string): string {
  const name = fieldOf(definition, 'name');
  return typeof name === 'string' && /^[a-z0-9-]{1,63}$/.test(name) ? name : otherwise;
}

/** A cluster or a meta cluster, taken alone: what it is, what it takes for itself, and what is wrong with it. */
export interface Judged<T> {
  /** Null when its shape is so wrong that nobody may look at it. */
  readonly definition: T | null;
  readonly claims: Claims | null;
  readonly problems: readonly Problem[];
}

/** `validateCluster`, and the typed definition when there is one. */
export function judgeCluster(definition: unknown, context: ClusterContext, of: string): Judged<ClusterDefinition> {
  const { member, problems, isUsable } = judged('ClusterDefinition', definition as ClusterDefinition, validateCluster(definition, context, of));
  return { definition: isUsable ? member : null, claims: isUsable ? { ...claimsOf(member), of } : null, problems };
}

/** `validateMeta`, and the typed definition when there is one. */
export function judgeMeta(definition: unknown, of: string): Judged<MetaClusterDefinition> {
  const { member, problems, isUsable } = judged('MetaClusterDefinition', definition as MetaClusterDefinition, validateMeta(definition, of));
  return { definition: isUsable ? member : null, claims: isUsable ? { ...metaClaimsOf(member), of } : nameClaimOf(definition), problems };
}
