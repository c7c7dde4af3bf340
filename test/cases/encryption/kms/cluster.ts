import { defineCluster } from 'kubewright';

/** A plugin of somebody else, whose socket an extra volume brings. */
export const cluster = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.35.4',
  mode: 'minimal',
  endpoint: { host: 'api.prod.example.com', address: '10.20.0.11', expose: { type: 'loadBalancer' } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  etcd: { storage: { claimTemplate: { size: '16Gi' } } },
  encryption: { provider: 'kms', resources: ['secrets', 'configmaps'], kms: { name: 'vault', endpoint: 'unix:///run/kms/vault.sock', timeout: '3s' } },
  components: {
    apiserver: { extraVolumes: [{ name: 'kms-socket', mountPath: '/run/kms', readOnly: false, source: { csi: { driver: 'kms.csi.example.com', attributes: { key: 'prod' } } } }] },
  },
});
