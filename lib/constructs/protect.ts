import type { ObjectMeta } from 'kubernetes-types/meta/v1';
import { DOMAIN } from '../model/names.ts';
import type { ResolvedCluster } from '../model/resolved.ts';

/**
 * Keeps Argo CD and Flux from deleting what holds state, by pruning or with the whole application. Both read these
 * annotations from the live object, so they still hold when the file is gone from git.
 */
export const PROTECTED = {
  'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
  'kustomize.toolkit.fluxcd.io/prune': 'disabled',
} as const;

/** Whether a cluster is about to go: what protects its state is lifted, so that it can be deleted next. */
export const isLeaving = ({ state }: Pick<ResolvedCluster, 'state'>): boolean => state === 'decommissioning';

/** What the meta cluster's own policy keeps from being deleted. */
export const HOLDS_STATE = { [`${DOMAIN}/holds`]: 'state' } as const;

/** Lets one object go that holds state, or everything in a namespace: for people who know what they do. */
export const DELETION_ALLOWED = { [`${DOMAIN}/deletion`]: 'allowed' } as const;

/** Metadata of an object without which clusters are lost. */
export const guarded = <T extends Metadata>(metadata: T): T & Required<Metadata> =>
  ({ ...metadata, labels: { ...metadata.labels, ...HOLDS_STATE }, annotations: { ...metadata.annotations, ...PROTECTED } });

interface Metadata {
  readonly labels?: { [label: string]: string };
  readonly annotations?: { [annotation: string]: string };
}

/** The same for one cluster, while it is to stay. */
export const holdsState = (cluster: Pick<ResolvedCluster, 'state'>, metadata: ObjectMeta): ObjectMeta => (isLeaving(cluster) ? metadata : guarded(metadata));
