import { defineCluster } from 'kubewright';
import { SHARED_HOST } from '../lab/shared-host.ts';

/** Nodes here are namespaces of one host: the network between them is routed, and nothing of the host is theirs to set. */
const NODES = { kubelet: SHARED_HOST };
const network = (pods: string, services: string) =>
  ({ pods, services, cni: { type: 'routes' as const }, kubeProxy: { configuration: { conntrack: { maxPerCore: 0 } } } });
const SMALL = { requests: { cpu: '50m', memory: '128Mi' } };

/** Three API servers behind a load balancer, and behind them the tunnel to nodes that they cannot reach. */
const joined = defineCluster({
  name: 'join',
  meta: 'lab',
  kubernetes: '1.34.4',
  mode: 'standard',
  endpoint: { host: 'api.join.test', address: '10.239.0.120', expose: { type: 'loadBalancer' } },
  network: network('10.220.0.0/16', '10.221.0.0/20'),
  nodes: NODES,
  etcd: { storage: { claimTemplate: { storageClass: 'local', size: '2Gi' } }, resources: SMALL, quota: '512Mi' },
  components: { apiserver: { resources: SMALL, drainSeconds: 5 }, controllerManager: { resources: SMALL }, scheduler: { resources: SMALL } },
});

/** The other minors, with nodes of their own release and of older ones. */
const RELEASES = [
  { name: 'join-v1-33', kubernetes: '1.33.13', nodePort: 30023, tunnelPort: 30033 },
  { name: 'join-v1-35', kubernetes: '1.35.4', nodePort: 30025, tunnelPort: 30035 },
  { name: 'join-v1-36', kubernetes: '1.36.3', nodePort: 30026, tunnelPort: 30036 },
];

const alone = RELEASES.map(({ name, kubernetes, nodePort, tunnelPort }) => defineCluster({
  name,
  meta: 'lab',
  kubernetes,
  mode: 'minimal',
  endpoint: { host: `api.${name}.test`, address: '10.239.0.11', expose: { type: 'nodePort', nodePort } },
  network: network('10.222.0.0/16', '10.223.0.0/20'),
  nodes: { ...NODES, access: { type: 'konnectivity', nodePort: tunnelPort } },
  etcd: { storage: { emptyDir: {} }, quota: '512Mi' },
}));

export const joining = [joined, ...alone];
