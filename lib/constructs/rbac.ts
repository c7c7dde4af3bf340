import type { ServiceAccount } from 'kubernetes-types/core/v1';
import type { ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding, Subject } from 'kubernetes-types/rbac/v1';

type Labels = Readonly<Record<string, string>>;

const API = 'rbac.authorization.k8s.io';
const API_VERSION = `${API}/v1`;

/** Who is bound. A ServiceAccount is in a namespace; groups and users are everywhere. */
export const group = (name: string): Subject => ({ apiGroup: API, kind: 'Group', name });
export const user = (name: string): Subject => ({ apiGroup: API, kind: 'User', name });
export const account = (namespace: string, name: string): Subject => ({ kind: 'ServiceAccount', namespace, name });

/** A ServiceAccount whose token is mounted only where a Pod asks for it. */
export const serviceAccount = (namespace: string, name: string, labels: Labels): ServiceAccount =>
  ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace, labels }, automountServiceAccountToken: false });

/** What may be done: `rule(['get'], ['nodes'])`; names narrow it to these objects. */
export const rule = (verbs: string[], resources: string[], names: string[] = [], apiGroup = ''): PolicyRule =>
  ({ apiGroups: [apiGroup], resources, verbs, ...(names.length === 0 ? {} : { resourceNames: names }) });

export const clusterRole = (name: string, labels: Labels, rules: PolicyRule[]): ClusterRole =>
  ({ apiVersion: API_VERSION, kind: 'ClusterRole', metadata: { name, labels }, rules });

export const clusterRoleBinding = (name: string, labels: Labels, role: string, subjects: Subject[]): ClusterRoleBinding =>
  ({ apiVersion: API_VERSION, kind: 'ClusterRoleBinding', metadata: { name, labels }, roleRef: { apiGroup: API, kind: 'ClusterRole', name: role }, subjects });

export const role = (namespace: string, name: string, labels: Labels, rules: PolicyRule[]): Role =>
  ({ apiVersion: API_VERSION, kind: 'Role', metadata: { name, namespace, labels }, rules });

export const roleBinding = (
  namespace: string, name: string, labels: Labels, bound: string, subjects: Subject[], kind: 'Role' | 'ClusterRole' = 'Role',
): RoleBinding => ({ apiVersion: API_VERSION, kind: 'RoleBinding', metadata: { name, namespace, labels }, roleRef: { apiGroup: API, kind, name: bound }, subjects });
