import type { TenantNamespace } from '../../../model/definition.ts';
import type { Problem } from '../../../problem.ts';
import { below } from '../../paths.ts';
import { repeatsOf, type ClusterRule } from '../../rule.ts';
import { error, quoted } from '../../say.ts';
import { didYouMean } from '../../suggest.ts';
import { bindingProblems } from './binding-rules.ts';
import { cniOf } from './tenant-rules.ts';

/** Namespaces that people work in. */
export const NAMESPACE_RULES: readonly ClusterRule[] = [namesDiffer, namesAreFree, quotaNames, policiesAreEnforced, bindings];

const placed = (namespaces: readonly TenantNamespace[] = []): { namespace: TenantNamespace; path: string }[] =>
  namespaces.map((namespace, index) => ({ namespace, path: `namespaces[${index}]` }));

function namesDiffer(...[{ name, namespaces = [] }]: Parameters<ClusterRule>): Problem[] {
  return repeatsOf(namespaces.map((namespace) => namespace.name)).map(({ index, first, value }) => error('namespaces/duplicate', name, `namespaces[${index}].name`, {
    what: `namespace ${value} stands twice; the first is namespaces[${first}].`,
    why: 'two manifests would want one object.',
    fix: 'put everything into one entry, or choose another name.',
  }));
}

/** Kubernetes' own, and those that network and tunnels are in: all begin with kube-. */
function namesAreFree(...[{ name, namespaces }]: Parameters<ClusterRule>): Problem[] {
  return placed(namespaces).filter(({ namespace }) => namespace.name === 'default' || namespace.name.startsWith('kube-')).map(({ namespace, path }) =>
    error('namespaces/reserved', name, `${path}.name`, {
      what: `namespace ${namespace.name} belongs to Kubernetes.`,
      why: 'what bounds people there would bound what every cluster needs: its DNS, its network, its own API\'s Service.',
      fix: 'choose a name that is not default and does not begin with kube-.',
    }));
}

/** What the API server lets a quota bound by a plain name; every other name has a domain: `requests.nvidia.com/gpu`, `count/jobs.batch`. */
const QUOTA_NAMES = [
  ...['', 'requests.', 'limits.'].flatMap((prefix) => ['cpu', 'memory', 'ephemeral-storage'].map((name) => `${prefix}${name}`)),
  'requests.storage', 'pods', 'services', 'services.nodeports', 'services.loadbalancers', 'replicationcontrollers', 'resourcequotas',
  'secrets', 'configmaps', 'persistentvolumeclaims',
];

const isQuotaName = (name: string): boolean =>
  QUOTA_NAMES.includes(name) || /^(requests\.)?hugepages-[0-9]+[KMG]i$/.test(name) || /^[A-Za-z0-9][-A-Za-z0-9_.]*\/[A-Za-z0-9][-A-Za-z0-9_.]*$/.test(name);

function quotaNames(...[{ name, namespaces }]: Parameters<ClusterRule>): Problem[] {
  return placed(namespaces).flatMap(({ namespace, path }) => Object.keys(namespace.quota ?? {}).filter((resource) => !isQuotaName(resource)).map((resource) =>
    error('namespaces/quota', name, below(`${path}.quota`, resource), {
      what: `${quoted(resource)} is nothing that a quota bounds.${didYouMean(resource, QUOTA_NAMES)}`,
      why: 'the API server refuses the whole quota.',
      fix: 'write one of Kubernetes\' own, such as requests.cpu, or a name with its domain, such as count/jobs.batch.',
    })));
}

function policiesAreEnforced(...[cluster]: Parameters<ClusterRule>): Problem[] {
  const cni = cniOf(cluster);
  if (cni === 'none') return [];
  return placed(cluster.namespaces).filter(({ namespace }) => namespace.isolated === true).map(({ namespace, path }) =>
    error('namespaces/not-enforced', cluster.name, `${path}.isolated`, {
      what: `namespace ${namespace.name} is isolated, and the network is ${cni}.`,
      why: `${cni} enforces no NetworkPolicies: everybody would reach these Pods, and the policies say that nobody does.`,
      fix: 'choose network.cni none and bring a network that enforces them, such as Cilium or Calico, or remove isolated.',
    }));
}

function bindings(...[{ name, namespaces }]: Parameters<ClusterRule>): Problem[] {
  return placed(namespaces).flatMap(({ namespace, path }) => bindingProblems(name, `${path}.bindings`, namespace.bindings));
}
