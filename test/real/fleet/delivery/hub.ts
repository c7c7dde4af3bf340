import { defineMetaCluster } from 'kubewright';
import { SHARED_HOST } from './shared-host.ts';

/** One machine for everything: the tool, two control planes, and the repository that both come from. Its API server notes who writes. */
export const hub = defineMetaCluster({
  name: 'hub',
  kubernetes: '1.34.4',
  endpoint: { host: 'api.hub.test' },
  network: { pods: '10.230.0.0/16', services: '10.231.0.0/16', machines: ['10.238.0.0/24'] },
  controlPlane: [{ name: 'hub-1', address: '10.238.0.11', taints: [] }],
  kubelet: SHARED_HOST,
  kubeProxy: { conntrack: { maxPerCore: 0 } },
  // kubeadm mounts this folder, and what goes to standard output the kubelet keeps.
  components: { apiserver: { 'audit-policy-file': '/etc/kubernetes/pki/audit-policy.yaml', 'audit-log-path': '-' } },
  platform: { storageClasses: [{ name: 'local', provisioner: 'kubernetes.io/no-provisioner' }] },
});
