import { defineMetaCluster } from 'kubewright';

/** The meta cluster that hosts every case which does not bring its own. */
export const meta = defineMetaCluster({
  name: 'meta',
  kubernetes: '1.34.4',
  endpoint: { host: 'api.meta.example.com', address: '10.20.0.10' },
  network: { pods: '10.128.0.0/16', services: '10.129.0.0/16', machines: ['10.20.0.0/16'] },
  controlPlane: [{ name: 'm1', address: '10.20.1.1' }],
  workers: [
    { name: 'w1', address: '10.20.2.1' },
    { name: 'w2', address: '10.20.2.2' },
    { name: 'w3', address: '10.20.2.3' },
  ],
});
