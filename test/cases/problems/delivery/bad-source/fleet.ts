import { defineFleet } from 'kubewright';
import { meta } from './meta.ts';

export const fleet = defineFleet({
  name: 'cases',
  metaClusters: [meta],
  clusters: [],
  delivery: {
    tool: 'flux',
    repository: 'https://bot:hunter2@git.example.com/platform/clusters.git',
    branch: 'refs/heads/main',
    path: '../dist',
    argocd: { namespace: 'gitops' },
  },
  sealing: { certificate: 'sealing.pem' },
});
