import { defineFleet } from 'kubewright';
import { meta } from './meta.ts';

export const fleet = defineFleet({
  name: 'cases', metaClusters: [meta], clusters: [], sealing: { certificate: 'sealing.pem' },
  delivery: { tool: 'argocd', repository: 'http://git.example.com/platform/clusters.git', branch: 'main' },
});
