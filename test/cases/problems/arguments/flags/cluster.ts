import { defineCluster } from 'kubewright';

export const cluster = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.34.4',
  mode: 'minimal',
  endpoint: { host: 'api.prod.example.com', address: '10.20.0.11', expose: { type: 'loadBalancer' } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  etcd: { storage: { claimTemplate: { size: '16Gi' } } },
  components: {
    apiserver: {
      args: {
        'max-request-inflight': '1',
        'cloud-provider': 'external',
        'apiserver-count': '3',
        profiling: 'yes',
        'etcd-servers': 'http://x',
        'tls-cert-file': null,
        'oidc-issuer-url': 'https://login.example.com',
        'api-audiences': 'vault',
      },
    },
    controllerManager: { args: { 'cluster-signing-cert-file': '/x' } },
  },
});
