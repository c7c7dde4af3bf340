import type { Structure } from '../../versions/schemas.ts';

/** A structure of a custom resource: what CRDs can say beyond Kubernetes' own schemas. CEL rules are not among it. */
export interface CustomStructure extends Omit<Structure, 'properties' | 'items' | 'additionalProperties'> {
  readonly properties?: Readonly<Record<string, CustomStructure>>;
  readonly items?: CustomStructure;
  readonly additionalProperties?: CustomStructure;
  readonly limits?: Limits;
}

/** Bounds of a value, as JSON Schema names them. */
export interface Limits {
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** A structure whose references are resolved: what the interpreter walks, with nothing left to look up. */
export interface Shape {
  readonly type: 'object' | 'map' | 'array' | 'string' | 'integer' | 'number' | 'boolean' | 'intOrString' | 'quantity' | 'any';
  readonly properties: ReadonlyMap<string, Shape>;
  readonly required: readonly string[];
  /** True when fields that are not in `properties` are kept. */
  readonly open: boolean;
  /** Shape of a list's items or a map's values. */
  readonly items: Shape | null;
  /** Fields that identify a list's item; empty for a set of plain values; null when nothing does. */
  readonly keys: readonly string[] | null;
  readonly format: string | null;
  readonly allowed: readonly string[] | null;
  readonly limits: (Limits & { readonly matcher: RegExp | null }) | null;
  /** True for the built-in kinds, of which the API server drops empty lists and maps. */
  readonly dropsEmpty: boolean;
}

export type Definitions = Readonly<Record<string, Structure>>;
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Resolves structures against the definitions of one minor. Each definition is resolved once, on first use. */
export class Resolver {
  readonly #definitions: Definitions;
  readonly #resolved = new Map<string, Shape>();

  constructor(definitions: Definitions) {
    this.#definitions = definitions;
  }

  /** The shape of a definition. */
  definition(name: string): Shape {
    const known = this.#resolved.get(name);
    if (known !== undefined) return known;
    const structure = this.#definitions[name];
    if (structure === undefined) throw new Error(`unreachable: no definition ${name}`);
    const shape = blank();
    this.#resolved.set(name, shape);
    return this.#fill(shape, structure, true);
  }

  /** The shape of a structure. `custom`: of a custom resource, of which nothing is dropped. */
  shape(structure: CustomStructure, custom: boolean): Shape {
    if (structure.ref === undefined) return this.#fill(blank(), structure, !custom);
    return this.definition(structure.ref);
  }

  #fill(shape: Mutable<Shape>, structure: CustomStructure, dropsEmpty: boolean): Shape {
    const inner = (child: CustomStructure): Shape => this.shape(child, !dropsEmpty);
    const entries = Object.entries(structure.properties ?? {});
    const items = structure.items ?? structure.additionalProperties;
    shape.type = typeOf(structure);
    shape.properties = new Map(entries.map(([name, child]) => [name, inner(child)]));
    shape.required = structure.required ?? [];
    shape.open = structure.preserveUnknown === true;
    shape.items = items === undefined ? null : inner(items);
    shape.keys = keysOf(structure);
    shape.format = structure.format ?? null;
    shape.allowed = structure.enum ?? null;
    shape.limits = limitsOf(structure.limits);
    shape.dropsEmpty = dropsEmpty;
    return shape;
  }
}

function blank(): Mutable<Shape> {
  return {
    type: 'any', properties: new Map(), required: [], open: false, items: null, keys: null,
    format: null, allowed: null, limits: null, dropsEmpty: false,
  };
}

function typeOf(structure: CustomStructure): Shape['type'] {
  if (structure.intOrString === true) return 'intOrString';
  if (structure.quantity === true) return 'quantity';
  if (structure.type === undefined) return 'any';
  return structure.additionalProperties === undefined ? structure.type : 'map';
}

/** The keys by which server-side apply merges a list, or else those of strategic merge. */
function keysOf(structure: CustomStructure): readonly string[] | null {
  if (structure.listMapKeys !== undefined) return structure.listMapKeys;
  if (structure.patchMergeKey !== undefined) return [structure.patchMergeKey];
  return structure.listType === 'set' ? [] : null;
}

function limitsOf(limits: Limits | undefined): Shape['limits'] {
  if (limits === undefined) return null;
  return { ...limits, matcher: limits.pattern === undefined ? null : matcherOf(limits.pattern) };
}

/** CRDs are written for the regular expressions of Go. What JavaScript has no equal for is left to the API server. */
function matcherOf(pattern: string): RegExp | null {
  try {
    return new RegExp(pattern);
  } catch {
    return null;
  }
}
