import { dig, objectOf, type Json } from '../objects/json.ts';
import { objectKey, type CheckedManifest, type Scope } from '../scope.ts';

/** The keys of a ConfigMap or a Secret, or null when they are not known. */
export function keysOf(scope: Scope, api: string, kind: string, namespace: string | null, name: string): ReadonlySet<string> | null {
  const at = (groupKind: string): CheckedManifest | undefined => scope.objects.get(objectKey(api, groupKind, namespace, name));
  const sealed = kind === 'Secret' ? at('SealedSecret.bitnami.com') : undefined;
  if (sealed !== undefined) return keysIn(dig(sealed.manifest, 'spec', 'encryptedData'), dig(sealed.manifest, 'spec', 'template', 'data'));
  const object = at(kind)?.manifest;
  if (object !== undefined) return keysIn(object['data'], object['binaryData'], object['stringData']);
  const provided = scope.context.provided.find((candidate) =>
    candidate.api === api && candidate.kind === kind && candidate.namespace === namespace && candidate.name === name);
  return provided?.keys == null ? null : new Set(provided.keys);
}

const keysIn = (...maps: readonly Json[]): Set<string> => new Set(maps.flatMap((map) => Object.keys(objectOf(map))));
