import type { ResolvedCluster, ResolvedResources } from './resolved.ts';

/** Where a tool is in the meta cluster. */
export interface ResolvedTool {
  readonly namespace: string;
  /** Secret there with which the repository is cloned; null where it needs none, or where the tool finds it by itself. */
  readonly credentials: string | null;
}

/** Flux, which may open secrets by itself. */
export interface ResolvedFlux extends ResolvedTool {
  /** Secret there with the age identity for what SOPS encrypted; null where the Sealed Secrets controller opens secrets. */
  readonly decryption: string | null;
}

/** Who applies `dist/`, and where it is. */
export interface ResolvedDelivery {
  readonly repository: string;
  readonly branch: string;
  /** Of `dist/` in the repository; empty for the top. */
  readonly path: string;
  /** Null where it is not used. */
  readonly argocd: ResolvedTool | null;
  readonly flux: ResolvedFlux | null;
}

/** The same for one cluster. */
export interface ResolvedClusterDelivery extends ResolvedDelivery {
  /** Why nothing of it is applied for now; null when all is. */
  readonly suspended: string | null;
  /** The Job that lets the tool into the cluster. */
  readonly rights: { readonly image: string; readonly resources: ResolvedResources };
}

/** Whether SOPS encrypts the Secrets of a cluster or meta cluster as a whole, and Flux opens them. */
export const usesSops = ({ delivery }: { readonly delivery: ResolvedDelivery | null }): boolean => delivery?.flux?.decryption != null;

/** Whether a Job lets the tool into the cluster. Of a hibernated one nobody answers; what was given lies in its etcd. */
export const givesRights = ({ delivery, state }: Pick<ResolvedCluster, 'delivery' | 'state'>): boolean => delivery !== null && state !== 'hibernated';
