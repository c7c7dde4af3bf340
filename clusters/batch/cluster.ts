import { addon, defineCluster } from 'kubewright';
import { teamBase } from '../addons/team-base.ts';

/** Many nodes, its objects in a KubeBrain that somebody else runs, its name behind a Gateway that clusters share. */
export const batch = defineCluster({
  name: 'batch',
  meta: 'hangzhou-meta',
  kubernetes: '1.36.3',
  mode: 'standard',
  masterNodeSelector: { 'kubewright.dev/pool': 'masters' },
  endpoint: {
    host: 'api.batch.example.com',
    address: '10.20.0.14',
    expose: { type: 'gateway', gateway: { namespace: 'ingress', name: 'control-planes', listener: 'tls' } },
  },
  network: {
    pods: '10.80.0.0/13',
    services: '10.88.0.0/16',
    // Few and large Pods: a node has addresses for 61 of them, and its kubelet takes no more.
    nodeMask: { ipv4: 26 },
    cni: { type: 'flannel', backend: 'host-gw' },
    kubeProxy: { mode: 'nftables' },
  },
  nodes: { kubelet: { serializeImagePulls: false, maxParallelImagePulls: 8 } },
  metricsServer: { args: { 'metric-resolution': '30s' }, resources: { requests: { cpu: '500m', memory: '1Gi' } } },
  datastore: {
    external: {
      endpoints: ['https://kubebrain-1.example.com:3379', 'https://kubebrain-2.example.com:3379'],
      prefix: '/registry/batch',
      credentials: 'kubebrain-client',
      networks: ['10.21.0.0/24'],
      compaction: 'datastore',
    },
  },
  components: {
    apiserver: {
      runtimeConfig: { 'resource.k8s.io/v1beta2': true },
      extraVolumes: [{
        name: 'kms-socket',
        mountPath: '/run/kms',
        readOnly: false,
        source: { csi: { driver: 'kms.csi.example.com', attributes: { key: 'batch' } } },
      }],
      // Jobs move off a lost node sooner; and no connection is asked to move, since the Gateway balances by itself.
      args: { 'default-unreachable-toleration-seconds': '60', 'goaway-chance': null },
    },
    scheduler: {
      profiles: [{
        schedulerName: 'bin-packing',
        pluginConfig: [{
          name: 'NodeResourcesFit',
          args: { scoringStrategy: { type: 'MostAllocated', resources: [{ name: 'cpu', weight: 1 }] } },
        }],
      }],
    },
  },
  featureGates: { GangScheduling: true, GenericWorkload: true },
  encryption: {
    provider: 'kms',
    resources: ['secrets'],
    kms: { name: 'vault', endpoint: 'unix:///run/kms/vault.sock' },
  },
  admission: { disable: ['DefaultStorageClass'] },
  addons: [
    addon('team-base', {
      construct: teamBase,
      parameters: { teams: [{ name: 'forecast', cpu: '400', memory: '1600Gi' }, { name: 'reports', cpu: '60', memory: '256Gi' }] },
    }),
  ],
});
