import { defineCluster } from 'kubewright';

/** A load balancer of a class of its own, for some networks only. */
export const cluster = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.35.4',
  mode: 'minimal',
  endpoint: {
    host: 'api.prod.example.com',
    address: '10.20.0.11',
    expose: {
      type: 'loadBalancer',
      class: 'lb.example.com/internal',
      annotations: { 'lb.example.com/subnet': 'control-planes' },
      sourceRanges: ['10.0.0.0/8', '192.168.0.0/16'],
    },
  },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  etcd: { storage: { claimTemplate: { size: '16Gi' } } },
});
