import { addon, defineCluster, defineFleet } from 'kubewright';
import { meta } from './meta.ts';

/** Everything that a tool has to do with: two etcds' stages, a claim, a volume, Jobs, somebody's own kinds, and a namespace. */
const prod = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.35.4',
  mode: 'minimal',
  endpoint: { host: 'api.prod.example.com', address: '10.20.0.11', expose: { type: 'loadBalancer' } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  etcd: {
    storage: { hostPath: { path: '/srv/etcd', size: '32Gi', hosts: ['w1'] } },
    backup: { schedule: '15 3 * * *', to: { persistentVolumeClaim: { size: '64Gi' } } },
  },
  namespaces: [{ name: 'shop' }],
  addons: [addon('orchard', { template: './addons/orchard', version: '1.0.0' })],
});

export const fleet = defineFleet({
  name: 'cases', metaClusters: [meta], clusters: [prod], sealing: { certificate: 'sealing.pem' },
  delivery: { tool: 'both', repository: 'https://git.example.com/platform/clusters.git', branch: 'main', flux: { credentials: 'clusters-git' } },
});
