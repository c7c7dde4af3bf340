import { defineCluster } from 'kubewright';
import { SHARED_HOST } from '../lab/shared-host.ts';

/** Its nodes are in a network of their own, where only the API server has a second interface. */
export const multus = defineCluster({
  name: 'multus',
  meta: 'lab',
  kubernetes: '1.34.4',
  mode: 'minimal',
  endpoint: { host: 'api.multus.test', address: '10.239.0.11', expose: { type: 'nodePort', nodePort: 30044 } },
  network: { pods: '10.228.0.0/16', services: '10.229.0.0/20', cni: { type: 'routes' }, kubeProxy: { configuration: { conntrack: { maxPerCore: 0 } } } },
  nodes: { access: { type: 'multus', network: 'networks/nodes' }, kubelet: SHARED_HOST },
  etcd: { storage: { claimTemplate: { storageClass: 'local', size: '2Gi' } }, quota: '512Mi' },
  components: { apiserver: { drainSeconds: 5, args: { 'max-requests-inflight': '400' } } },
});
