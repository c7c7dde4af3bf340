import { addon, defineCluster } from 'kubewright';

/** Names that are not declared, a value that is missing, and values of other kinds. */
export const cluster = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.35.4',
  mode: 'minimal',
  endpoint: { host: 'api.prod.example.com', address: '10.20.0.11', expose: { type: 'loadBalancer' } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  etcd: { storage: { claimTemplate: { size: '16Gi' } } },
  addons: [
    addon('disks', {
      template: './addons/disks', version: '1.0.0',
      parameters: { replica: 2, zone: 'c', sizes: ['1Gi', 2], node: { cpus: '4' } },
    }),
    addon('again', { template: './addons/plain', version: '1', parameters: { replicas: 1 } }),
  ],
});
