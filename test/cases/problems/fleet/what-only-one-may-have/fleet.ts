import { defineCluster, defineFleet, type ClusterDefinition, type Endpoint } from 'kubewright';
import { meta } from './meta.ts';

const small = (name: string, endpoint: Endpoint, tunnels = {}): ClusterDefinition => defineCluster({
  name,
  meta: 'meta',
  kubernetes: '1.35.4',
  mode: 'minimal',
  endpoint,
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  nodes: { access: { type: 'konnectivity', ...tunnels } },
  etcd: { storage: { hostPath: { path: '/srv/etcd', size: '32Gi', hosts: ['w1'] } } },
});

const one = small('one', { host: 'api.example.com', address: '10.20.0.21', expose: { type: 'nodePort', nodePort: 30443 } }, { nodePort: 30444 });
const two = small('two', { host: 'api.example.com', address: '10.20.0.21', expose: { type: 'nodePort', nodePort: 30443 } }, { nodePort: 30444 });
const flat = small('flat', { host: 'api.flat.example.com', expose: { type: 'dnsRoundRobin' } });
const flatToo = small('flat-too', { host: 'api.flat-too.example.com', expose: { type: 'dnsRoundRobin' } });
const again = small('one', { host: 'api.again.example.com', address: '10.20.0.22', expose: { type: 'loadBalancer' } });
const lost = { ...small('lost', { host: 'api.lost.example.com', address: '10.20.0.23', expose: { type: 'loadBalancer' } }), meta: 'mata' };

export const fleet = defineFleet({
  name: 'crowd', metaClusters: [meta], clusters: [one, two, flat, flatToo, again, lost], sealing: { certificate: 'sealing.pem' },
});
