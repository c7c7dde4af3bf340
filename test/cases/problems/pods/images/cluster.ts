import { defineCluster } from 'kubewright';

export const cluster = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.35.4',
  mode: 'minimal',
  endpoint: { host: 'api.prod.example.com', address: '10.20.0.11', expose: { type: 'loadBalancer' } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  etcd: { storage: { claimTemplate: { size: '16Gi' } } },
  images: { registry: 'https://mirror.example.com', mirrors: { 'registry.k8s.io/coredns': 'mirror.example.com/dns' }, digests: { 'registry.k8s.io/pause:3.10': 'sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef' } },
  components: { apiserver: { image: 'mirror.example.com/kube-apiserver' }, scheduler: { image: 'mirror.example.com/kube-scheduler:v1.34.4' } },
});
