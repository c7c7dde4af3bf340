import { defineCluster } from 'kubewright';

// JavaScript: a type checker would have told all of this earlier.
export const cluster = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: 1.34,
  mode: 'standart',
  colour: 'red',
  endpoint: { host: 'api.prod.example.com', address: '10.20.0', expose: { type: 'nodePort' } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  etcd: { storage: { claimTemplate: { size: '8Gi' }, emptyDir: {} } },
  components: { apiserver: { replicas: 20 } },
});
