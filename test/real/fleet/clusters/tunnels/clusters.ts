import { defineCluster } from 'kubewright';

/** Processes of each supported minor run on this host, without machines: agents find their servers on loopback. */
const RELEASES = [
  { name: 'tunnels-v1-33', kubernetes: '1.33.13', address: '10.239.0.133' },
  { name: 'tunnels-v1-34', kubernetes: '1.34.4', address: '10.239.0.134' },
  { name: 'tunnels-v1-35', kubernetes: '1.35.4', address: '10.239.0.135' },
  { name: 'tunnels-v1-36', kubernetes: '1.36.3', address: '10.239.0.136' },
];

export const tunnels = RELEASES.map(({ name, kubernetes, address }) => defineCluster({
  name,
  meta: 'lab',
  kubernetes,
  mode: 'minimal',
  endpoint: { host: `api.${name}.test`, address, expose: { type: 'loadBalancer' } },
  network: { pods: '10.204.0.0/16', services: '10.205.0.0/20' },
  nodes: { access: { type: 'konnectivity', host: 'localhost' } },
  etcd: { storage: { emptyDir: {} }, quota: '512Mi' },
  audit: { policy: 'none' },
  encryption: { provider: 'none' },
}));
