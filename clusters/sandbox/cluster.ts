import { defineCluster } from 'kubewright';

/** The smallest cluster that there is: one of everything, and data that is lost with its Pod. */
export const sandbox = defineCluster({
  name: 'sandbox',
  meta: 'hangzhou-meta',
  kubernetes: '1.36.3',
  mode: 'minimal',
  endpoint: {
    host: 'api.sandbox.example.com',
    address: '10.20.0.12',
    // Of the first 86 node ports Kubernetes gives none away by itself.
    expose: { type: 'nodePort', nodePort: 30043 },
  },
  network: { pods: '10.200.0.0/16', services: '10.201.0.0/20' },
  nodes: { access: { type: 'konnectivity', nodePort: 30044 } },
  etcd: { storage: { emptyDir: { sizeLimit: '4Gi' } }, quota: '2Gi' },
});
