import { defineCluster } from 'kubewright';
import { SHARED_HOST } from '../lab/shared-host.ts';

/** One address and one port for both: the Gateway tells them apart by the names that clients ask for. */
const behind = (name: string) => ({
  host: `api.${name}.test`, address: '10.239.0.140',
  expose: { type: 'gateway' as const, gateway: { namespace: 'ingress', name: 'control-planes', listener: 'tls' } },
});

/** Two API servers, one of which may go while Pods ask. */
const one = defineCluster({
  name: 'gateway-one',
  meta: 'lab',
  kubernetes: '1.34.4',
  mode: 'minimal',
  endpoint: behind('gateway-one'),
  network: { pods: '10.205.0.0/16', services: '10.206.0.0/20', cni: { type: 'routes' }, kubeProxy: { configuration: { conntrack: { maxPerCore: 0 } } } },
  nodes: { kubelet: SHARED_HOST },
  etcd: { storage: { emptyDir: {} }, quota: '512Mi' },
  components: { apiserver: { replicas: 2, drainSeconds: 5 } },
});

/** Another minor, another network and another kube-proxy, and an address of its own choice for the agents. */
const two = defineCluster({
  name: 'gateway-two',
  meta: 'lab',
  kubernetes: '1.36.3',
  mode: 'minimal',
  endpoint: { ...behind('gateway-two'), expose: { ...behind('gateway-two').expose, inCluster: { address: '172.31.255.1' } } },
  network: { pods: '10.207.0.0/16', services: '10.208.0.0/20', cni: { type: 'flannel' }, kubeProxy: { mode: 'nftables', configuration: { conntrack: { maxPerCore: 0 } } } },
  nodes: { kubelet: SHARED_HOST },
  etcd: { storage: { emptyDir: {} }, quota: '512Mi' },
});

export const gated = [one, two];
