import { defineCluster, type ClusterDefinition } from 'kubewright';
import { SHARED_HOST } from '../lab/shared-host.ts';

type NodeAccess = NonNullable<NonNullable<ClusterDefinition['nodes']>['access']>;
type Given = Pick<ClusterDefinition, 'endpoint' | 'network'> & { readonly access: NodeAccess };

/** Two API servers, one of which may go while Pods ask. Balancers and DNS forget it within the drain. */
const way = (name: string, { endpoint, network, access }: Given): ClusterDefinition => defineCluster({
  name,
  meta: 'lab',
  kubernetes: '1.34.4',
  mode: 'minimal',
  endpoint,
  network: { cni: { type: 'routes' }, kubeProxy: { configuration: { conntrack: { maxPerCore: 0 } } }, ...network },
  nodes: { kubelet: SHARED_HOST, access },
  etcd: { storage: { emptyDir: {} }, quota: '512Mi' },
  components: { apiserver: { replicas: 2, drainSeconds: 5 } },
});

export const ways = [
  way('way-node-port', {
    endpoint: { host: 'api.way-node-port.test', address: '10.239.0.11', expose: { type: 'nodePort', nodePort: 30027 } },
    network: { pods: '10.209.0.0/16', services: '10.210.0.0/20' },
    // Nodes and Pods are routed to from the meta cluster's Pods, as in one VPC.
    access: { type: 'direct' },
  }),
  way('way-round-robin', {
    endpoint: { host: 'api.way-round-robin.test', expose: { type: 'dnsRoundRobin', ttl: 1 } },
    network: { pods: '10.211.0.0/16', services: '10.212.0.0/20' },
    access: { type: 'konnectivity' },
  }),
];
