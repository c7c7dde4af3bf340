import { defineCluster } from 'kubewright';

/** On nodes of one pool, past its taint, within a quota. */
export const cluster = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.35.4',
  mode: 'minimal',
  endpoint: { host: 'api.prod.example.com', address: '10.20.0.11', expose: { type: 'loadBalancer' } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  etcd: { storage: { claimTemplate: { size: '16Gi' } } },
  masterNodeSelector: { 'kubewright.dev/pool': 'masters' },
  masterTolerations: [{ key: 'kubewright.dev/dedicated', operator: 'Equal', value: 'prod', effect: 'NoSchedule' }],
  quota: { cpu: '24', memory: '64Gi', pods: 40 },
});
