import { found, type Finding } from '../finding.ts';
import { keysOf } from './object-keys.ts';
import { podReferences } from './pod-references.ts';
import { objectReferences } from './object-references.ts';
import { nameOf, objectKey, type CheckedManifest, type Scope } from '../scope.ts';

/** One object that names another. */
export interface Reference {
  readonly from: CheckedManifest;
  /** Path inside the manifest. */
  readonly path: string;
  /** `Secret`, `StatefulSet.apps`. */
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
  /** The key that must be in it, or null. */
  readonly key: string | null;
}

/** Every object and key that a manifest names exists, or the author promised to bring it. */
export function checkReferences(scope: Scope): Finding[] {
  const references = [...scope.templates.flatMap(podReferences), ...scope.manifests.flatMap(objectReferences)];
  const told = new Set<string>();
  return references.flatMap((reference) => referenceFindings(scope, reference, told));
}

/** What is missing altogether is told once for each manifest, not again for each of its keys. */
function referenceFindings(scope: Scope, reference: Reference, told: Set<string>): Finding[] {
  const { from, kind, name, key } = reference;
  if (!exists(scope, reference)) return isNew(told, reference) ? [missingObject(reference)] : [];
  if (key === null) return [];
  const keys = keysOf(scope, from.part.api, kind, reference.namespace, name);
  if (keys === null || keys.has(key)) return [];
  const known = [...keys].map((known) => `\`${known}\``).join(', ');
  return [found('reference/missing-key', from, reference.path, `names key \`${key}\` of ${kindName(kind)} \`${name}\`, which has ${known || 'no keys'}`)];
}

const missingObject = (reference: Reference): Finding =>
  found('reference/missing-object', reference.from, reference.path,
    `names ${kindName(reference.kind)} \`${reference.name}\`, which is nowhere${where(reference)}`);

function isNew(told: Set<string>, { from, kind, namespace, name }: Reference): boolean {
  const key = [from.part.folder, nameOf(from.manifest), kind, namespace, name].join('|');
  const before = told.size;
  return told.add(key).size > before;
}

const kindName = (kind: string): string => kind.replace(/\..*$/, '');
const where = ({ namespace }: Reference): string => (namespace === null ? '' : ` in namespace ${namespace}`);

function exists(scope: Scope, { from, kind, namespace, name }: Reference): boolean {
  const { api } = from.part;
  if (alwaysThere(kind, namespace, name) || isNamedInContext(scope, kind, name)) return true;
  const has = (kindInParts: string): boolean => scope.objects.has(objectKey(api, kindInParts, namespace, name));
  if (has(kind) || (kind === 'Secret' && has('SealedSecret.bitnami.com'))) return true;
  const provided = kindName(kind);
  return scope.context.provided.some((object) => object.name === name && object.kind === provided && object.namespace === namespace && object.api === api);
}

function isNamedInContext({ context }: Scope, kind: string, name: string): boolean {
  if (kind === 'PriorityClass.scheduling.k8s.io') return context.priorityClasses.includes(name);
  return kind === 'StorageClass.storage.k8s.io' && (context.storageClasses === null || context.storageClasses.includes(name));
}

/** What every Kubernetes makes by itself. */
function alwaysThere(kind: string, namespace: string | null, name: string): boolean {
  switch (kind) {
    case 'ConfigMap': return name === 'kube-root-ca.crt' || (namespace === 'kube-system' && name === 'extension-apiserver-authentication');
    case 'ServiceAccount': return name === 'default';
    case 'Service': return namespace === 'default' && name === 'kubernetes';
    case 'PriorityClass.scheduling.k8s.io': return /^system-(cluster|node)-critical$/.test(name);
    case 'Role.rbac.authorization.k8s.io': return /^(system:|extension-apiserver-authentication-reader$)/.test(name);
    case 'ClusterRole.rbac.authorization.k8s.io': return /^(system:|(cluster-admin|admin|edit|view)$)/.test(name);
    default: return false;
  }
}
