import type { JsonObject } from '../../model/manifest.ts';
import { dig, isObject, objectOf, objectsOf, textOf, type Json } from '../objects/json.ts';
import { keysOf } from './object-keys.ts';
import type { Container, PodTemplate } from '../pods/pod-templates.ts';
import { objectKey, type CheckedManifest, type Scope } from '../scope.ts';

/** A folder, or with `subPath` a file, that a container sees. */
export interface Mount {
  readonly mountPath: string;
  /** What paths below it begin with. */
  readonly prefix: string;
  readonly subPath: string | null;
  readonly volume: string;
  /** Files in the volume, or null when only the running Pod can tell. */
  readonly files: ReadonlySet<string> | null;
}

/** A text file that a container sees, and the ConfigMap it is in. */
export interface MountedText {
  readonly from: CheckedManifest;
  readonly key: string;
  readonly text: string;
}

/** Files by the name of the volume they are in; null when only the running Pod can tell. */
export type VolumeFiles = ReadonlyMap<Json, ReadonlySet<string> | null>;

/** The volumes of a Pod. */
export const volumeFilesOf = (scope: Scope, template: PodTemplate): VolumeFiles =>
  new Map(objectsOf(template.spec['volumes']).map((volume) => [volume['name'], filesOf(scope, template, volume)]));

/** The mounts of a container, longest path first, so that the first that fits is the one that counts. */
export function mountsOf(volumes: VolumeFiles, container: Container): Mount[] {
  return objectsOf(container.spec['volumeMounts'])
    .map(({ name, mountPath: given, subPath, subPathExpr }) => {
      const mountPath = (textOf(given) ?? '').replace(/(?<=.)\/+$/, '');
      return {
        mountPath,
        prefix: `${mountPath}/`,
        subPath: textOf(subPath) ?? textOf(subPathExpr),
        volume: textOf(name) ?? '',
        files: volumes.get(name) ?? null,
      };
    })
    .sort((a, b) => b.mountPath.length - a.mountPath.length);
}

/** A part of a volume that comes from one object. */
interface Source {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly name: string;
  readonly items: readonly JsonObject[] | null;
}

const WITH_FILES = ['configMap', 'secret', 'projected', 'downwardAPI'] as const;

function filesOf(scope: Scope, template: PodTemplate, volume: JsonObject): ReadonlySet<string> | null {
  if (!WITH_FILES.some((field) => isObject(volume[field]))) return null;
  const files = sourcesOf(volume).map((source) => filesOfSource(scope, template, source));
  const others = [volume, ...projectedSources(volume)].flatMap(otherFiles);
  return files.includes(null) ? null : new Set([...files.flatMap((names) => names ?? []), ...others]);
}

function filesOfSource(scope: Scope, template: PodTemplate, { kind, name, items }: Source): string[] | null {
  if (items !== null) return items.map(({ path }) => textOf(path) ?? '');
  const keys = keysOf(scope, template.from.part.api, kind, template.namespace, name);
  return keys === null ? null : [...keys];
}

/** Files that come from no object: tokens, trust bundles, the downward API. */
function otherFiles(source: JsonObject): string[] {
  const single = [dig(source, 'serviceAccountToken', 'path'), dig(source, 'clusterTrustBundle', 'path')];
  const fields = objectsOf(dig(source, 'downwardAPI', 'items')).map(({ path }) => path);
  return [...single, ...fields].filter((path) => typeof path === 'string');
}

const projectedSources = (volume: JsonObject): readonly JsonObject[] => objectsOf(dig(volume, 'projected', 'sources'));

function sourcesOf(volume: JsonObject): Source[] {
  return [volume, ...projectedSources(volume)].flatMap((source) =>
    ([['ConfigMap', 'configMap'], ['Secret', 'secret']] as const).flatMap(([kind, field]) => {
      const { name, secretName, items } = objectOf(source[field]);
      const from = textOf(secretName) ?? textOf(name);
      return from === null ? [] : [{ kind, name: from, items: items === undefined ? null : objectsOf(items) }];
    }),
  );
}

/** The text of every ConfigMap file that any container of a Pod mounts. */
export function mountedTexts(scope: Scope, template: PodTemplate, container: Container): MountedText[] {
  const mounted = new Set(objectsOf(container.spec['volumeMounts']).map(({ name }) => name));
  const volumes = objectsOf(template.spec['volumes']).filter(({ name }) => mounted.has(name));
  return volumes.flatMap(sourcesOf).flatMap(({ kind, name, items }) => {
    const from = kind === 'ConfigMap' ? scope.objects.get(objectKey(template.from.part.api, kind, template.namespace, name)) : undefined;
    if (from === undefined) return [];
    const keys = items === null ? null : new Set(items.map(({ key }) => key));
    return Object.entries(objectOf(from.manifest['data'])).flatMap(([key, text]) =>
      typeof text === 'string' && (keys === null || keys.has(key)) ? [{ from, key, text }] : []);
  });
}
