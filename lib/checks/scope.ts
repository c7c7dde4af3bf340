import { groupOf, type Manifest } from '../model/manifest.ts';
import type { CheckedPart, CheckContext, PlacedManifest } from './input.ts';
import { textsIn } from './objects/json.ts';
import { kindTablesOf, type KindTable } from './objects/kinds.ts';
import { podTemplateOf, type PodTemplate } from './pods/pod-templates.ts';
import { selectorPlacesOf, type SelectorPlace } from './selectors/selector-places.ts';

/** A manifest, the part it is in, and what it is asked for again and again. */
export interface CheckedManifest extends PlacedManifest {
  readonly part: CheckedPart;
  /** `apps/v1/Deployment`. */
  readonly type: string;
  /** Its `objectKey`. */
  readonly key: string;
  /** All texts in it as one, a line break between two: what this lacks none of them has. */
  readonly texts: string;
}

/** What every check reads: all manifests of an owner, indexed once. */
export interface Scope {
  readonly owner: string;
  readonly context: CheckContext;
  readonly manifests: readonly CheckedManifest[];
  readonly templates: readonly PodTemplate[];
  readonly selectors: readonly SelectorPlace[];
  /** Kinds by API server. */
  readonly tables: ReadonlyMap<string, KindTable>;
  /** By `objectKey`. */
  readonly objects: ReadonlyMap<string, CheckedManifest>;
}

/** Indexes the parts of one owner. */
export function scopeOf(owner: string, parts: readonly CheckedPart[], context: CheckContext): Scope {
  const manifests = parts.flatMap((part) => part.manifests.map((placed) => checkedIn(part, placed)));
  const templates = manifests.map(podTemplateOf).filter((template) => template !== null);
  const objects = new Map(manifests.map((item) => [item.key, item]));
  return {
    owner, context, manifests, templates, objects,
    selectors: selectorPlacesOf(manifests, templates),
    tables: kindTablesOf(manifests),
  };
}

/** Key of an object on one API server; the kind as `groupKindOf` writes it. */
export function objectKey(api: string, groupKind: string, namespace: string | null, name: string): string {
  return `${api}|${groupKind}|${namespace ?? ''}|${name}`;
}

function checkedIn(part: CheckedPart, { manifest, source, stage }: PlacedManifest): CheckedManifest {
  const { name, namespace } = manifest.metadata;
  return { manifest, source, stage, part, type: `${manifest.apiVersion}/${manifest.kind}`, key: objectKey(part.api, groupKindOf(manifest), namespace ?? null, name), texts: textsIn(manifest).join('\n') };
}

/** A kind without its version, for those are all the same object: `Secret`, `StatefulSet.apps`. */
export function groupKindOf(manifest: Manifest): string {
  const group = groupOf(manifest);
  return group === '' ? manifest.kind : `${manifest.kind}.${group}`;
}

/** How messages name a manifest, `Deployment cp-a/kube-apiserver`; with its group, `Deployment.apps …`, it is told from all others of its API server. */
export function nameOf(manifest: Manifest, kind = manifest.kind): string {
  const { name, namespace } = manifest.metadata;
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

/** True when a manifest is on the same API server and in the same namespace as a Pod template. */
export function isBeside(item: CheckedManifest, template: PodTemplate): boolean {
  return item.part.api === template.from.part.api && (item.manifest.metadata.namespace ?? '') === template.namespace;
}
