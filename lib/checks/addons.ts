import type { ResolvedCluster } from '../model/resolved.ts';
import { checkRights } from './addon-rights.ts';
import type { CheckCode } from './advice.ts';
import { found, type Finding } from './finding.ts';
import type { CheckContext } from './input.ts';
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
export function addonContext({ name, addons }: ResolvedCluster): Pick<CheckContext, 'provided' | 'foreignKinds' | 'acknowledged' | 'waivers'> {
  return {
    provided: addons.flatMap(({ provided }) => provided.map((object) => ({ api: name, keys: null, ...object }))),
    foreignKinds: addons.flatMap(({ foreignKinds }) => Object.keys(foreignKinds)),
    acknowledged: addons.flatMap(({ acknowledgedRights }, index) => acknowledgedRights.map((right, place) =>
      ({ addon: sourceOf(index), source: `${sourceOf(index)}.acknowledgedRights[${place}]`, right }))),
    waivers: addons.flatMap((_, index) => OF_THE_HOUSE.map((code) => ({ code, source: sourceOf(index), object: null }))),
  };
}

const sourceOf = (index: number): string => `addons[${index}]`;
const isAddon = ({ source }: CheckedManifest): boolean => source.startsWith('addons[');

/** What is asked of people's add-ons only: that their namespaces are there, that they leave alone what is Kubernetes' own, and what they may do. */
export function checkAddons(scope: Scope): Finding[] {
  const own = scope.manifests.filter(isAddon);
  return [...own.flatMap((item) => [...systemObject(item), ...missingNamespace(scope, item)]), ...checkRights(scope, own), ...sameFiles(own)];
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
