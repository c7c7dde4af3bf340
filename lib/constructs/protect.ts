/**
 * Keeps Argo CD and Flux from deleting what holds state, by pruning or with the whole application. Both read these
 * annotations from the live object, so they still hold when the file is gone from git.
 */
export const PROTECTED = {
  'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
  'kustomize.toolkit.fluxcd.io/prune': 'disabled',
} as const;
