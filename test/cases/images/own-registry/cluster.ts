import { defineCluster } from 'kubewright';

/** Everything from one registry, some of it from a mirror, two images by their digests. Machines are told the same. */
export const cluster = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.35.4',
  mode: 'minimal',
  endpoint: { host: 'api.prod.example.com', address: '10.20.0.11', expose: { type: 'loadBalancer' } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  etcd: { storage: { claimTemplate: { size: '16Gi' } } },
  images: {
    registry: 'registry.example.com/k8s',
    mirrors: { 'gcr.io': 'mirror.example.com/gcr' },
    digests: {
      'kube-scheduler:v1.35.4': 'sha256:4b1f2e3d5c6a79884b1f2e3d5c6a79884b1f2e3d5c6a79884b1f2e3d5c6a7988',
      'pause:3.10.1': 'sha256:79884b1f2e3d5c6a79884b1f2e3d5c6a79884b1f2e3d5c6a79884b1f2e3d5c6a',
    },
    pullSecrets: ['registry-login'],
    pullPolicy: 'Always',
  },
  components: { apiserver: { image: 'registry.example.com/patched/kube-apiserver:v1.35.4-patch.1' } },
});
