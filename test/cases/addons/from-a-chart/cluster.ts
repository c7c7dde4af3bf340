import { addon, defineCluster } from 'kubewright';

/** A chart that `helm` renders: its definitions come first, its test is left out and told, its namespace is made. */
export const cluster = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.35.4',
  mode: 'minimal',
  endpoint: { host: 'api.prod.example.com', address: '10.20.0.11', expose: { type: 'loadBalancer' } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  etcd: { storage: { claimTemplate: { size: '16Gi' } } },
  addons: [
    addon('web', {
      chart: './addons/web',
      digest: 'sha256:b2a648708a22e5631e96058acf221214b45540c7efc76ccb0f352684c7efd725',
      version: '1.2.3',
      namespace: 'web',
      values: { replicas: 2 },
    }),
  ],
});
