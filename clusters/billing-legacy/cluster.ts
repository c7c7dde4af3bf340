import { defineCluster } from 'kubewright';

/** On its way out: hibernated, everything at zero, its data kept on a folder of one host. */
export const billingLegacy = defineCluster({
  name: 'billing-legacy',
  meta: 'hangzhou-meta',
  state: 'hibernated',
  kubernetes: '1.33.13',
  mode: 'minimal',
  endpoint: {
    host: 'api.billing-legacy.example.com',
    address: '10.20.0.15',
    port: 8443,
    expose: { type: 'loadBalancer' },
  },
  network: { pods: '10.96.0.0/16', services: '10.97.0.0/20', cni: { type: 'routes' } },
  // Its nodes are in a network of their own, into which the API server has a second interface.
  nodes: { access: { type: 'multus', network: 'networks/billing' } },
  metricsServer: { enabled: false },
  images: {
    registry: 'registry.billing.example.com/k8s',
    pullSecrets: ['billing-registry'],
    pullPolicy: 'Always',
    digests: { 'kube-scheduler:v1.33.13': 'sha256:4b1f2e3d5c6a798877665544332211000f1e2d3c4b5a69788796a5b4c3d2e1f0' },
  },
  etcd: {
    storage: { hostPath: { path: '/srv/etcd/billing-legacy', size: '20Gi', hosts: ['master-b1'] } },
  },
  audit: { policy: 'none' },
  encryption: { provider: 'none' },
});
