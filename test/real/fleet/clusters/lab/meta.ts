import { defineMetaCluster } from 'kubewright';
import { SHARED_HOST } from './shared-host.ts';

/** Three machines, one of them with the control plane; all of them take other clusters' control planes. */
export const lab = defineMetaCluster({
  name: 'lab',
  kubernetes: '1.34.4',
  endpoint: { host: 'api.lab.test' },
  network: { pods: '10.240.0.0/16', services: '10.241.0.0/16', machines: ['10.239.0.0/24'] },
  controlPlane: [{ name: 'lab-1', address: '10.239.0.11', taints: [], labels: { 'topology.kubernetes.io/zone': 'a' } }],
  workers: [
    { name: 'lab-2', address: '10.239.0.12', labels: { 'topology.kubernetes.io/zone': 'b' } },
    { name: 'lab-3', address: '10.239.0.13', labels: { 'topology.kubernetes.io/zone': 'c' } },
  ],
  kubelet: SHARED_HOST,
  kubeProxy: { conntrack: { maxPerCore: 0 } },
  platform: { storageClasses: [{ name: 'local', provisioner: 'kubernetes.io/no-provisioner' }] },
});
