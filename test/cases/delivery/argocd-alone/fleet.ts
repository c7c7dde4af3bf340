import { defineCluster, defineFleet, type ClusterDefinition } from 'kubewright';
import { meta } from './meta.ts';

const small = (name: string, index: number, change: Partial<ClusterDefinition>): ClusterDefinition => defineCluster({
  name,
  meta: 'meta',
  kubernetes: '1.36.3',
  mode: 'minimal',
  endpoint: { host: `api.${name}.example.com`, address: `10.20.0.${index}`, expose: { type: 'loadBalancer' } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  etcd: { storage: { claimTemplate: { size: '16Gi' } } },
  ...change,
});

/** One of which nobody applies anything for now, and one that sleeps: nobody answers inside. Argo CD and dist/ are elsewhere than usual. */
export const fleet = defineFleet({
  name: 'cases', metaClusters: [meta], sealing: { certificate: 'sealing.pem' },
  clusters: [small('repaired', 21, { delivery: { suspended: 'etcd is being restored by hand' } }), small('asleep', 22, { state: 'hibernated' })],
  delivery: { tool: 'argocd', repository: 'ssh://git@git.example.com/clusters.git', branch: 'release/2026', path: '.', argocd: { namespace: 'gitops' } },
});
