import { defineCluster } from 'kubewright';

/** A Gateway that clusters share, by the name that clients ask for. */
export const cluster = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.35.4',
  mode: 'minimal',
  endpoint: {
    host: 'api.prod.example.com',
    address: '10.20.0.11',
    expose: { type: 'gateway', gateway: { namespace: 'ingress', name: 'control-planes', listener: 'tls', proxyNamespace: 'envoy-gateway-system' } },
  },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  etcd: { storage: { claimTemplate: { size: '16Gi' } } },
});
