import { defineCluster, defineFleet, defineMetaCluster } from 'kubewright';
import { meta } from './meta.ts';

const other = defineMetaCluster({ ...meta, name: 'other', endpoint: { host: 'api.other.example.com' } });

export const prod = defineCluster({
  name: 'prod',
  meta: 'other',
  kubernetes: '1.34.4',
  mode: 'minimal',
  endpoint: { host: 'api.prod.example.com', address: '10.20.0.11', expose: { type: 'loadBalancer' } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  etcd: { storage: { claimTemplate: { size: '16Gi', storageClass: 'fast' } } },
});

export const fleet = defineFleet({
  name: 'cases', metaClusters: [meta, other], clusters: [prod], sealing: { certificate: 'sealing.pem' },
});
