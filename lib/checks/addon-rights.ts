import type { JsonObject, JsonValue } from '../model/manifest.ts';
import { found, type Finding } from './finding.ts';
import { listOf, objectOf, objectsOf, textOf, wordOf } from './objects/json.ts';
import { groupKindOf, nameOf, objectKey, type CheckedManifest, type Scope } from './scope.ts';

/** Rights in the whole cluster that lead to all others, but for those that a reviewer has acknowledged; and what was acknowledged for nothing. */
export function checkRights(scope: Scope, own: readonly CheckedManifest[]): Finding[] {
  const { acknowledged } = scope.context;
  const given = own.flatMap((item) => wideRights(scope, item).map((what) => ({ item, what, right: `${nameOf(item.manifest)} ${what}` })));
  const isSame = (one: { readonly addon: string; readonly right: string }, { item, right }: typeof given[number]): boolean => one.addon === item.source && one.right === right;
  return [
    ...given.filter((one) => !acknowledged.some((other) => isSame(other, one))).map(({ item, what }) => found('addons/cluster-rights', item, '', what)),
    ...acknowledged.filter((one) => !given.some((other) => isSame(one, other))).map(({ source, right }) =>
      ({ code: 'addons/unknown-right', source, object: JSON.stringify(right), path: '', what: 'is acknowledged, and nothing of the add-on gives it' } as const)),
  ];
}

/** Verbs that lead to every right there is. */
const RISING: readonly unknown[] = ['*', 'bind', 'escalate', 'impersonate'];

/** What a binding gives, in words that change whenever it gives more. */
function wideRights(scope: Scope, item: CheckedManifest): string[] {
  if (groupKindOf(item.manifest) !== 'ClusterRoleBinding.rbac.authorization.k8s.io') return [];
  const role = textOf(objectOf(item.manifest['roleRef'])['name']) ?? '';
  const right = role === 'cluster-admin' ? 'everything' : wideRules(scope.objects.get(objectKey(item.part.api, 'ClusterRole.rbac.authorization.k8s.io', null, role)));
  if (right === '') return [];
  const subjects = objectsOf(item.manifest['subjects']).map(({ kind, namespace, name }) => `${textOf(kind) ?? ''} ${namespace === undefined ? '' : `${wordOf(namespace)}/`}${textOf(name) ?? ''}`);
  return [`lets ${subjects.join(', ') || 'nobody yet'} do ${right} in the whole cluster`];
}

/** Every rule of a role that is wide; empty when none is. */
function wideRules(role: CheckedManifest | undefined): string {
  return objectsOf(role?.manifest['rules']).filter(isWide).map(ruleInWords).join(', and ');
}

const isWide = (rule: JsonObject): boolean => listOf(rule['verbs']).some((verb) => RISING.includes(verb)) || listOf(rule['resources']).includes('*');

function ruleInWords(rule: JsonObject): string {
  const verbs = listOf(rule['verbs']);
  const names = listOf(rule['resourceNames']);
  return `${verbs.includes('*') ? 'everything' : wordsOf(verbs)} with ${objectsInWords(rule)}${names.length === 0 ? '' : ` named ${wordsOf(names)}`}`;
}

/** Resources with their groups, as `kubectl` takes them: one of another group is another right. */
function objectsInWords(rule: JsonObject): string {
  const [groups, resources] = [listOf(rule['apiGroups']), listOf(rule['resources'])];
  if (resources.length === 0) return `URLs ${wordsOf(listOf(rule['nonResourceURLs']))}`;
  if (resources.includes('*')) return groups.includes('*') ? 'all resources' : `all resources of ${wordsOf(groups.map((group) => (group === '' ? 'the core group' : group)))}`;
  return resources.flatMap((resource) => (groups.includes('*') ? ['*'] : groups).map((group) => (group === '' ? '' : '.') + wordOf(group)).map((group) => wordOf(resource) + group)).join(', ');
}

const wordsOf = (values: readonly JsonValue[]): string => values.map(wordOf).join(', ');
