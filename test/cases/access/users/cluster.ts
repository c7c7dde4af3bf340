import { defineCluster } from 'kubewright';

/** A kubeconfig for each of two users, one of them for a short time, and what they and others may do. */
export const cluster = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.35.4',
  mode: 'minimal',
  endpoint: { host: 'api.prod.example.com', address: '10.20.0.11', expose: { type: 'loadBalancer' } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  etcd: { storage: { claimTemplate: { size: '16Gi' } } },
  users: [
    { name: 'payments-ci', groups: ['deployers'] },
    { name: 'jo@example.com', groups: ['operators', 'viewers'], lifetime: '90d' },
  ],
  bindings: [
    { clusterRole: 'view', groups: ['viewers', 'oidc:support'] },
    { clusterRole: 'admin', groups: ['operators'], users: ['payments-ci', 'oidc:max@example.com'] },
    // One that somebody brings.
    { clusterRole: 'example.com:deployer', groups: ['deployers', 'deployers'] },
  ],
  certificates: { leaf: '180d', authority: '1825d', renewBefore: '60d', bits: 2048, extraHosts: ['api.internal.example.com', '10.9.8.7'] },
});
