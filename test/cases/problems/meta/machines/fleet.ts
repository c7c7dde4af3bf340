import { defineFleet, defineMetaCluster } from 'kubewright';

const meta = defineMetaCluster({
  name: 'meta',
  kubernetes: '1.34.1',
  endpoint: { host: 'api.meta.example.com' },
  network: { pods: '10.128.0.0/16', services: '10.129.0.0/16', machines: ['10.20.0.0/16'] },
  controlPlane: [{ name: 'm1', address: '10.20.1.1' }, { name: 'm2', address: '10.20.1.2' }],
  workers: [{ name: 'm1', address: '10.20.2.1' }, { name: 'w1', address: '10.21.0.1' }],
  platform: { storageClasses: [{ name: 'ssd', provisioner: 'a.example.com' }, { name: 'ssd', provisioner: 'b.example.com' }] },
  nodePortRange: { from: 31000, to: 30000 },
});

export const fleet = defineFleet({ name: 'metas', metaClusters: [meta], clusters: [], sealing: { certificate: 'sealing.pem' } });
