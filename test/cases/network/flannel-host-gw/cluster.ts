import { defineCluster } from 'kubewright';

/** flannel between hosts of one network, and Services by ipvs while that is not deprecated. */
export const cluster = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.34.4',
  mode: 'minimal',
  endpoint: { host: 'api.prod.example.com', address: '10.20.0.11', expose: { type: 'loadBalancer' } },
  network: {
    pods: '10.64.0.0/14',
    services: '10.32.0.0/16',
    cni: { type: 'flannel', backend: 'host-gw' },
    kubeProxy: { mode: 'ipvs', configuration: { ipvs: { strictARP: true }, bindAddress: null } },
  },
  etcd: { storage: { claimTemplate: { size: '16Gi' } } },
});
