import { defineCluster } from 'kubewright';

/** No etcd of its own: a store that speaks its API. */
export const cluster = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.35.4',
  mode: 'minimal',
  endpoint: { host: 'api.prod.example.com', address: '10.20.0.11', expose: { type: 'loadBalancer' } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  datastore: {
    external: {
      endpoints: ['https://kubebrain-1.example.com:3379', 'https://kubebrain-2.example.com:3379'],
      prefix: '/registry/prod',
      credentials: 'kubebrain-client',
      networks: ['10.21.0.0/24'],
      compaction: 'datastore',
    },
  },
});
