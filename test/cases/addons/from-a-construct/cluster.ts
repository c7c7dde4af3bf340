import { addon, defineCluster } from 'kubewright';

interface Queue { readonly name: string; readonly value: number }

/** What `toJson()` of a cdk8s chart is: a list of objects. */
const queues = ({ queues: all }: { readonly queues: readonly Queue[] }) => all.map(({ name, value }) => ({
  apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name }, value, description: `Pods of ${name}.`,
}));

/** As whoever reads its YAML has it: the digits of the bound are those of a double. */
const limits = {
  apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'limits.example.com' },
  spec: {
    group: 'example.com', scope: 'Cluster', names: { kind: 'Limit', plural: 'limits' },
    versions: [{
      name: 'v1', served: true, storage: true,
      schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties: { bytes: { type: 'integer', format: 'int64', maximum: 2 ** 63 } } } } } },
    }],
  },
};

/** Objects that a function of the definition makes: a cdk8s chart, an app, or a list as here. */
export const cluster = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.36.3',
  mode: 'minimal',
  endpoint: { host: 'api.prod.example.com', address: '10.20.0.11', expose: { type: 'loadBalancer' } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  etcd: { storage: { claimTemplate: { size: '16Gi' } } },
  addons: [
    addon('queues', { construct: queues, version: '3', parameters: { queues: [{ name: 'urgent', value: 1000 }, { name: 'idle', value: -10 }] } }),
    addon('limits', { construct: () => [limits] }),
    addon('charts', {
      construct: () => ({ toJson: () => [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'from-a-chart' }, data: { a: 'b' } }] }),
    }),
  ],
});
