import type { Subject } from 'kubernetes-types/rbac/v1';
import type { KubernetesObject } from '../../lib/constructs/place.ts';
import { clusterRoleBinding, group, user } from '../../lib/constructs/rbac.ts';
import type { ResolvedCluster } from '../../lib/model/resolved.ts';
import type { ResolvedBinding } from '../../lib/model/resolved-tenant.ts';
import { tenantLabels } from './names.ts';

/** Rights in the whole cluster. What is bound can never be changed, so it is in the name. */
export function bindingObjects({ bindings }: ResolvedCluster): KubernetesObject[] {
  return bindings.map((binding) => clusterRoleBinding(bindingName(binding), tenantLabels(), binding.clusterRole, subjectsOf(binding)));
}

export const bindingName = ({ clusterRole }: ResolvedBinding): string => `kubewright:${clusterRole}`;

export const subjectsOf = ({ groups, users }: ResolvedBinding): Subject[] => [...groups.map(group), ...users.map(user)];
