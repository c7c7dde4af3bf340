import { addon, defineCluster } from 'kubewright';

const object = (apiVersion: string, kind: string, name: string, rest: object = {}) => ({ apiVersion, kind, metadata: { name }, ...rest });

/** Objects that others have, that Kubernetes keeps, that nobody may write down, and that the cluster's release does not know. */
export const cluster = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.35.4',
  mode: 'minimal',
  endpoint: { host: 'api.prod.example.com', address: '10.20.0.11', expose: { type: 'loadBalancer' } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  etcd: { storage: { claimTemplate: { size: '16Gi' } } },
  addons: [
    addon('names', { construct: () => [object('v1', 'ServiceAccount', 'coredns'), object('v1', 'ConfigMap', 'shared'), object('v1', 'Namespace', 'kube-system')] }),
    addon('more-names', { construct: () => [object('v1', 'ConfigMap', 'shared')] }),
    addon('rights', {
      construct: () => [
        object('v1', 'Secret', 'password', { stringData: { password: 'hunter2' } }),
        object('flowcontrol.apiserver.k8s.io/v1beta3', 'FlowSchema', 'old'),
        object('v1', 'Service', 'web', { spec: { ports: [{ port: 80, protocoll: 'TCP' }] } }),
        { ...object('v1', 'ConfigMap', 'far'), metadata: { name: 'far', namespace: 'elsewhere' } },
        object('rbac.authorization.k8s.io/v1', 'RoleBinding', 'nobody', { roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'nobody' } }),
        object('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', 'all', {
          roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
          subjects: [{ kind: 'ServiceAccount', name: 'web', namespace: 'default' }],
        }),
      ],
    }),
    addon('kinds', {
      construct: () => [
        object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'fields.example.com', {
          spec: {
            group: 'example.com', scope: 'Cluster', names: { kind: 'Field', plural: 'fields' },
            versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties: { acres: { type: 'integer' } } } } } } }],
          },
        }),
        object('example.com/v1', 'Field', 'first', { spec: { acre: 1 } }),
        object('cert-manager.io/v1', 'Certificate', 'unknown'),
      ],
    }),
  ],
});
