import { addon, defineCluster } from 'kubewright';

/** A folder of YAML: typed parameters, a definition and its objects at once, somebody else's kind, and a warning about what it may do. */
export const cluster = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.35.4',
  mode: 'minimal',
  endpoint: { host: 'api.prod.example.com', address: '10.20.0.11', expose: { type: 'loadBalancer' } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  etcd: { storage: { claimTemplate: { size: '16Gi' } } },
  addons: [
    addon('gatherer', {
      template: './addons/gatherer',
      version: '1.5.0',
      namespace: 'gathering',
      parameters: {
        replicas: 2,
        zone: 'a',
        labels: { 'example.com/tier': 'back' },
        arguments: ['--quiet', 'on', 'it: is # text'],
      },
      foreignKinds: { 'monitoring.coreos.com/v1/ServiceMonitor': 'Namespaced' },
      provided: [{ kind: 'Secret', name: 'gatherer-credentials' }],
    }),
  ],
});
