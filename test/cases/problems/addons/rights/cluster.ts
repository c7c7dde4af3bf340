import { addon, defineCluster } from 'kubewright';

const RBAC = { apiGroup: 'rbac.authorization.k8s.io' };
const object = (kind: string, name: string, rest: object) => ({ apiVersion: 'rbac.authorization.k8s.io/v1', kind, metadata: { name }, ...rest });
const given = (name: string, role: string) =>
  object('ClusterRoleBinding', name, { roleRef: { ...RBAC, kind: 'ClusterRole', name: role }, subjects: [{ kind: 'ServiceAccount', name, namespace: 'kube-system' }] });

/** A right that was acknowledged, one that was not, one that has become wider since, and one that is no more. */
export const cluster = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.35.4',
  mode: 'minimal',
  endpoint: { host: 'api.prod.example.com', address: '10.20.0.11', expose: { type: 'loadBalancer' } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  etcd: { storage: { claimTemplate: { size: '16Gi' } } },
  addons: [
    addon('csi', {
      construct: () => [given('csi', 'cluster-admin'), given('snapshots', 'cluster-admin')],
      acknowledgedRights: ['ClusterRoleBinding csi lets ServiceAccount kube-system/csi do everything in the whole cluster'],
    }),
    addon('policies', {
      construct: () => [
        object('ClusterRole', 'policies', { rules: [
          { apiGroups: ['policies.example.com'], resources: ['*'], verbs: ['*'] },
          { apiGroups: ['rbac.authorization.k8s.io'], resources: ['clusterroles'], resourceNames: ['view'], verbs: ['bind'] },
        ] }),
        given('policies', 'policies'),
      ],
      acknowledgedRights: [
        'ClusterRoleBinding policies lets ServiceAccount kube-system/policies do everything with all resources of policies.example.com in the whole cluster',
        'ClusterRoleBinding gone lets ServiceAccount kube-system/gone do everything in the whole cluster',
      ],
    }),
  ],
});
