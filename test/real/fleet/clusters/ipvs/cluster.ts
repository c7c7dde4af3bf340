import { defineCluster } from 'kubewright';
import { SHARED_HOST } from '../lab/shared-host.ts';

/** Services by IPVS, and one of them leads to an address that the node gives itself. */
export const ipvs = defineCluster({
  name: 'ipvs',
  meta: 'lab',
  kubernetes: '1.34.4',
  mode: 'minimal',
  endpoint: {
    host: 'api.ipvs.test', address: '10.239.0.140',
    expose: { type: 'gateway', gateway: { namespace: 'ingress', name: 'control-planes', listener: 'tls' } },
  },
  network: { pods: '10.213.0.0/16', services: '10.214.0.0/20', cni: { type: 'routes' }, kubeProxy: { mode: 'ipvs' } },
  nodes: { kubelet: SHARED_HOST },
  metricsServer: { enabled: false },
  etcd: { storage: { emptyDir: {} }, quota: '512Mi' },
});
