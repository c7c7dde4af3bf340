import { addon, defineCluster } from 'kubewright';

/** Dual stack, on local disks of three named hosts, found through DNS: no load balancer anywhere. */
export const searchProd = defineCluster({
  name: 'search-prod',
  meta: 'hangzhou-meta',
  ring: 'early',
  kubernetes: '1.34.4',
  mode: 'standard',
  masterNodeSelector: { 'kubewright.dev/pool': 'masters' },
  endpoint: { host: 'api.search-prod.example.com', expose: { type: 'dnsRoundRobin', ttl: 15 } },
  network: {
    pods: ['10.72.0.0/14', 'fd20:72::/48'],
    services: ['10.76.0.0/16', 'fd20:76::/112'],
    nodeMask: { ipv4: 24, ipv6: 64 },
    dnsDomain: 'search.local',
    // Cilium gives each node its range, and does the work of kube-proxy.
    allocateNodeRanges: false,
    cni: { type: 'none' },
    kubeProxy: { enabled: false },
  },
  // One flat network: the meta cluster's Pods and this cluster's nodes and Pods reach each other.
  nodes: { access: { type: 'direct' } },
  addons: [
    addon('node-problem-detector', {
      template: '../addons/node-problem-detector', version: '0.8.21', namespace: 'node-problem-detector',
      parameters: { registry: 'mirror.example.com/k8s', metricsPort: 20300 },
    }),
  ],
  etcd: {
    version: '3.6.16',
    storage: { local: { path: '/mnt/etcd/search-prod', size: '100Gi', hosts: ['master-a1', 'master-b1', 'master-c1'] } },
    // The disk of the third member was replaced once.
    members: [{ generation: 0 }, { generation: 0 }, { generation: 1 }],
    settings: { 'heartbeat-interval': 250, 'election-timeout': 2500 },
    backup: { schedule: '0 */4 * * *', to: { persistentVolumeClaim: { storageClass: 'local-ssd', size: '200Gi' } } },
  },
  components: {
    apiserver: { env: [{ name: 'GOGC', value: '60' }] },
    controllerManager: { version: '1.34.2', replicas: 2 },
    scheduler: { replicas: 2 },
  },
  audit: {
    policy: {
      rules: [
        { level: 'None', users: ['system:kube-proxy'], verbs: ['watch'] },
        { level: 'RequestResponse', resources: [{ group: 'rbac.authorization.k8s.io' }] },
        { level: 'Metadata' },
      ],
      omitStages: ['RequestReceived'],
    },
  },
  encryption: { provider: 'aescbc', resources: ['secrets'] },
  // Cilium enforces what keeps crawlers and index apart.
  namespaces: [{ name: 'index', isolated: true }, { name: 'crawlers', isolated: true, quota: { pods: '500' } }],
  quota: { cpu: '24', memory: '64Gi', pods: 40 },
});
