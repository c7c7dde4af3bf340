import { defineCluster } from 'kubewright';

/** Snapshots are on a claim beside etcd's own, of hosts whose volumes outlive their claims. */
export const cluster = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.35.4',
  mode: 'minimal',
  state: 'decommissioning',
  endpoint: { host: 'api.prod.example.com', address: '10.20.0.11', expose: { type: 'loadBalancer' } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  etcd: {
    storage: { local: { path: '/srv/etcd', size: '16Gi', hosts: ['w1'] } },
    backup: { schedule: '15 */2 * * *', to: { persistentVolumeClaim: { size: '64Gi', storageClass: 'kept' } } },
  },
});
