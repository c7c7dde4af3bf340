import { bytesQuantity } from '../units.ts';
import { familyOf } from '../net.ts';
import type { Endpoint, Network } from './definition.ts';
import { PORTS } from './names.ts';

/**
 * Every default that does not follow from another field, once. Rules judge by them, resolving applies them, and
 * `kubewright explain` prints them; a chart never has one.
 * Reasons stand beside the values.
 */
export const DEFAULTS = {
  ring: 'default',
  dnsDomain: 'cluster.local',
  /** Node ports of a meta cluster that names no range: Kubernetes' own. */
  nodePortRange: { from: 30000, to: 32767 },
  ports: { loadBalancer: 6443, dnsRoundRobin: 6443, gateway: 443 },
  dnsTtlSeconds: 30,
  /** Of the ranges for documentation (RFC 5737, RFC 3849): no network leads there, so that none is hidden from a node. */
  inClusterAddresses: { 4: '192.0.2.1', 6: '2001:db8::1' },
  nodeMasks: { 4: 24, 6: 64 },
  pullPolicy: 'IfNotPresent',

  /** Requests by mode. No limits: a throttled etcd loses elections, and a killed one loses its cache. */
  resources: {
    standard: {
      etcd: { cpu: '500m', memory: '1Gi' },
      events: { cpu: '200m', memory: '512Mi' },
      apiserver: { cpu: '500m', memory: '1Gi' },
      controllerManager: { cpu: '200m', memory: '256Mi' },
      scheduler: { cpu: '100m', memory: '128Mi' },
      konnectivity: { cpu: '100m', memory: '128Mi' },
      proxy: { cpu: '50m', memory: '64Mi' },
    },
    minimal: {
      etcd: { cpu: '100m', memory: '256Mi' },
      events: { cpu: '50m', memory: '128Mi' },
      apiserver: { cpu: '250m', memory: '512Mi' },
      controllerManager: { cpu: '100m', memory: '128Mi' },
      scheduler: { cpu: '50m', memory: '64Mi' },
      konnectivity: { cpu: '20m', memory: '32Mi' },
      proxy: { cpu: '10m', memory: '32Mi' },
    },
  },
  /** On every node of the cluster. */
  agentResources: { cpu: '20m', memory: '32Mi' },
  replicas: { standard: 3, minimal: 1 },
  /** Small Jobs beside the control plane. */
  jobResources: { cpu: '50m', memory: '128Mi' },

  /** 8 GiB is the most that etcd's authors advise. */
  quota: bytesQuantity(8 * 2 ** 30),
  eventsQuota: bytesQuantity(4 * 2 ** 30),
  emptyDirSize: bytesQuantity(16 * 2 ** 30),
  backupKeep: '14d',
  s3Region: 'us-east-1',
  etcdPrefix: '/registry',
  rcloneImage: 'docker.io/rclone/rclone:1.71.2',
  curlImage: 'docker.io/curlimages/curl:8.16.0',

  /** Longer than kube-proxy and common load balancers need to stop sending. */
  drainSeconds: 15,
  /** How often external-dns looks, unless it is told otherwise: addresses of Pods that stop stay in the DNS for as long. */
  dnsIntervalSeconds: 60,
  autoscale: { cpu: 80 },

  auditPolicy: 'metadata',
  auditLog: { to: 'stdout', maxSizeMegabytes: 100, maxBackups: 10, maxAgeDays: 30 },
  auditBatchMaxWait: '5s',
  /** What kubelets' probes and `kubeadm join` ask for before they have an identity. */
  anonymousPaths: ['/livez', '/readyz', '/healthz', '/api/v1/namespaces/kube-public/configmaps/cluster-info'],
  encryption: { provider: 'secretbox', resources: ['secrets'] },
  kmsTimeout: '3s',

  /** Where `dist/` is in the repository, and the namespaces that the tools' own manifests name. */
  delivery: { path: 'dist', argocd: 'argocd', flux: 'flux-system' },

  certificates: { leaf: '365d', authority: '3650d', renewBefore: '90d', bits: 2048 },
} as const;

type Exposed = Pick<Endpoint, 'port' | 'expose'>;

/** Port on the outside: the author's, the node port, or the usual one of the way to expose. */
export const portOf = ({ port, expose }: Exposed): number => port ?? (expose.type === 'nodePort' ? expose.nodePort : DEFAULTS.ports[expose.type]);

/** Name that konnectivity agents dial. A gateway tells clusters and their two servers apart by it. */
export const agentHostOf = ({ host, expose }: Pick<Endpoint, 'host' | 'expose'>, given: string | undefined): string =>
  given ?? (expose.type === 'gateway' ? `konnectivity.${host}` : host);

/** Server name by which a gateway leads Pods' connections to the API server. */
export const inClusterHostOf = (host: string, given: string | undefined): string => given ?? `kubernetes.${host}`;

/** Address at which each node's agent takes them: of the family of the Service `kubernetes`, the first of the Service ranges. */
export const inClusterAddressOf = (services: Network['services'], given: string | undefined): string =>
  given ?? DEFAULTS.inClusterAddresses[familyOf([services].flat()[0] ?? '')];

/** Port that konnectivity agents dial on the outside. */
export function agentPortOf(endpoint: Exposed, given: { readonly port?: number; readonly nodePort?: number }): number {
  const usual = endpoint.expose.type === 'gateway' ? portOf(endpoint) : PORTS.konnectivityAgents;
  return given.port ?? given.nodePort ?? usual;
}
