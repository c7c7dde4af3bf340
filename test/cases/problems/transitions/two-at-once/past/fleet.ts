import { defineCluster, defineFleet } from 'kubewright';
import { meta } from './meta.ts';

export const prod = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.34.4',
  mode: 'minimal',
  endpoint: { host: 'api.prod.example.com', address: '10.20.0.11', expose: { type: 'loadBalancer' } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  etcd: { storage: { claimTemplate: { size: '16Gi', storageClass: 'fast' } } },
});

export const shop = defineCluster({
  name: 'shop',
  meta: 'meta',
  kubernetes: '1.34.4',
  mode: 'minimal',
  endpoint: { host: 'api.shop.example.com', address: '10.20.0.12', expose: { type: 'loadBalancer' } },
  network: { pods: '10.80.0.0/14', services: '10.33.0.0/16' },
  etcd: { storage: { claimTemplate: { size: '16Gi', storageClass: 'fast' } } },
  state: 'hibernated',
});

export const fleet = defineFleet({
  name: 'cases', metaClusters: [meta], clusters: [prod, shop], sealing: { certificate: 'sealing.pem' },
});
