import { defineCluster } from 'kubewright';

/** A name in DNS that leads to the Pods themselves; each API server has an address of its own. */
export const cluster = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.35.4',
  mode: 'standard',
  endpoint: { host: 'api.prod.example.com', expose: { type: 'dnsRoundRobin', ttl: 15 } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  etcd: { storage: { claimTemplate: { size: '16Gi' } } },
});
