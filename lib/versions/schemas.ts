import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { assetUrl } from './asset.ts';
import type { Minor } from './minor.ts';

/**
 * The shape of a value. An object takes its `properties` and nothing else, or any key when it has
 * `additionalProperties`. No `type`, `ref`, `intOrString` or `quantity` means: any JSON value.
 */
export interface Structure {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  /** A definition's name; then nothing else but the list and merge keys is set. */
  readonly ref?: string;
  readonly properties?: Readonly<Record<string, Structure>>;
  readonly required?: readonly string[];
  readonly items?: Structure;
  readonly additionalProperties?: Structure;
  readonly format?: string;
  readonly enum?: readonly string[];
  /** A number or a string, such as a target port. */
  readonly intOrString?: true;
  /** A resource quantity: a string such as `500Mi`, or a number. */
  readonly quantity?: true;
  /** Content the API server keeps without knowing it: RawExtension (`type: 'object'`), JSON (any value). */
  readonly preserveUnknown?: true;
  readonly listType?: 'atomic' | 'set' | 'map';
  readonly listMapKeys?: readonly string[];
  readonly patchMergeKey?: string;
}

/** A kind as a manifest names it: `v1/Pod`, `apps/v1/StatefulSet`. */
export type KindName = string;

/**
 * Every kind the API server of one minor can serve. Definition names are the last three parts of
 * Kubernetes' own: `io.k8s.api.apps.v1.StatefulSet` is `apps.v1.StatefulSet`. Written by `npm run facts`.
 */
export interface StructuralSchemas {
  readonly definitions: Readonly<Record<string, Structure>>;
  readonly kinds: Readonly<Record<KindName, string>>;
  readonly scopes: Readonly<Record<KindName, 'Namespaced' | 'Cluster'>>;
  /** Kinds that need `--runtime-config` before the API server serves them. */
  readonly offByDefault: readonly KindName[];
}

const LOADED = new Map<Minor, StructuralSchemas>();

/** The schemas of a minor, unpacked on first use. */
export function schemasOf(minor: Minor): StructuralSchemas {
  const schemas = LOADED.get(minor) ?? unpack(minor);
  LOADED.set(minor, schemas);
  return schemas;
}

function unpack(minor: Minor): StructuralSchemas {
  const packed = readFileSync(assetUrl(`schemas/${minor}.json.gz`));
  return JSON.parse(gunzipSync(packed).toString('utf8')) as StructuralSchemas;
}
