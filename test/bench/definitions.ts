import type { ClusterDefinition, Expose, MetaClusterDefinition, NodeAccess } from '../../lib/model/definition.ts';

/**
 * Definitions for measuring: every option of the model, mixed over the fleet by the cluster's number alone, so that the
 * first hundred of a thousand are the fleet of a hundred. Each cluster has at least 60 manifests.
 */
const MINORS = ['1.33.13', '1.34.4', '1.35.4', '1.36.3'] as const;
const PER_META = 100;

const pick = <T>(choices: readonly T[], number: number): T => choices[number % choices.length] as T;

export const nameOf = (number: number): string => `c${String(number).padStart(4, '0')}`;

const metaName = (number: number): string => `meta-${Math.floor(number / PER_META)}`;

/** The meta clusters of a fleet of so many clusters. */
export function metaClusters(count: number): MetaClusterDefinition[] {
  return Array.from({ length: Math.ceil(count / PER_META) }, (_, meta) => ({
    name: `meta-${meta}`,
    kubernetes: pick(MINORS, meta),
    endpoint: { host: `api.meta-${meta}.example.com`, address: `192.168.${meta}.10` },
    network: { pods: `172.${16 + meta}.0.0/16`, services: '100.64.0.0/16', machines: [`192.168.${meta}.0/24`] },
    controlPlane: [1, 2, 3].map((machine) => ({ name: `meta-${meta}-${machine}`, address: `192.168.${meta}.${10 + machine}` })),
    workers: [1, 2, 3, 4].map((machine) => ({
      name: `master-${meta}-${machine}`, address: `192.168.${meta}.${20 + machine}`, labels: { 'kubewright.dev/pool': 'masters' },
    })),
    platform: { storageClasses: [{ name: 'local-ssd', provisioner: 'local.csi.example.com', expandable: true }] },
  }));
}

/** One cluster by its number. */
export function clusterDefinition(number: number): ClusterDefinition {
  const isExternal = number % 50 === 49;
  const expose = pick(EXPOSES, number)(number);
  const name = nameOf(number);
  return {
    name,
    meta: metaName(number),
    ...(number % 3 === 0 ? { ring: pick(['early', 'late'], number) } : {}),
    ...(number % 25 === 24 ? { state: 'hibernated' as const } : {}),
    kubernetes: pick(MINORS, Math.floor(number / 3)),
    mode: 'standard',
    masterNodeSelector: { 'kubewright.dev/pool': 'masters' },
    ...(number % 4 === 1 ? { masterTolerations: [{ key: 'kubewright.dev/dedicated', operator: 'Equal' as const, value: name, effect: 'NoSchedule' as const }] } : {}),
    ...(number % 6 === 5 ? { images: { registry: `registry.${name}.example.com/k8s`, pullSecrets: ['registry'] } } : {}),
    endpoint: { host: `api.${name}.example.com`, ...(expose.type === 'dnsRoundRobin' ? {} : { address: addressOf(number) }), expose },
    network: networkOf(number),
    nodes: {
      access: accessOf(number, expose),
      ...(number % 5 === 1 ? { kubelet: { serializeImagePulls: false, systemReserved: { cpu: '250m', memory: '1Gi' } } } : {}),
    },
    ...(number % 4 === 3 ? { dns: { replicas: 4 }, metricsServer: { args: { 'metric-resolution': '30s' } } } : {}),
    ...(isExternal ? { datastore: externalDatastore(name) } : { etcd: etcdOf(number) }),
    components: componentsOf(number),
    audit: pick(AUDITS, number),
    ...(number % 3 === 1 ? { authentication: jwtOf(name) } : {}),
    ...(number % 4 === 2 ? { authorization: AUTHORIZATION } : {}),
    ...(number % 5 === 3 ? { admission: ADMISSION } : {}),
    encryption: pick(ENCRYPTIONS, number),
    certificates: { leaf: '3600d', authority: '7200d', ...(number % 4 === 3 ? { extraHosts: [`${name}.internal.example.com`] } : {}) },
    users: Array.from({ length: isExternal ? 30 : 4 + (number % 4) }, (_, user) => ({ name: `user-${user}@example.com`, groups: [`team-${user % 3}`] })),
    ...(number % 7 === 6 ? { quota: { cpu: '64', memory: '256Gi', pods: 80 } } : {}),
  };
}

const EXPOSES: readonly ((number: number) => Expose)[] = [
  () => ({ type: 'loadBalancer', class: 'lb.example.com/internal', annotations: { 'lb.example.com/subnet': 'control-planes' }, sourceRanges: ['10.0.0.0/8'] }),
  (number) => ({ type: 'nodePort', nodePort: 30_000 + number }),
  () => ({ type: 'dnsRoundRobin', ttl: 15 }),
  () => ({ type: 'gateway', gateway: { namespace: 'ingress', name: 'control-planes', listener: 'tls' } }),
  () => ({ type: 'loadBalancer' }),
];

const addressOf = (number: number): string => (number % EXPOSES.length === 3 ? '192.168.200.1' : `192.168.${100 + (number >> 8)}.${number & 255}`);

const NETWORKS: readonly Pick<ClusterDefinition['network'], 'cni' | 'kubeProxy'>[] = [
  {},
  { cni: { type: 'flannel', backend: 'host-gw' }, kubeProxy: { mode: 'nftables' } },
  { cni: { type: 'routes' }, kubeProxy: { configuration: { conntrack: { maxPerCore: 65536 } } } },
];

/** 1,024 ranges of /18: those that are routed may not meet. */
function networkOf(number: number): ClusterDefinition['network'] {
  const pods = `10.${number >> 2}.${(number & 3) * 64}.0/18`;
  if (number % 6 !== 1) return { pods, services: '100.80.0.0/16', ...pick(NETWORKS, number), ...(number % 2 === 0 ? { nodeMask: { ipv4: 25 } } : {}) };
  const block = number.toString(16);
  return { pods: [pods, `fd20:${block}::/48`], services: ['100.80.0.0/16', `fd21:${block}::/112`], nodeMask: { ipv4: 25, ipv6: 64 }, allocateNodeRanges: false, cni: { type: 'none' }, kubeProxy: { enabled: false } };
}

/** Pods of an overlay are reached through tunnels only. */
function accessOf(number: number, { type }: Expose): NodeAccess {
  const cni = networkOf(number).cni?.type ?? 'flannel';
  if (cni === 'flannel') return { type: 'konnectivity', ...(type === 'nodePort' ? { nodePort: 31_500 + number } : {}) };
  return number % 2 === 0 ? { type: 'multus', network: 'networks/nodes' } : { type: 'direct' };
}

const HOSTS = (number: number): string[] => [1, 2, 3].map((machine) => `master-${Math.floor(number / PER_META)}-${machine}`);

const STORAGES: readonly ((number: number) => NonNullable<ClusterDefinition['etcd']>['storage'])[] = [
  () => ({ claimTemplate: { storageClass: 'local-ssd', size: '32Gi', requestedSize: '64Gi' } }),
  (number) => ({ local: { path: `/mnt/etcd/${nameOf(number)}`, size: '100Gi', hosts: HOSTS(number) } }),
  (number) => ({ hostPath: { path: `/srv/etcd/${nameOf(number)}`, size: '20Gi', hosts: HOSTS(number) } }),
];

function etcdOf(number: number): NonNullable<ClusterDefinition['etcd']> {
  const name = nameOf(number);
  return {
    storage: pick(STORAGES, number)(number),
    ...(number % 4 === 0 ? { resources: { requests: { cpu: '2', memory: '8Gi' }, limits: { memory: '16Gi' } } } : {}),
    ...(number % 5 === 2 ? { settings: { 'heartbeat-interval': 250, 'election-timeout': 2500 } } : {}),
    ...(number % 9 === 4 ? { members: [{ generation: 0 }, { generation: 0 }, { generation: 1 }] } : {}),
    events: { storage: { claimTemplate: { storageClass: 'local-ssd', size: number % 2 === 0 ? '8Gi' : '16Gi' } } },
    backup: number % 3 === 0
      ? { schedule: '15 */2 * * *', keep: '30d', to: { s3: { endpoint: 'https://s3.example.com', bucket: 'etcd-backups', prefix: name, credentials: 'etcd-backup-s3' } } }
      : { schedule: '0 */4 * * *', to: { persistentVolumeClaim: { storageClass: 'local-ssd', size: '200Gi' } } },
    defragmentation: { schedule: `30 3 * * ${number % 7}` },
  };
}

const externalDatastore = (name: string): NonNullable<ClusterDefinition['datastore']> => ({
  external: {
    endpoints: ['https://store-1.example.com:3379', 'https://store-2.example.com:3379'],
    prefix: `/registry/${name}`, credentials: 'store-client', networks: ['192.168.250.0/24'], compaction: 'datastore',
  },
});

function componentsOf(number: number): NonNullable<ClusterDefinition['components']> {
  return {
    apiserver: {
      ...(number % 2 === 0 ? { autoscale: { min: 3, max: 9, cpu: 70 } } : { replicas: 3 }),
      args: { 'max-requests-inflight': '3000' },
      resources: { requests: { cpu: '2', memory: '6Gi' } },
      drainSeconds: 30,
      ...(number % 5 === 1 ? { env: [{ name: 'GOGC', value: '60' }, { name: 'TOKEN', secret: { name: 'tokens', key: 'token' } }] } : {}),
      ...(number % 4 === 2 || number % 2 === 0 ? { extraVolumes: [{ name: 'kms-socket', mountPath: '/run/kms', readOnly: false, source: { csi: { driver: 'kms.csi.example.com', attributes: { key: 'main' } } } }] } : {}),
    },
    controllerManager: { args: { 'concurrent-deployment-syncs': '20' }, ...(number % 3 === 2 ? { replicas: 2 } : {}) },
    scheduler: number % 3 === 0
      ? { profiles: [{ schedulerName: 'bin-packing', pluginConfig: [{ name: 'NodeResourcesFit', args: { scoringStrategy: { type: 'MostAllocated', resources: [{ name: 'cpu', weight: 1 }] } } }] }] }
      : {},
  };
}

const AUDITS: readonly NonNullable<ClusterDefinition['audit']>[] = [
  { policy: 'writes', log: { to: 'volume', maxSizeMegabytes: 200, maxBackups: 20 }, webhook: { kubeconfig: 'audit-sink', batchMaxWait: '2s' } },
  { policy: 'metadata' },
  { policy: { rules: [{ level: 'None', users: ['system:kube-proxy'], verbs: ['watch'] }, { level: 'Metadata' }], omitStages: ['RequestReceived'] } },
  { policy: 'none' },
];

const jwtOf = (name: string): NonNullable<ClusterDefinition['authentication']> => ({
  jwt: [{
    issuer: { url: 'https://login.example.com', audiences: [name] },
    claimMappings: { username: { claim: 'email', prefix: 'oidc:' }, groups: { claim: 'groups', prefix: 'oidc:' } },
  }],
});

const AUTHORIZATION: NonNullable<ClusterDefinition['authorization']> = {
  webhooks: [{
    name: 'policy.example.com', kubeconfig: 'policy-authorizer',
    webhook: { authorizedTTL: '30s', unauthorizedTTL: '10s', timeout: '3s', subjectAccessReviewVersion: 'v1', matchConditionSubjectAccessReviewVersion: 'v1', failurePolicy: 'NoOpinion' },
  }],
};

const ADMISSION: NonNullable<ClusterDefinition['admission']> = {
  enable: ['AlwaysPullImages', 'EventRateLimit'],
  configuration: {
    EventRateLimit: { apiVersion: 'eventratelimit.admission.k8s.io/v1alpha1', kind: 'Configuration', limits: [{ type: 'Namespace', qps: 50, burst: 100, cacheSize: 2000 }] },
  },
};

const ENCRYPTIONS: readonly NonNullable<ClusterDefinition['encryption']>[] = [
  { provider: 'secretbox', resources: ['secrets', 'configmaps'] },
  { provider: 'aescbc', resources: ['secrets'] },
  { provider: 'kms', resources: ['secrets'], kms: { name: 'vault', endpoint: 'unix:///run/kms/vault.sock' } },
  { provider: 'none' },
];
