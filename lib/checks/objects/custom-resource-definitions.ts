import type { JsonObject } from '../../model/manifest.ts';
import { dig, isObject, listOf, objectOf, objectsOf, textOf, type Json } from './json.ts';
import type { CustomStructure, Limits } from './structure.ts';

/** A CustomResourceDefinition as its authors publish it. */
export type CustomResourceDefinition = JsonObject;

/** A kind that a CRD brings, and the structure of each version that it serves. */
export interface CustomKind {
  readonly group: string;
  readonly kind: string;
  readonly scope: 'Namespaced' | 'Cluster';
  readonly versions: Readonly<Record<string, CustomStructure>>;
}

const LIMITS = ['pattern', 'minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems'] as const satisfies readonly (keyof Limits)[];

/** Distils a CRD: no descriptions, no CEL rules, which only the API server evaluates, and no defaults, though what has one need not be written. */
export function customKindOf(definition: CustomResourceDefinition): CustomKind {
  const spec = objectOf(definition['spec']);
  const served = objectsOf(spec['versions']).filter((version) => version['served'] === true);
  const versions = served.map((version) => [textOf(version['name']) ?? '', resourceOf(dig(version, 'schema', 'openAPIV3Schema'))] as const);
  return {
    group: textOf(spec['group']) ?? '',
    kind: textOf(dig(spec, 'names', 'kind')) ?? '',
    scope: spec['scope'] === 'Cluster' ? 'Cluster' : 'Namespaced',
    versions: Object.fromEntries(versions),
  };
}

/** Every resource has Kubernetes' own metadata, whatever its CRD says. */
function resourceOf(schema: Json): CustomStructure {
  const { properties, ...rest } = structureOf(schema);
  const own = { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: { ref: 'meta.v1.ObjectMeta' } } as const;
  return { ...rest, type: 'object', properties: { ...properties, ...own } };
}

/** What an object inside an object has without its CRD saying so. */
const EMBEDDED = { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: {} } as const satisfies Record<string, CustomStructure>;

function structureOf(schema: Json): CustomStructure {
  const node = objectOf(schema);
  const properties = isObject(node['properties']) ? mapValues(node['properties'], structureOf) : null;
  const isEmbedded = node['x-kubernetes-embedded-resource'] === true;
  return {
    ...plainPartOf(node),
    ...((properties !== null || isEmbedded) && { properties: { ...(isEmbedded && EMBEDDED), ...properties } }),
    ...(node['items'] !== undefined && { items: structureOf(node['items']) }),
    ...(isObject(node['additionalProperties']) && { additionalProperties: structureOf(node['additionalProperties']) }),
    ...limitsPartOf(node),
  };
}

function plainPartOf(node: JsonObject): CustomStructure {
  const keys = listOf(node['x-kubernetes-list-map-keys']);
  return {
    ...(node['x-kubernetes-int-or-string'] === true && { intOrString: true }),
    ...((node['x-kubernetes-preserve-unknown-fields'] === true || node['additionalProperties'] === true) && { preserveUnknown: true }),
    ...(typeof node['type'] === 'string' && { type: node['type'] as 'object' }),
    ...(typeof node['format'] === 'string' && { format: node['format'] }),
    ...(Array.isArray(node['enum']) && { enum: texts(node['enum']) }),
    ...(Array.isArray(node['required']) && { required: texts(node['required']).filter((name) => dig(node, 'properties', name, 'default') === undefined) }),
    ...(typeof node['x-kubernetes-list-type'] === 'string' && { listType: node['x-kubernetes-list-type'] as 'map' }),
    ...(keys.length > 0 && { listMapKeys: texts(keys) }),
  };
}

function limitsPartOf(node: JsonObject): CustomStructure {
  const limits = LIMITS.flatMap((name) => (node[name] === undefined ? [] : [[name, node[name]] as const]));
  return limits.length === 0 ? {} : { limits: Object.fromEntries(limits) as Limits };
}

const texts = (values: Json): string[] => listOf(values).filter((value) => typeof value === 'string');

function mapValues(values: JsonObject, change: (value: Json) => CustomStructure): Record<string, CustomStructure> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}
