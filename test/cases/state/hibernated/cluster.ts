import { defineCluster } from 'kubewright';

/** Everything at zero, an autoscaler too; volumes and certificates are kept. */
export const cluster = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.35.4',
  mode: 'standard',
  endpoint: { host: 'api.prod.example.com', address: '10.20.0.11', expose: { type: 'loadBalancer' } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  etcd: {
    storage: { claimTemplate: { size: '16Gi' } },
    backup: { schedule: '0 */4 * * *', to: { persistentVolumeClaim: { size: '50Gi' } } },
    defragmentation: { schedule: '30 3 * * 6' },
  },
  state: 'hibernated',
  components: { apiserver: { autoscale: { min: 3, max: 9 } } },
});
