import { defineCluster } from 'kubewright';

/** DNS and metrics as their author wants them. */
export const cluster = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.35.4',
  mode: 'standard',
  endpoint: { host: 'api.prod.example.com', address: '10.20.0.11', expose: { type: 'loadBalancer' } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16', dnsDomain: 'prod.local' },
  dns: {
    version: '1.13.2',
    replicas: 4,
    corefile: '.:53 {\n    errors\n    ready\n    health\n    forward . /etc/resolv.conf\n}\n',
    resources: { requests: { memory: '256Mi' } },
  },
  metricsServer: { replicas: 1, args: { 'metric-resolution': '30s', 'kubelet-use-node-status-port': null }, resources: { requests: { cpu: '1' } } },
  etcd: { storage: { claimTemplate: { size: '16Gi' } } },
});
