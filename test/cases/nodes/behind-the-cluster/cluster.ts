import { defineCluster } from 'kubewright';

/** Machines two minors behind, with kubelets whose certificates somebody approves. */
export const cluster = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.36.3',
  mode: 'standard',
  endpoint: { host: 'api.prod.example.com', address: '10.20.0.11', expose: { type: 'loadBalancer' } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16', nodeMask: { ipv4: 26 } },
  nodes: {
    kubernetes: '1.34.4',
    kubelet: { serverTLSBootstrap: true, systemReserved: { cpu: '200m', memory: '512Mi' }, authentication: { webhook: { cacheTTL: '1m' } }, healthzPort: null },
  },
  etcd: { storage: { claimTemplate: { size: '16Gi' } } },
});
