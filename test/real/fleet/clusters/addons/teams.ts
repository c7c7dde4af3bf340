/** A team, the most that it may ask for, and the groups that may look. */
interface Team {
  readonly name: string;
  readonly cpu: string;
  readonly guests: readonly string[];
}

const RBAC = 'rbac.authorization.k8s.io';

/** A namespace for each team, with a quota, and a binding for each group of guests. */
export const teams = ({ teams: all }: { readonly teams: readonly Team[] }): object[] => all.flatMap(({ name, cpu, guests }) => {
  const namespace = `team-${name}`;
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: { 'pod-security.kubernetes.io/enforce': 'baseline' } } },
    { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'team', namespace }, spec: { hard: { 'requests.cpu': cpu } } },
    ...['owners', ...guests].map((group) => ({
      apiVersion: `${RBAC}/v1`, kind: 'RoleBinding', metadata: { name: group, namespace },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: group === 'owners' ? 'admin' : 'view' },
      subjects: [{ apiGroup: RBAC, kind: 'Group', name: group === 'owners' ? namespace : group }],
    })),
  ];
});
