import type { ObjectMeta } from 'kubernetes-types/meta/v1';
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

/** Metadata of an object without which a cluster is lost. */
export const holdsState = (cluster: Pick<ResolvedCluster, 'state'>, metadata: ObjectMeta): ObjectMeta =>
  (isLeaving(cluster) ? metadata : { ...metadata, annotations: { ...metadata.annotations, ...PROTECTED } });
