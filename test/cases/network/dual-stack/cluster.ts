import { defineCluster } from 'kubewright';

/** Two families, ranges for nodes of both, a DNS domain of its own. */
export const cluster = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.35.4',
  mode: 'minimal',
  endpoint: { host: 'api.prod.example.com', address: '10.20.0.11', expose: { type: 'loadBalancer' } },
  network: {
    pods: ['10.64.0.0/14', 'fd20:64::/48'],
    services: ['10.32.0.0/16', 'fd20:32::/112'],
    nodeMask: { ipv4: 25, ipv6: 64 },
    dnsDomain: 'prod.local',
  },
  etcd: { storage: { claimTemplate: { size: '16Gi' } } },
});
