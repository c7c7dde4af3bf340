import type { ClusterDefinition, Component, Delivery, MetaClusterDefinition } from '../model/definition.ts';
import type { Problem } from '../problem.ts';
import type { Minor } from '../versions/minor.ts';
import { supportedMinor } from '../versions/version.ts';

/** What a cluster's rules know beside the cluster. */
export interface ClusterContext {
  /** The meta cluster that hosts it; null when there is none of that name. */
  readonly meta: MetaClusterDefinition | null;
  /** How the fleet is delivered. */
  readonly delivery: Delivery | undefined;
}

/** One thing that may be wrong with a cluster. Shapes are right when rules run; texts may still be of a bad format. */
export type ClusterRule = (cluster: ClusterDefinition, context: ClusterContext) => readonly Problem[];

/** One thing that may be wrong with a meta cluster. */
export type MetaRule = (meta: MetaClusterDefinition) => readonly Problem[];

export type Binary = 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler';

/** A component as an author set it, with the version that it will have. */
export interface GivenComponent {
  readonly binary: Binary;
  readonly path: string;
  readonly given: Component;
  readonly version: string;
  /** Null when the version is not supported, which a rule of its own tells. */
  readonly minor: Minor | null;
}

const BINARIES = { apiserver: 'kube-apiserver', controllerManager: 'kube-controller-manager', scheduler: 'kube-scheduler' } as const;

/** The three components, in the order of the definition. */
export function componentsOf(cluster: ClusterDefinition): GivenComponent[] {
  return (Object.keys(BINARIES) as (keyof typeof BINARIES)[]).map((key) => {
    const given: Component = cluster.components?.[key] ?? {};
    const version = given.version ?? cluster.kubernetes;
    return { binary: BINARIES[key], path: `components.${key}`, given, version, minor: supportedMinor(version) };
  });
}

/** Indexes of values that stood in the list before, each with the index of the first. */
export function repeatsOf<T>(values: readonly T[]): { readonly index: number; readonly first: number; readonly value: T }[] {
  const firsts = new Map<T, number>();
  return values.flatMap((value, index) => {
    const first = firsts.get(value);
    if (first !== undefined) return [{ index, first, value }];
    firsts.set(value, index);
    return [];
  });
}
