import { addon, defineCluster } from 'kubewright';

/** Limits: a bound of a schema may be that large, a default may not. The digits of a number in a definition are lost before anybody sees them. */
export const cluster = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.35.4',
  mode: 'minimal',
  endpoint: { host: 'api.prod.example.com', address: '10.20.0.11', expose: { type: 'loadBalancer' } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  etcd: { storage: { claimTemplate: { size: '16Gi' } } },
  addons: [
    addon('limits', { template: './addons/limits', version: '1' }),
    addon('halves', { template: './addons/halves', version: '1' }),
    addon('numbers', { construct: () => [{ apiVersion: 'example.com/v1', kind: 'Limit', metadata: { name: 'all' }, spec: { bytes: 2 ** 60 } }] }),
  ],
});
