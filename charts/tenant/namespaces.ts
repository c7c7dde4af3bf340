import type { LimitRange, Namespace, ResourceQuota, ServiceAccount } from 'kubernetes-types/core/v1';
import type { NetworkPolicy } from 'kubernetes-types/networking/v1';
import type { KubernetesObject } from '../../lib/constructs/place.ts';
import { PROTECTED } from '../../lib/constructs/protect.ts';
import { roleBinding } from '../../lib/constructs/rbac.ts';
import { PORTS } from '../../lib/model/names.ts';
import type { ResolvedCluster } from '../../lib/model/resolved.ts';
import type { ResolvedNamespace } from '../../lib/model/resolved-tenant.ts';
import { bindingName, subjectsOf } from './bindings.ts';
import { KUBE_SYSTEM, tenantLabels } from './names.ts';

/** Of what people may want to name themselves, ours has this name. */
const NAME = 'kubewright';

/** Namespaces that people work in, with what bounds them, before anything can run there. */
export function namespacedObjects(cluster: ResolvedCluster): KubernetesObject[] {
  return cluster.namespaces.flatMap((spec) => [
    namespace(cluster, spec),
    account(spec),
    ...quota(spec),
    ...limitRange(spec),
    ...(spec.isolated ? [isolation(spec)] : []),
    ...spec.bindings.map((binding) => roleBinding(spec.name, bindingName(binding), tenantLabels(), binding.clusterRole, subjectsOf(binding), 'ClusterRole')),
  ]);
}

const at = ({ name: namespace }: ResolvedNamespace, name: string) => ({ name, namespace, labels: tenantLabels() });

/** The standard is that of the cluster's minor: a later one may refuse what runs today. */
function namespace({ minor }: ResolvedCluster, { name, podSecurity }: ResolvedNamespace): Namespace {
  const security = ['enforce', 'warn', 'audit'].flatMap((mode) => [
    [`pod-security.kubernetes.io/${mode}`, podSecurity],
    [`pod-security.kubernetes.io/${mode}-version`, `v${minor}`],
  ]);
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: tenantLabels(Object.fromEntries(security)), annotations: PROTECTED } };
}

/**
 * The account that Kubernetes makes in every namespace. It is here without pull secrets too, so that the last of them can
 * be taken away; and it is protected, since the tokens of all Pods that have it end with it.
 */
const account = (spec: ResolvedNamespace): ServiceAccount => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { ...at(spec, 'default'), annotations: PROTECTED },
  ...(spec.pullSecrets.length === 0 ? {} : { imagePullSecrets: spec.pullSecrets.map((name) => ({ name })) }),
});

const isEmpty = (amounts: object): boolean => Object.keys(amounts).length === 0;

function quota(spec: ResolvedNamespace): ResourceQuota[] {
  return isEmpty(spec.quota) ? [] : [{ apiVersion: 'v1', kind: 'ResourceQuota', metadata: at(spec, NAME), spec: { hard: spec.quota } }];
}

function limitRange(spec: ResolvedNamespace): LimitRange[] {
  const { requests, limits } = spec.defaults;
  if (isEmpty(requests)) return [];
  const limit = { type: 'Container', defaultRequest: requests, ...(isEmpty(limits) ? {} : { default: limits }) };
  return [{ apiVersion: 'v1', kind: 'LimitRange', metadata: at(spec, NAME), spec: { limits: [limit] } }];
}

/** Policies add up: what else is to be reached, people's own allow. */
function isolation(spec: ResolvedNamespace): NetworkPolicy {
  const dns = {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': KUBE_SYSTEM } },
    podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
  };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: at(spec, `${NAME}-isolated`),
    spec: {
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [{ podSelector: {} }] }],
      egress: [
        { to: [{ podSelector: {} }] },
        { to: [dns], ports: [{ port: PORTS.dns, protocol: 'UDP' }, { port: PORTS.dns, protocol: 'TCP' }] },
      ],
    },
  };
}
