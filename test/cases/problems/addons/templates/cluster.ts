import { addon, defineCluster } from 'kubewright';

/** Files that are no objects, a version that is not there, a schema that nobody understands, and two of one name. */
export const cluster = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.35.4',
  mode: 'minimal',
  endpoint: { host: 'api.prod.example.com', address: '10.20.0.11', expose: { type: 'loadBalancer' } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  etcd: { storage: { claimTemplate: { size: '16Gi' } } },
  addons: [
    addon('disks', { template: './addons/disks', version: '1.0.1' }),
    addon('torn', { template: './addons/torn', version: '1' }),
    addon('torn', { template: './addons/nowhere', version: '1' }),
    addon('odd', { template: './addons/odd', version: '1' }),
    addon('pattern', { template: './addons/odd', version: '2' }),
  ],
});
