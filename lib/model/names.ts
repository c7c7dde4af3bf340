import type { ResolvedCluster } from './resolved.ts';

/** Names, labels, ports and paths that stand in more than one place. What stands in one place only stays there. */

export const DOMAIN = 'kubewright.dev';
/** On the namespace of a control plane: which clusters belong together, for whoever rolls something out by hand. */
export const RING_LABEL = `${DOMAIN}/ring`;
/** On the namespace of a control plane that is about to go. */
export const STATE_LABEL = `${DOMAIN}/state`;
export const MANAGED_BY = { 'app.kubernetes.io/managed-by': 'kubewright' } as const;

export type ComponentName = 'etcd' | 'etcd-events' | 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler' | 'etcd-backup' | 'etcd-defragmentation' | 'etcd-replacement' | 'delivery-rights';

/** The two labels by which Pods are selected. They never change while a cluster lives (selectors are immutable). */
export function selectorOf(cluster: string, component: ComponentName): Record<string, string> {
  return { 'app.kubernetes.io/name': component, [`${DOMAIN}/cluster`]: cluster };
}

export function labelsOf(cluster: string, component: string): Record<string, string> {
  return { 'app.kubernetes.io/name': component, ...MANAGED_BY, [`${DOMAIN}/cluster`]: cluster };
}

/** The running minor's Pods carry one of these for each minor whose components may talk to them. */
export const servesLabel = (minor: string): string => `serves.${DOMAIN}/v${minor.replace('.', '-')}`;

/** Service that reaches only API servers which a controller-manager or scheduler of this minor may talk to. */
export const apiserverServiceFor = (minor: string): string => `apiserver-v${minor.replace('.', '-')}`;

export const SERVICES = {
  apiserver: 'apiserver',
  apiserverExternal: 'apiserver-external',
} as const;

export const PORTS = {
  apiserver: 6443,
  controllerManager: 10257,
  scheduler: 10259,
  etcdClient: 2379,
  etcdPeer: 2380,
  etcdMetrics: 2381,
  kubelet: 10250,
  konnectivityAgents: 8132,
  konnectivityAdmin: 8133,
  konnectivityHealth: 8134,
  /** Of the proxy beside an API server, and where that tells how it is. */
  apiserverProxy: 8135,
  apiserverProxyStatus: 8136,
  dns: 53,
} as const;

export const PRIORITY_CLASSES = {
  etcd: 'kubewright-etcd',
  apiserver: 'kubewright-apiserver',
  controlPlane: 'kubewright-control-plane',
} as const;

/** Folders in the containers of a control plane. */
export const PATHS = {
  pki: '/etc/kubernetes/pki',
  trust: '/etc/kubernetes/trust',
  config: '/etc/kubernetes/config',
  etcdConfig: '/etc/etcd',
  etcdData: '/var/lib/etcd',
  auditLog: '/var/log/kubernetes',
  konnectivity: '/run/konnectivity',
} as const;

/** What leads Pods to an API server behind a Gateway: the proxy beside that, and its agents on the nodes. */
export const APISERVER_PROXY = 'kube-apiserver-proxy';

/** By what the servers and agents of konnectivity know each other inside the cluster. */
export const KONNECTIVITY = {
  /** ServiceAccount of the agents, and where it is. */
  agent: 'konnectivity-agent',
  namespace: 'kube-system',
  /** Audience of the agents' tokens. */
  audience: 'system:konnectivity-server',
  /** User as whom a server asks the API server. */
  user: 'system:konnectivity-server',
  /** Each server keeps a Lease here with this label; agents count them. */
  leaseNamespace: 'konnectivity',
  leaseLabel: 'k8s-app=konnectivity-server',
} as const;

/** Who applies what belongs inside a cluster: as whom it comes, and the Secret by which it knows the cluster. */
export const DELIVERY = {
  argocd: { user: 'kubewright:argocd', secretOf: (cluster: string): string => `cluster-${cluster}` },
  flux: { user: 'kubewright:flux', secretOf: (cluster: string): string => `${cluster}-kubeconfig` },
  /** What they may do there. */
  role: 'kubewright:delivery',
} as const;

/** User and group of every process of a control plane; the images' own `nonroot`. */
export const USER_ID = 65532;

/** ConfigMap with the public certificates of all authorities. */
export const TRUST = 'trust';

/** Keys of a Secret of type kubernetes.io/tls. */
export const TLS = { certificate: 'tls.crt', key: 'tls.key', authority: 'ca.crt' } as const;

export type EtcdName = 'etcd' | 'etcd-events';

export const serviceHost = (cluster: ResolvedCluster, service: string): string =>
  `${service}.${cluster.namespace}.svc.${cluster.meta.dnsDomain}`;

/** Pod name, and the member's name inside etcd. */
export const memberName = (etcd: EtcdName, index: number): string => `${etcd}-${index}`;

/** The member's identity: by this name its peers know it for ever. */
export const memberHost = (cluster: ResolvedCluster, etcd: EtcdName, index: number): string =>
  serviceHost(cluster, `${memberName(etcd, index)}.${etcd}`);

/** The member's own Service: an address that outlives its Pods, for clients. */
export const memberServiceHost = (cluster: ResolvedCluster, etcd: EtcdName, index: number): string =>
  serviceHost(cluster, memberName(etcd, index));

/** Folder of a Secret's files in the containers. */
export const pkiPath = (secret: string): string => `${PATHS.pki}/${secret}`;

export const ETCD_VOLUME = 'data';

/** The name that the StatefulSet's claim template gives to the claim of a member. */
export const claimName = (etcd: EtcdName, index: number): string => `${ETCD_VOLUME}-${memberName(etcd, index)}`;

/** Secrets that hold a kubeconfig are told by their name. A name of a user may have an `@`, a name of a Secret may not. */
export const kubeconfigSecret = (certificate: string): string => `${certificate.replaceAll('@', '-at-')}-kubeconfig`;

/** Whether that is such a Secret's name. */
export const isKubeconfigSecret = (secret: string): boolean => secret.endsWith('-kubeconfig');

/** Under which key of its Secret a kubeconfig stands: for people, and where Flux looks for it. */
export const KUBECONFIG_KEYS = { people: 'kubeconfig', flux: 'value' } as const;
