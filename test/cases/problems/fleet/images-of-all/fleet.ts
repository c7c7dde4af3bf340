import { defineFleet } from 'kubewright';
import { meta } from './meta.ts';

export const fleet = defineFleet({
  name: 'cases',
  metaClusters: [meta],
  clusters: [],
  images: { registry: 'https://mirror.example.com/k8s', digests: { 'registry.k8s.io/etcd:3.6.16-0': 'sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef' } },
  sealing: { certificate: 'sealing.pem' },
});
