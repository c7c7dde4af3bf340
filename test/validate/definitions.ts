import type { ClusterDefinition, MetaClusterDefinition } from '../../lib/model/definition.ts';

/** A cluster without a problem; each test spoils one thing of it. */
export const cluster = (change: Partial<ClusterDefinition> = {}): ClusterDefinition => ({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.34.4',
  mode: 'standard',
  endpoint: { host: 'api.prod.example.com', address: '10.20.0.11', expose: { type: 'loadBalancer' } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  etcd: { storage: { claimTemplate: { size: '32Gi' } } },
  ...change,
});

export const meta = (change: Partial<MetaClusterDefinition> = {}): MetaClusterDefinition => ({
  name: 'meta',
  kubernetes: '1.34.4',
  endpoint: { host: 'api.meta.example.com' },
  network: { pods: '10.128.0.0/16', services: '10.129.0.0/16', machines: ['10.20.0.0/16'] },
  controlPlane: [{ name: 'm1', address: '10.20.0.1' }, { name: 'm2', address: '10.20.0.2' }, { name: 'm3', address: '10.20.0.3' }],
  workers: [{ name: 'w1', address: '10.20.1.1' }],
  ...change,
});
