import { defineCluster } from 'kubewright';

/** Agents dial another name and another port than clients of the API. */
export const cluster = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.35.4',
  mode: 'minimal',
  endpoint: { host: 'api.prod.example.com', address: '10.20.0.11', expose: { type: 'loadBalancer' } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  nodes: {
    access: {
      type: 'konnectivity',
      host: 'tunnels.prod.example.com',
      port: 443,
      resources: { requests: { cpu: '1', memory: '1Gi' } },
      agentResources: { limits: { memory: '128Mi' } },
    },
  },
  etcd: { storage: { claimTemplate: { size: '16Gi' } } },
});
