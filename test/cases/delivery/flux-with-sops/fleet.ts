import { defineCluster, defineFleet } from 'kubewright';
import { meta } from './meta.ts';

/** Whole Secrets, for people, for what runs, and for Flux itself; no controller opens them. */
const prod = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.35.4',
  mode: 'minimal',
  endpoint: { host: 'api.prod.example.com', address: '10.20.0.11', expose: { type: 'loadBalancer' } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  etcd: { storage: { claimTemplate: { size: '16Gi' } } },
  encryption: { provider: 'secretbox' },
  users: [{ name: 'ann', groups: ['staff'] }],
});

export const fleet = defineFleet({
  name: 'cases', metaClusters: [meta], clusters: [prod],
  sealing: { recipients: ['age1p4g387vgy4pz6rtnnp0vmgu06nkhn4cpz7sfv05lj653lekh49usu6gws7'] },
  delivery: { tool: 'flux', repository: 'https://git.example.com/platform/clusters.git', branch: 'main', flux: { decryption: 'sops-age' } },
});
