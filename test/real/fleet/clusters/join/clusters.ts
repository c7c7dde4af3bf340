import { defineCluster, type ClusterDefinition } from 'kubewright';
import { SHARED_HOST } from '../lab/shared-host.ts';

type Network = ClusterDefinition['network'];

/** Nodes here are namespaces of one host: nothing of the host is theirs to set, and the network between them is routed where no cluster brings its own. */
const NODES = { kubelet: SHARED_HOST };
const network = ({ kubeProxy, ...given }: Network): Network =>
  ({ cni: { type: 'routes' }, ...given, kubeProxy: { ...kubeProxy, configuration: { conntrack: { maxPerCore: 0 } } } });
const SMALL = { requests: { cpu: '50m', memory: '128Mi' } };
/** Whoever asks for more comes first where processors are scarce: an etcd that is kept waiting elects. */
const FIRST = { requests: { cpu: '250m', memory: '128Mi' } };

/** Three API servers behind a load balancer, and behind them the tunnel to nodes that they cannot reach. */
const joined = defineCluster({
  name: 'join',
  meta: 'lab',
  kubernetes: '1.34.4',
  mode: 'standard',
  endpoint: { host: 'api.join.test', address: '10.239.0.120', expose: { type: 'loadBalancer' } },
  network: network({ pods: '10.220.0.0/16', services: '10.221.0.0/20' }),
  nodes: NODES,
  etcd: { storage: { claimTemplate: { storageClass: 'local', size: '2Gi' } }, resources: FIRST, quota: '512Mi' },
  components: { apiserver: { resources: SMALL, drainSeconds: 5 }, controllerManager: { resources: SMALL }, scheduler: { resources: SMALL } },
});

/** A node port of the meta cluster's first machine for the API, and one for tunnels. */
const onNodePorts = (nodePort: number, tunnels: number) =>
  ({ exposed: { address: '10.239.0.11', expose: { type: 'nodePort' as const, nodePort } }, tunnels: { nodePort: tunnels } });

/** DNS leads to the API server's Pod, which is routed to and tells the inside of its address by itself. */
const ON_PODS = { exposed: { expose: { type: 'dnsRoundRobin' as const } }, tunnels: {} };

/** The other minors, with nodes of their own release and of older ones, and with each storage, network, kube-proxy and exposure that runs here. */
const RELEASES = [
  { name: 'join-v1-33', kubernetes: '1.33.13', ...ON_PODS, storage: { emptyDir: {} }, given: { pods: '10.222.0.0/16', services: '10.223.0.0/20' } },
  { name: 'join-v1-35', kubernetes: '1.35.4', ...onNodePorts(30025, 30035), storage: { local: { path: '/srv/etcd/v1-35', size: '2Gi', hosts: ['lab-2'] } }, given: { pods: '10.224.0.0/16', services: '10.225.0.0/20', cni: { type: 'flannel' as const } } },
  { name: 'join-v1-36', kubernetes: '1.36.3', ...onNodePorts(30026, 30036), storage: { hostPath: { path: '/srv/etcd/v1-36', size: '2Gi', hosts: ['lab-3'] } }, given: { pods: '10.226.0.0/16', services: '10.227.0.0/20', kubeProxy: { mode: 'nftables' as const } } },
];

const alone = RELEASES.map(({ name, kubernetes, exposed, tunnels, storage, given }) => defineCluster({
  name,
  meta: 'lab',
  kubernetes,
  mode: 'minimal',
  endpoint: { host: `api.${name}.test`, ...exposed },
  network: network(given),
  nodes: { ...NODES, access: { type: 'konnectivity', ...tunnels } },
  etcd: { storage, quota: '512Mi' },
}));

export const joining = [joined, ...alone];
