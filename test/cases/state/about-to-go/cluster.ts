import { defineCluster } from 'kubewright';

/** Nothing protects its state any more, and a last snapshot goes to where the others are. */
export const cluster = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.35.4',
  mode: 'standard',
  state: 'decommissioning',
  endpoint: { host: 'api.prod.example.com', address: '10.20.0.11', expose: { type: 'loadBalancer' } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  etcd: {
    storage: { claimTemplate: { size: '16Gi' } },
    members: [{}, { generation: 1 }],
    backup: { schedule: '15 */2 * * *', to: { s3: { endpoint: 'https://s3.example.com', bucket: 'etcd-backups', credentials: 'etcd-backup-s3' } } },
  },
});
