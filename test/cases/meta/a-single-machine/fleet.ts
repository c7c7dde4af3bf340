import { defineFleet, defineMetaCluster } from 'kubewright';

/** One machine; the Sealed Secrets controller is somebody else's. */
const meta = defineMetaCluster({
  name: 'meta',
  kubernetes: '1.34.4',
  endpoint: { host: 'api.meta.example.com' },
  network: { pods: '10.24.0.0/16', services: '10.25.0.0/16', machines: ['10.20.0.0/24'] },
  controlPlane: [{ name: 'meta-1', address: '10.20.0.1' }],
  platform: { sealedSecrets: { install: false } },
});

export const fleet = defineFleet({ name: 'metas', metaClusters: [meta], clusters: [], sealing: { certificate: 'sealing.pem' } });
