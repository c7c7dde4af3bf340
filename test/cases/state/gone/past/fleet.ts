import { defineCluster, defineFleet } from 'kubewright';
import { meta } from './meta.ts';

export const prod = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.34.4',
  mode: 'minimal',
  state: 'decommissioning',
  endpoint: { host: 'api.prod.example.com', address: '10.20.0.11', expose: { type: 'loadBalancer' } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  etcd: { withoutFinalSnapshot: 'made for a load test', storage: { claimTemplate: { size: '16Gi', storageClass: 'fast' } } },
});

export const fleet = defineFleet({
  name: 'cases', metaClusters: [meta], clusters: [prod], sealing: { certificate: 'sealing.pem' },
});
