import { defineCluster } from 'kubewright';

/** Settings of its own, snapshots to a bucket, defragmentation one member at a time. */
export const cluster = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.35.4',
  mode: 'standard',
  endpoint: { host: 'api.prod.example.com', address: '10.20.0.11', expose: { type: 'loadBalancer' } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  etcd: {
    version: '3.6.16',
    storage: { claimTemplate: { size: '32Gi' } },
    quota: '8Gi',
    settings: { 'heartbeat-interval': 250, 'election-timeout': 2500 },
    resources: { requests: { cpu: '2', memory: '8Gi' }, limits: { memory: '16Gi' } },
    backup: {
      schedule: '15 */2 * * *',
      keep: '30d',
      to: { s3: { endpoint: 'https://s3.example.com', region: 'east', bucket: 'etcd', prefix: 'prod', credentials: 'etcd-backup-s3' } },
    },
    defragmentation: { schedule: '30 3 * * 6' },
  },
});
