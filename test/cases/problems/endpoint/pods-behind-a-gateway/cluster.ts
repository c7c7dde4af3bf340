import { defineCluster } from 'kubewright';

/** Pods would look for the gateway on their own node, and by a name that leads to the tunnels. */
export const cluster = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.35.4',
  mode: 'minimal',
  endpoint: {
    host: 'api.prod.example.com',
    address: '10.20.0.11',
    expose: {
      type: 'gateway',
      gateway: { namespace: 'ingress', name: 'control-planes' },
      inCluster: { address: '10.20.0.11', host: 'konnectivity.api.prod.example.com' },
    },
  },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  etcd: { storage: { claimTemplate: { size: '16Gi' } } },
});
