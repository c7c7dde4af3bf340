import { defineCluster, defineFleet, defineMetaCluster, type Delivery } from 'kubewright';

/** What delivers a meta cluster bears its name, and what delivers a part of a cluster that of both, all in one namespace. */
const metaClusterOf = (name: string, net: number) => defineMetaCluster({
  name,
  kubernetes: '1.34.4',
  endpoint: { host: `api.${name}.example.com`, address: `10.${net}.0.10` },
  network: { pods: `10.${net + 100}.0.0/16`, services: `10.${net + 101}.0.0/16`, machines: [`10.${net}.0.0/16`] },
  controlPlane: [{ name: `${name}-m1`, address: `10.${net}.1.1` }],
  workers: [{ name: `${name}-w1`, address: `10.${net}.2.1` }],
});

const clusterIn = (meta: string, name: string, address: string) => defineCluster({
  name,
  meta,
  kubernetes: '1.35.4',
  mode: 'minimal',
  endpoint: { host: `api.${name}.example.com`, address, expose: { type: 'loadBalancer' } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  etcd: { storage: { claimTemplate: { size: '32Gi' } } },
});

const delivery: Delivery = { tool: 'both', repository: 'https://git.example.com/platform/clusters.git', branch: 'main' };

export const fleet = defineFleet({
  name: 'namesakes',
  metaClusters: [metaClusterOf('prod-tenant', 20), metaClusterOf('shop-etcd', 22), metaClusterOf('far-tenant', 24)],
  // The last is not in the meta cluster that has its name: nothing of the two is on one API server.
  clusters: [clusterIn('prod-tenant', 'prod', '10.20.0.11'), clusterIn('shop-etcd', 'shop', '10.22.0.11'), clusterIn('shop-etcd', 'far', '10.22.0.12')],
  sealing: { certificate: 'sealing.pem' },
  delivery,
});
