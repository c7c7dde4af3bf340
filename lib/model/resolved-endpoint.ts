import type { Expose } from './definition.ts';
import { PORTS } from './names.ts';
import type { ResolvedResources } from './resolved.ts';

export interface ResolvedEndpoint {
  readonly host: string;
  /** Address behind the name; null when every API server has its own (dnsRoundRobin). */
  readonly address: string | null;
  /** Port on the outside. */
  readonly port: number;
  readonly expose: ResolvedExpose;
  /** `none`: all API servers share one address; `lease`: each advertises its own. */
  readonly reconciler: 'none' | 'lease';
}

type Filled<T> = { readonly [K in keyof T]-?: T[K] };
export type ResolvedExpose =
  | Filled<Extract<Expose, { type: 'nodePort' }>>
  | Filled<Extract<Expose, { type: 'dnsRoundRobin' }>>
  | {
      readonly type: 'loadBalancer';
      readonly class: string | null;
      readonly annotations: Readonly<Record<string, string>>;
      readonly sourceRanges: readonly string[];
    }
  | {
      readonly type: 'gateway';
      readonly gateway: { readonly namespace: string; readonly name: string; readonly listener: string | null; readonly proxyNamespace: string };
      readonly inCluster: ResolvedInCluster;
    };

/**
 * How Pods of the cluster reach an API server behind a Gateway. They dial an address and so send no server name: an agent on
 * their node takes the connection as it is, and carries it in one that has a name to the proxy beside an API server.
 */
export interface ResolvedInCluster {
  /** Name by which the Gateway leads to the proxies beside the API servers. It need not stand in DNS. */
  readonly host: string;
  /** Address that each node gives itself for its agent; the Service `kubernetes` leads there. */
  readonly address: string;
  readonly image: string;
  /** Of the proxy beside each API server. */
  readonly resources: ResolvedResources;
  /** Of the agent on each node. */
  readonly agentResources: ResolvedResources;
}

/** What lets Pods reach the API server; null when they reach it where everybody does. */
export const inClusterOf = ({ expose }: Pick<ResolvedEndpoint, 'expose'>): ResolvedInCluster | null => (expose.type === 'gateway' ? expose.inCluster : null);

/** Where the Service `kubernetes` in the cluster leads; null when each API server says so itself. */
export function advertisedOf({ expose, address, port }: ResolvedEndpoint): { readonly address: string; readonly port: number } | null {
  if (expose.type === 'gateway') return { address: expose.inCluster.address, port: PORTS.apiserver };
  return address === null ? null : { address, port };
}
