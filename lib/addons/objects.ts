import type { JsonValue, Manifest } from '../model/manifest.ts';
import { isMapping } from './documents.ts';
import type { Fault } from './fault.ts';

/** Objects that were read from somewhere, and what there is no object. */
export interface Objects {
  readonly manifests: readonly Manifest[];
  readonly faults: readonly Fault[];
}

export const NOTHING: Objects = { manifests: [], faults: [] };

export const joined = (parts: readonly Objects[]): Objects =>
  ({ manifests: parts.flatMap(({ manifests }) => manifests), faults: parts.flatMap(({ faults }) => faults) });

/** The Kubernetes objects among values; a List is what it lists. `where` names the place of a value for a sentence. */
export function objectsIn(values: readonly JsonValue[], where: (index: number) => string): Objects {
  return joined(values.map((value, index) => objectsOf(value, where(index))));
}

function objectsOf(value: JsonValue, where: string): Objects {
  if (isMapping(value) && value['apiVersion'] === 'v1' && value['kind'] === 'List' && Array.isArray(value['items'])) {
    return objectsIn(value['items'] as readonly JsonValue[], (index) => `${where}, item ${index + 1} of its List`);
  }
  const lacks = lacking(value);
  return lacks === null ? { manifests: [value as Manifest], faults: [] } : { manifests: [], faults: [badObject(where, lacks)] };
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

function lacking(value: JsonValue): string | null {
  if (!isMapping(value)) return 'is no object';
  const { apiVersion, kind, metadata } = value;
  if (!isText(apiVersion) || !isText(kind)) return `has no ${isText(kind) ? 'apiVersion' : 'kind'}`;
  if (!isMapping(metadata) || !isText(metadata['name'])) return 'has no metadata.name';
  return metadata['namespace'] === undefined || isText(metadata['namespace']) ? null : 'has a metadata.namespace that is no text';
}

const badObject = (where: string, lacks: string): Fault => ({
  code: 'addons/bad-object', path: '',
  what: `${where} ${lacks}.`,
  why: 'each object is a file of its own, known by its kind and its name; one whose name is made up later cannot be compared with what runs.',
  fix: 'write an object with apiVersion, kind and metadata.name, or take this out.',
});
