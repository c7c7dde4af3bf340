import { defineCluster, defineFleet, defineMetaCluster, type ClusterDefinition } from 'kubewright';

const meta = defineMetaCluster({
  name: 'meta',
  kubernetes: '1.35.4',
  endpoint: { host: 'api.meta.example.com' },
  network: { pods: '10.128.0.0/16', services: '10.129.0.0/16', machines: ['10.20.0.0/16'] },
  controlPlane: [{ name: 'm1', address: '10.20.1.1' }],
  platform: { sealedSecrets: { install: false } },
});

/** Clusters made by a function: their ranges may be the same, since nothing routes between them. */
const small = (name: string, address: string): ClusterDefinition => defineCluster({
  name,
  meta: meta.name,
  kubernetes: '1.36.3',
  mode: 'minimal',
  endpoint: { host: `api.${name}.example.com`, address, expose: { type: 'loadBalancer' } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  etcd: { storage: { emptyDir: {} } },
});

/** One meta cluster, two clusters; the images of the fleet hold for all three. */
export const fleet = defineFleet({
  name: 'pair',
  metaClusters: [meta],
  clusters: [small('one', '10.20.0.21'), small('two', '10.20.0.22')],
  images: { registry: 'registry.example.com/k8s' },
  sealing: { certificate: 'sealing.pem' },
});
