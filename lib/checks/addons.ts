import type { ResolvedCluster } from '../model/resolved.ts';
import type { CheckCode } from './advice.ts';
import { found, type Finding } from './finding.ts';
import type { CheckContext } from './input.ts';
import { listOf, objectOf, objectsOf, textOf, wordOf } from './objects/json.ts';
import { groupKindOf, objectKey, type CheckedManifest, type Scope } from './scope.ts';

/** What the house asks of its own objects, and an API server of nobody. */
const OF_THE_HOUSE: readonly CheckCode[] = [
  'manifest/not-canonical',
  'pod/grace-too-short', 'pod/image-tag', 'pod/liveness-needs-etcd', 'pod/no-requests', 'pod/not-restricted', 'pod/selector-label',
  'pod/service-account-token', 'pod/service-links', 'pod/writable-root',
  // Guesses at what a program reads, and volumes that nobody mounts: right for what we wrote ourselves.
  'reference/path', 'reference/volume',
  // An operator may make the Pods; a port need not be declared to be reached.
  'selector/port', 'selector/selects-nothing',
  'statefulset/claim-template', 'statefulset/claims-deleted', 'statefulset/peers', 'statefulset/probes', 'statefulset/update',
];

/** What the checks must know of people's own add-ons: what they bring along, and what is none of the compiler's business. */
export function addonContext({ name, addons }: ResolvedCluster): Pick<CheckContext, 'provided' | 'foreignKinds' | 'waivers'> {
  return {
    provided: addons.flatMap(({ provided }) => provided.map((object) => ({ api: name, keys: null, ...object }))),
    foreignKinds: addons.flatMap(({ foreignKinds }) => Object.keys(foreignKinds)),
    waivers: addons.flatMap((_, index) => OF_THE_HOUSE.map((code) => ({ code, source: sourceOf(index), object: null }))),
  };
}

const sourceOf = (index: number): string => `addons[${index}]`;
const isAddon = ({ source }: CheckedManifest): boolean => source.startsWith('addons[');

/** What is asked of people's add-ons only: that their namespaces are there, that they leave alone what is Kubernetes' own, and what they may do. */
export function checkAddons(scope: Scope): Finding[] {
  const own = scope.manifests.filter(isAddon);
  return [...own.flatMap((item) => [...systemObject(item), ...missingNamespace(scope, item), ...clusterRights(scope, item)]), ...sameFiles(own)];
}

/** Names of roles may differ by case alone; those of files may not, everywhere. */
function sameFiles(own: readonly CheckedManifest[]): Finding[] {
  const first = new Map<string, string>();
  return own.flatMap((item) => {
    const { name, namespace } = item.manifest.metadata;
    const key = `${groupKindOf(item.manifest)}|${namespace ?? ''}|${name}`.toLowerCase();
    const other = first.get(key) ?? name;
    first.set(key, other);
    return other === name ? [] : [found('manifest/duplicate', item, 'metadata.name', `differs from \`${other}\` by case alone, so that both want one file`)];
  });
}

/** Objects that every API server makes and keeps by itself, by kind. */
const SYSTEM: Readonly<Record<string, RegExp>> = {
  Namespace: /^(?:default|kube-node-lease|kube-public|kube-system)$/,
  'ClusterRole.rbac.authorization.k8s.io': /^(?:admin|cluster-admin|edit|view)$/,
  'ClusterRoleBinding.rbac.authorization.k8s.io': /^cluster-admin$/,
  'PriorityClass.scheduling.k8s.io': /^system-(?:cluster|node)-critical$/,
  'Service': /^default\/kubernetes$/,
  'ConfigMap': /\/kube-root-ca\.crt$|^kube-system\/extension-apiserver-authentication$/,
};

function systemObject(item: CheckedManifest): Finding[] {
  const { name, namespace } = item.manifest.metadata;
  const isSystem = SYSTEM[groupKindOf(item.manifest)]?.test(namespace === undefined ? name : `${namespace}/${name}`) ?? false;
  return isSystem ? [found('addons/system-object', item, '', 'is made and kept by Kubernetes itself')] : [];
}

function missingNamespace({ objects }: Scope, item: CheckedManifest): Finding[] {
  const { namespace } = item.manifest.metadata;
  if (namespace === undefined || SYSTEM['Namespace']?.test(namespace) === true || objects.has(objectKey(item.part.api, 'Namespace', null, namespace))) return [];
  return [found('reference/missing-object', item, 'metadata.namespace', `names Namespace \`${namespace}\`, which is nowhere`)];
}

/** Verbs that lead to every right there is. */
const RISING: readonly unknown[] = ['*', 'bind', 'escalate', 'impersonate'];

function clusterRights(scope: Scope, item: CheckedManifest): Finding[] {
  if (groupKindOf(item.manifest) !== 'ClusterRoleBinding.rbac.authorization.k8s.io') return [];
  const role = textOf(objectOf(item.manifest['roleRef'])['name']) ?? '';
  const right = role === 'cluster-admin' ? 'everything' : wideRight(scope.objects.get(objectKey(item.part.api, 'ClusterRole.rbac.authorization.k8s.io', null, role)));
  if (right === null) return [];
  const subjects = objectsOf(item.manifest['subjects']).map(({ kind, namespace, name }) => `${textOf(kind) ?? ''} ${namespace === undefined ? '' : `${wordOf(namespace)}/`}${textOf(name) ?? ''}`);
  return [found('addons/cluster-rights', item, '', `lets ${subjects.join(', ') || 'nobody yet'} do ${right} in the whole cluster`)];
}

/** The widest rule of a role in words; null when it has none that is wide. */
function wideRight(role: CheckedManifest | undefined): string | null {
  for (const rule of objectsOf(role?.manifest['rules'])) {
    const [verbs, resources] = [listOf(rule['verbs']), listOf(rule['resources'])];
    if (verbs.some((verb) => RISING.includes(verb)) || resources.includes('*')) {
      return `${verbs.includes('*') ? 'everything' : verbs.join(', ')} with ${resources.includes('*') ? 'all resources' : resources.join(', ') || 'URLs'}`;
    }
  }
  return null;
}
