import type { Arguments } from './definition.ts';
import type { ResolvedStorageClass } from './resolved-meta.ts';
import type { JsonObject, ResolvedResources } from './resolved.ts';

/** A ClusterRole, and all to whom it is given: sorted, each once. */
export interface ResolvedBinding {
  readonly clusterRole: string;
  readonly groups: readonly string[];
  readonly users: readonly string[];
}

/** A namespace that people work in. */
export interface ResolvedNamespace {
  readonly name: string;
  readonly podSecurity: 'privileged' | 'baseline' | 'restricted';
  /** Empty for no quota. */
  readonly quota: Readonly<Record<string, string>>;
  /** For containers that say nothing; both empty for none. */
  readonly defaults: { readonly requests: Readonly<Record<string, string>>; readonly limits: Readonly<Record<string, string>> };
  readonly isolated: boolean;
  readonly bindings: readonly ResolvedBinding[];
  readonly pullSecrets: readonly string[];
}

/** A storage class inside a cluster. */
export interface ResolvedTenantStorageClass extends ResolvedStorageClass {
  readonly default: boolean;
  readonly reclaimPolicy: 'Delete' | 'Retain';
  readonly bindingMode: 'WaitForFirstConsumer' | 'Immediate';
}

/** The network of Pods. */
export type ResolvedCni =
  | { readonly type: 'flannel'; readonly backend: 'vxlan' | 'host-gw'; readonly image: string; readonly pluginImage: string }
  | { readonly type: 'routes' | 'none' };

export interface ResolvedKubeProxy {
  readonly mode: 'iptables' | 'ipvs' | 'nftables';
  /** KubeProxyConfiguration without apiVersion and kind. */
  readonly configuration: JsonObject;
  readonly image: string;
}

/** CoreDNS. */
export interface ResolvedDns {
  readonly version: string;
  readonly image: string;
  readonly replicas: number;
  /** Null for the one that kubeadm writes. */
  readonly corefile: string | null;
  readonly resources: ResolvedResources;
}

export interface ResolvedMetricsServer {
  readonly image: string;
  readonly replicas: number;
  readonly args: Arguments;
  readonly resources: ResolvedResources;
}
