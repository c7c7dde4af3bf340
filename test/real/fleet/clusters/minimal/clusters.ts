import { defineCluster } from 'kubewright';

/** The smallest control plane of each supported minor; every kind of storage comes up once. */
const RELEASES = [
  { name: 'minimal-v1-33', kubernetes: '1.33.13', nodePort: 30013, storage: { emptyDir: {} } },
  { name: 'minimal-v1-34', kubernetes: '1.34.4', nodePort: 30014, storage: { claimTemplate: { storageClass: 'local', size: '2Gi' } } },
  { name: 'minimal-v1-35', kubernetes: '1.35.4', nodePort: 30015, storage: { local: { path: '/srv/etcd/v1-35', size: '2Gi', hosts: ['lab-2'] } } },
  { name: 'minimal-v1-36', kubernetes: '1.36.3', nodePort: 30016, storage: { hostPath: { path: '/srv/etcd/v1-36', size: '2Gi', hosts: ['lab-3'] } } },
];

export const minimal = RELEASES.map(({ name, kubernetes, nodePort, storage }) => defineCluster({
  name,
  meta: 'lab',
  kubernetes,
  mode: 'minimal',
  endpoint: { host: `api.${name}.test`, address: '10.239.0.11', expose: { type: 'nodePort', nodePort } },
  network: { pods: '10.200.0.0/16', services: '10.201.0.0/20' },
  nodes: { access: { type: 'direct' } },
  etcd: { storage, quota: '512Mi' },
}));
