import { defineCluster } from 'kubewright';

/** The smallest control plane, which nothing joins: a measure of itself, and a neighbour. */
export const minimal = defineCluster({
  name: 'minimal-v1-34',
  meta: 'lab',
  kubernetes: '1.34.4',
  mode: 'minimal',
  endpoint: { host: 'api.minimal-v1-34.test', address: '10.239.0.11', expose: { type: 'nodePort', nodePort: 30014 } },
  network: { pods: '10.200.0.0/16', services: '10.201.0.0/20' },
  nodes: { access: { type: 'direct' } },
  etcd: { storage: { claimTemplate: { storageClass: 'local', size: '2Gi' } }, quota: '512Mi' },
});
