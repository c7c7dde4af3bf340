import { addon, defineCluster } from 'kubewright';
import { SHARED_HOST } from '../lab/shared-host.ts';

const DRIVER = 'folders.csi.test';

/** A control plane whose storage class names a driver that comes as an add-on, and of which nothing is known elsewhere. */
export const storage = defineCluster({
  name: 'storage',
  meta: 'lab',
  kubernetes: '1.34.4',
  mode: 'minimal',
  endpoint: { host: 'api.storage.test', address: '10.239.0.11', expose: { type: 'nodePort', nodePort: 30028 } },
  network: { pods: '10.228.0.0/16', services: '10.229.0.0/20', cni: { type: 'routes' }, kubeProxy: { configuration: { conntrack: { maxPerCore: 0 } } } },
  nodes: { kubelet: SHARED_HOST, access: { type: 'konnectivity', nodePort: 30038 } },
  etcd: { storage: { emptyDir: {} }, quota: '512Mi' },
  storageClasses: [{ name: 'folders', provisioner: DRIVER, default: true }],
  addons: [addon('folders', { template: './folders', version: '1.0.0', parameters: { driver: DRIVER } })],
});
