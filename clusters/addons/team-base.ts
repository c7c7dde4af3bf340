import { ApiObject, App, Chart } from 'cdk8s';

/** A team, and the most that it may ask for. */
export interface Team {
  readonly name: string;
  readonly cpu: string;
  readonly memory: string;
}

/** What every team finds in a cluster: a namespace in which it is its own master, and the end of what it may take. */
class TeamBase extends Chart {
  constructor(scope: App, id: string, teams: readonly Team[]) {
    super(scope, id);
    for (const team of teams) this.#add(team);
  }

  #add({ name, cpu, memory }: Team): void {
    const namespace = `team-${name}`;
    new ApiObject(this, `${name}-namespace`, {
      apiVersion: 'v1', kind: 'Namespace',
      metadata: { name: namespace, labels: { 'pod-security.kubernetes.io/enforce': 'baseline' } },
    });
    new ApiObject(this, `${name}-quota`, {
      apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'team', namespace },
      spec: { hard: { 'requests.cpu': cpu, 'requests.memory': memory } },
    });
    new ApiObject(this, `${name}-owners`, {
      apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', metadata: { name: 'owners', namespace },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'admin' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: namespace }],
    });
  }
}

/** For `addon('team-base', { construct: teamBase, parameters: { teams: […] } })`. */
export const teamBase = ({ teams }: { readonly teams: readonly Team[] }): Chart => new TeamBase(new App(), 'team-base', teams);
