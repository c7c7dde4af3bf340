import type { Arguments, EnvironmentVariable, ExtraVolume, Toleration } from './definition.ts';
import type { Minor } from '../versions/minor.ts';
import type { ResolvedNodeAccess } from './resolved-access.ts';
import type { ResolvedAddon } from './resolved-addon.ts';
import type { ResolvedClusterDelivery } from './resolved-delivery.ts';
import type { ResolvedEndpoint } from './resolved-endpoint.ts';
import type { ResolvedRuntime } from './resolved-runtime.ts';
import type { AuthorizationWebhook, ResolvedAudit, ResolvedCertificates, ResolvedEncryption, ResolvedUser } from './resolved-security.ts';
import type { ResolvedBinding, ResolvedCni, ResolvedDns, ResolvedKubeProxy, ResolvedMetricsServer, ResolvedNamespace, ResolvedTenantStorageClass } from './resolved-tenant.ts';

/**
 * A cluster with every answer: nothing is optional, nothing is left to a default. Plain JSON without secrets; it is
 * what charts read and what is kept in dist/records. Paths are those of the definition wherever both have the field.
 */
export interface ResolvedCluster {
  readonly name: string;
  /** Namespace in the meta cluster: `cp-<name>`. */
  readonly namespace: string;
  readonly meta: ResolvedMetaView;
  readonly ring: string;
  readonly state: 'running' | 'hibernated' | 'decommissioning';
  readonly mode: 'standard' | 'minimal';
  /** Version of kube-apiserver, which is the cluster's. */
  readonly kubernetes: string;
  readonly minor: Minor;
  readonly masterNodeSelector: Readonly<Record<string, string>>;
  readonly masterTolerations: readonly Toleration[];
  readonly images: ResolvedImages;
  readonly endpoint: ResolvedEndpoint;
  readonly network: ResolvedNetwork;
  readonly nodes: ResolvedNodes;
  readonly dns: ResolvedDns;
  /** Null when it is off. */
  readonly metricsServer: ResolvedMetricsServer | null;
  readonly addons: readonly ResolvedAddon[];
  /** Its own etcd, or null when the datastore is somebody else's. */
  readonly etcd: ResolvedEtcd | null;
  readonly datastore: ResolvedDatastore;
  readonly components: {
    readonly apiserver: ResolvedApiServer;
    readonly controllerManager: ResolvedComponent;
    readonly scheduler: ResolvedScheduler;
  };
  readonly audit: ResolvedAudit;
  readonly authentication: { readonly jwt: readonly JsonObject[]; readonly anonymousPaths: readonly string[] };
  readonly authorization: { readonly webhooks: readonly AuthorizationWebhook[] };
  readonly admission: {
    readonly enable: readonly string[];
    readonly disable: readonly string[];
    readonly configuration: Readonly<Record<string, JsonObject>>;
  };
  readonly encryption: ResolvedEncryption;
  readonly certificates: ResolvedCertificates;
  readonly users: readonly ResolvedUser[];
  readonly bindings: readonly ResolvedBinding[];
  readonly namespaces: readonly ResolvedNamespace[];
  readonly storageClasses: readonly ResolvedTenantStorageClass[];
  readonly quota: { readonly cpu: string; readonly memory: string; readonly pods: number };
  /** Null when nobody is said to apply `dist/`. */
  readonly delivery: ResolvedClusterDelivery | null;
}

export type JsonObject = { readonly [key: string]: unknown };

/** What a cluster needs to know of the meta cluster that hosts it. */
export interface ResolvedMetaView {
  readonly name: string;
  readonly minor: Minor;
  readonly kubernetes: string;
  readonly dnsDomain: string;
  readonly pods: readonly string[];
  readonly services: readonly string[];
  readonly machines: readonly string[];
  /** Whether what comes from outside may come from an address among those of Pods. */
  readonly machinesInPodRange: boolean;
}

export interface ResolvedImages {
  readonly pullSecrets: readonly string[];
  readonly pullPolicy: 'IfNotPresent' | 'Always' | 'Never';
  /** Where those of Kubernetes itself come from: its own registry, or a mirror. kubeadm is told. */
  readonly repository: string;
  /** Shell, curl and nslookup, to replace a member of etcd, and to give a node its network. */
  readonly curl: string;
  /** Brings etcd's snapshots to where they are kept. */
  readonly rclone: string;
}

export interface ResolvedNetwork {
  /** One network, or IPv4 and IPv6. The first family is the cluster's primary. */
  readonly pods: readonly string[];
  readonly services: readonly string[];
  /** First address of each Service range: the Service `default/kubernetes`. */
  readonly apiServiceIps: readonly string[];
  /** Tenth address of each Service range: the Service `kube-system/kube-dns`. */
  readonly dnsServiceIps: readonly string[];
  readonly dnsDomain: string;
  /** Prefix length of a node's range, for each Pod range. */
  readonly nodeMasks: readonly number[];
  readonly allocateNodeRanges: boolean;
  readonly cni: ResolvedCni;
  /** Null when something else does its work. */
  readonly kubeProxy: ResolvedKubeProxy | null;
}

/** The machines that join. */
export interface ResolvedNodes {
  /** Release of their kubelets, and of kube-proxy. */
  readonly kubernetes: string;
  readonly minor: Minor;
  /** KubeletConfiguration without apiVersion and kind. */
  readonly kubelet: JsonObject;
  /** What their container runtime must be told before. */
  readonly runtime: ResolvedRuntime;
  readonly access: ResolvedNodeAccess;
}

/** An etcd of one or three members. */
export interface ResolvedEtcd {
  readonly version: string;
  /** `3.5` or `3.6`. */
  readonly minor: string;
  readonly image: string;
  readonly members: readonly { readonly generation: number }[];
  readonly storage: ResolvedStorage;
  readonly quota: string;
  readonly quotaBytes: number;
  readonly settings: Readonly<Record<string, string | number | boolean | null>>;
  readonly resources: ResolvedResources;
  readonly backup: ResolvedBackup | null;
  /** Why nothing is kept when the cluster goes; null when a last snapshot is. */
  readonly withoutFinalSnapshot: string | null;
  readonly defragmentation: { readonly schedule: string } | null;
  /** Of each step of backup and defragmentation. */
  readonly upkeepResources: ResolvedResources;
  readonly events: ResolvedEventsEtcd | null;
}

/** The etcd for events: what it does not share with the main one. */
export type ResolvedEventsEtcd = Pick<ResolvedEtcd, 'members' | 'storage' | 'quota' | 'quotaBytes' | 'resources'>;

export type ResolvedStorage =
  | { readonly type: 'claimTemplate'; readonly storageClass: string | null; readonly size: string; readonly requestedSize: string }
  | { readonly type: 'local' | 'hostPath'; readonly path: string; readonly size: string; readonly hosts: readonly string[] }
  | { readonly type: 'emptyDir'; readonly medium: '' | 'Memory'; readonly sizeLimit: string };

export type ResolvedBackup = { readonly schedule: string; readonly keep: string } & (
  | { readonly to: 's3'; readonly endpoint: string; readonly region: string; readonly bucket: string; readonly prefix: string; readonly credentials: string }
  | { readonly to: 'persistentVolumeClaim'; readonly storageClass: string | null; readonly size: string }
);

export interface ResolvedDatastore {
  /** URLs that the API server is given. */
  readonly endpoints: readonly string[];
  /** URLs of the etcd for events; empty when events are with everything else. */
  readonly eventsEndpoints: readonly string[];
  readonly prefix: string;
  /** Secret with `ca.crt`, `tls.crt`, `tls.key`, or null for the cluster's own certificates (or none over http). */
  readonly credentials: string | null;
  readonly external: boolean;
  /** Networks of an external store, for the network policy. */
  readonly networks: readonly string[];
  readonly compaction: 'apiserver' | 'datastore';
}

export interface ResolvedResources {
  readonly requests: { readonly cpu: string; readonly memory: string };
  readonly limits: { readonly cpu: string | null; readonly memory: string | null };
}

export interface ResolvedComponent {
  readonly version: string;
  readonly minor: Minor;
  readonly image: string;
  /** Pods while running; 0 when hibernated. */
  readonly replicas: number;
  /** Arguments of the author; the default ones are in the component's chart. */
  readonly args: Arguments;
  readonly featureGates: Readonly<Record<string, boolean>>;
  readonly resources: ResolvedResources;
  readonly extraVolumes: readonly Required<ExtraVolume>[];
  readonly env: readonly EnvironmentVariable[];
}

export interface ResolvedApiServer extends ResolvedComponent {
  readonly autoscale: ResolvedAutoscale | (ResolvedAutoscale & { readonly handover: string }) | null;
  readonly runtimeConfig: Readonly<Record<string, boolean>>;
  readonly drainSeconds: number;
  /** Port in the Pod. */
  readonly securePort: number;
}

export interface ResolvedAutoscale {
  readonly min: number;
  readonly max: number;
  readonly cpu: number;
  readonly memory: number | null;
}

export interface ResolvedScheduler extends ResolvedComponent {
  readonly profiles: readonly JsonObject[];
}
