import type { Minor } from '../versions/minor.ts';
import type { ResolvedRuntime } from './resolved-runtime.ts';
import type { JsonObject } from './resolved.ts';
import type { ResolvedDelivery } from './resolved-delivery.ts';

/**
 * A meta cluster with every answer: nothing is optional, nothing is left to a default. Plain JSON without secrets; it is
 * what kubeadm's files and the platform's charts are made of. Paths are those of the definition wherever both have the field.
 */
export interface ResolvedMetaCluster {
  readonly name: string;
  readonly kubernetes: string;
  readonly minor: Minor;
  readonly endpoint: ResolvedMetaEndpoint;
  readonly network: ResolvedMetaNetwork;
  /** The first makes the cluster, the others join it. */
  readonly controlPlane: readonly [ResolvedMetaMachine, ...ResolvedMetaMachine[]];
  readonly workers: readonly ResolvedMetaMachine[];
  /** KubeletConfiguration without apiVersion and kind, the same for all machines. */
  readonly kubelet: JsonObject;
  /** What the container runtime of every machine must be told before. */
  readonly runtime: ResolvedRuntime;
  /** KubeProxyConfiguration without apiVersion and kind. */
  readonly kubeProxy: JsonObject;
  readonly components: ResolvedMetaComponents;
  readonly images: ResolvedMetaImages;
  readonly certificates: ResolvedMetaCertificates;
  readonly platform: ResolvedPlatform;
  readonly nodePortRange: { readonly from: number; readonly to: number };
  /** Null when nobody is said to apply `dist/`. */
  readonly delivery: ResolvedDelivery | null;
}

export interface ResolvedMetaEndpoint {
  readonly host: string;
  /** Port behind the name. */
  readonly port: number;
  /** Address behind the name; null when it is not fixed. */
  readonly address: string | null;
  /** Port of the API server on each machine, to which a load balancer forwards. */
  readonly machinePort: number;
}

export interface ResolvedMetaNetwork {
  /** One network, or two for dual stack. The first family is the cluster's primary. */
  readonly pods: readonly string[];
  readonly services: readonly string[];
  readonly machines: readonly string[];
  readonly dnsDomain: string;
  /** Tenth address of the first Service range: the one that kubeadm gives to CoreDNS. */
  readonly dnsServiceIp: string;
}

export interface ResolvedMetaMachine {
  readonly name: string;
  readonly address: string;
  readonly labels: Readonly<Record<string, string>>;
  /** `value` is empty when the taint has none. */
  readonly taints: readonly { readonly key: string; readonly value: string; readonly effect: string }[];
  /** Every argument of this kubelet, its address and its labels among them. */
  readonly kubeletArgs: Readonly<Record<string, string>>;
}

/** Arguments of the static Pods beside those that kubeadm gives them. */
export interface ResolvedMetaComponents {
  readonly apiserver: Readonly<Record<string, string>>;
  readonly controllerManager: Readonly<Record<string, string>>;
  readonly scheduler: Readonly<Record<string, string>>;
  readonly etcd: Readonly<Record<string, string>>;
}

export interface ResolvedMetaImages {
  /** Where kubeadm takes its images from. */
  readonly repository: string;
  /** The same for CoreDNS, whose image is one level deeper in registry.k8s.io. */
  readonly coreDnsRepository: string;
  readonly mirrored: boolean;
  readonly pullSecrets: readonly string[];
  readonly pullPolicy: 'IfNotPresent' | 'Always' | 'Never';
}

/** What kubeadm issues. */
export interface ResolvedMetaCertificates {
  readonly algorithm: string;
  readonly leaf: string;
  readonly authority: string;
  /** Every name and address by which an API server is reached. */
  readonly apiserverHosts: readonly string[];
}

/** What control planes need in the meta cluster. */
export interface ResolvedPlatform {
  /** Null when somebody else installs it. */
  readonly sealedSecrets: { readonly version: string; readonly image: string } | null;
  readonly storageClasses: readonly ResolvedStorageClass[];
}

export interface ResolvedStorageClass {
  readonly name: string;
  readonly provisioner: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly expandable: boolean;
}
