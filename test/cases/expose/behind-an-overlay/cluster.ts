import { defineCluster } from 'kubewright';

/** A port on every node of a meta cluster whose network plugin is an overlay: whoever comes by it comes from the Pod range. */
export const cluster = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.35.4',
  mode: 'minimal',
  endpoint: { host: 'api.prod.example.com', address: '10.20.2.1', expose: { type: 'nodePort', nodePort: 30443 } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  nodes: { access: { type: 'konnectivity', nodePort: 30444 } },
  etcd: { storage: { claimTemplate: { size: '16Gi' } } },
});
