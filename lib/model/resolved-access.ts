import type { ResolvedResources } from './resolved.ts';

/** How the API server reaches kubelets, Pods and webhooks of the cluster. */
export type ResolvedNodeAccess = ResolvedKonnectivity | { readonly type: 'direct' } | { readonly type: 'multus'; readonly network: string };

/** Tunnels that agents on the nodes open, to a server beside each API server. */
export interface ResolvedKonnectivity {
  readonly type: 'konnectivity';
  readonly version: string;
  /** What agents dial. */
  readonly host: string;
  readonly port: number;
  /** Set when, and only when, the API server is exposed by a node port. */
  readonly nodePort: number | null;
  /** Port in the Pod. */
  readonly podPort: number;
  readonly serverImage: string;
  readonly agentImage: string;
  readonly resources: ResolvedResources;
  readonly agentResources: ResolvedResources;
}
