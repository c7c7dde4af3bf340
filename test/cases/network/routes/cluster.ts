import { defineCluster } from 'kubewright';

/** Each node's ranges, of both families, are routed by the network around it; Services are reached by nftables. */
export const cluster = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.36.3',
  mode: 'minimal',
  endpoint: { host: 'api.prod.example.com', address: '10.20.0.11', expose: { type: 'loadBalancer' } },
  network: {
    pods: ['10.64.0.0/14', 'fd20:64::/48'],
    services: ['10.32.0.0/16', 'fd20:32::/112'],
    cni: { type: 'routes' },
    kubeProxy: { mode: 'nftables', configuration: { nodePortAddresses: ['primary'] } },
  },
  etcd: { storage: { claimTemplate: { size: '16Gi' } } },
});
