import type { Structure } from '../../../lib/versions/schemas.ts';

/** A schema as `/openapi/v2` writes it; only what we read. */
export interface OpenApiSchema {
  readonly $ref?: string;
  readonly type?: NonNullable<Structure['type']>;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, OpenApiSchema>>;
  readonly required?: readonly string[];
  readonly items?: OpenApiSchema;
  readonly additionalProperties?: OpenApiSchema;
  readonly 'x-kubernetes-list-type'?: NonNullable<Structure['listType']>;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-patch-merge-key'?: string;
  readonly 'x-kubernetes-group-version-kind'?: readonly GroupVersionKind[];
}

/** A kind, in three parts. */
export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export type OpenApiDefinitions = Readonly<Record<string, OpenApiSchema>>;

/** Types whose JSON is not what OpenAPI v2 can say of them. */
const SPECIAL: Readonly<Record<string, Structure>> = {
  'api.resource.Quantity': { quantity: true },
  'util.intstr.IntOrString': { intOrString: true },
  'pkg.runtime.RawExtension': { type: 'object', preserveUnknown: true },
  'meta.v1.FieldsV1': { type: 'object', preserveUnknown: true },
  'meta.v1.Patch': { type: 'object', preserveUnknown: true },
  'apiextensions.v1.JSON': { preserveUnknown: true },
  'apiextensions.v1.JSONSchemaPropsOrArray': { preserveUnknown: true },
  'apiextensions.v1.JSONSchemaPropsOrBool': { preserveUnknown: true },
  'apiextensions.v1.JSONSchemaPropsOrStringArray': { preserveUnknown: true },
};

/** `io.k8s.api.apps.v1.StatefulSet` is `apps.v1.StatefulSet` with us. */
export const shortName = (definition: string) => definition.split('.').slice(-3).join('.');

/** One definition in our words: nothing for readers, nothing left open that the API server would prune. */
export function structureOf(schema: OpenApiSchema, name: string, all: OpenApiDefinitions): Structure {
  const special = SPECIAL[shortName(name)];
  if (special) return special;
  if (schema.type === 'object' && !schema.additionalProperties) return { properties: {}, ...convert(schema, all) };
  return convert(schema, all);
}

function convert(schema: OpenApiSchema, all: OpenApiDefinitions): Structure {
  const { type, format, required, items, properties, additionalProperties } = schema;
  if (!schema.$ref && !type) throw new Error(`a schema without a type: ${JSON.stringify(schema)}`);
  return withoutHoles({
    ...(schema.$ref ? follow(schema.$ref, all) : { type, format }),
    enum: schema.enum,
    required: required && [...required].sort(),
    items: items && convert(items, all),
    additionalProperties: additionalProperties && convert(additionalProperties, all),
    properties: properties && mapValues(properties, (value) => convert(value, all)),
    listType: schema['x-kubernetes-list-type'],
    listMapKeys: schema['x-kubernetes-list-map-keys'],
    patchMergeKey: schema['x-kubernetes-patch-merge-key'],
  });
}

/** Objects are referred to; times, quantities and their like are written where they are used. */
function follow(ref: string, all: OpenApiDefinitions): Structure {
  const name = ref.replace('#/definitions/', '');
  const target = all[name];
  if (!target) throw new Error(`${ref} is referred to, and not defined`);
  const isObject = target.type === 'object' && !SPECIAL[shortName(name)];
  return isObject ? { ref: shortName(name) } : structureOf(target, name, all);
}

type Holed<T> = { readonly [Key in keyof T]?: T[Key] | undefined };

function withoutHoles(structure: Holed<Structure>): Structure {
  return Object.fromEntries(Object.entries(structure).filter(([, value]) => value !== undefined));
}

/** The same keys, other values. */
export function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A, key: string) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}
