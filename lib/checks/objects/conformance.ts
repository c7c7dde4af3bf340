import type { JsonObject, JsonValue } from '../../model/manifest.ts';
import { didYouMean } from '../../validate/suggest.ts';
import { formatFault, rangeFault } from './formats.ts';
import { isObject, pathOf, type Json } from './json.ts';
import type { Shape } from './structure.ts';

/** Where a value does not have the shape that the API server demands. */
export interface Violation {
  readonly code:
    | 'manifest/unknown-field' | 'manifest/wrong-type' | 'manifest/missing-field'
    | 'manifest/bad-value' | 'manifest/duplicate-list-key';
  readonly path: string;
  /** The end of a sentence that begins with the path. */
  readonly what: string;
}

/** Everything in which a value differs from a shape. */
export function violationsOf(shape: Shape, value: Json): readonly Violation[] {
  return new Walk().run(shape, value);
}

/**
 * Interprets a shape. Not ajv: compiling its functions for each kind would take longer than building one cluster.
 * A value that conforms costs one visit a field and allocates nothing; the path is put together only for a violation.
 */
class Walk {
  readonly #path: (string | number)[] = [];
  readonly #violations: Violation[] = [];

  run(shape: Shape, value: Json): readonly Violation[] {
    this.#visit(shape, value);
    return this.#violations;
  }

  /** Null counts as absent here, as it does when the API server decodes; that it should not be written is another check. */
  #visit(shape: Shape, value: Json): void {
    if (value === null || value === undefined) return;
    switch (shape.type) {
      case 'object': return isObject(value) ? this.#object(shape, value) : this.#wrongType('an object', value);
      case 'map': return isObject(value) ? this.#map(shape, value) : this.#wrongType('a map', value);
      case 'array': return Array.isArray(value) ? this.#list(shape, value as readonly JsonValue[]) : this.#wrongType('a list', value);
      case 'string': return typeof value === 'string' ? this.#text(shape, value) : this.#wrongType('text', value);
      case 'integer': return Number.isInteger(value) ? this.#number(shape, Number(value)) : this.#wrongType('a whole number', value);
      case 'number': return typeof value === 'number' ? this.#number(shape, value) : this.#wrongType('a number', value);
      case 'boolean': return typeof value === 'boolean' ? undefined : this.#wrongType('true or false', value);
      case 'intOrString': return typeof value === 'string' || Number.isInteger(value) ? undefined : this.#wrongType('a whole number or text', value);
      case 'quantity': return this.#quantity(value);
      case 'any': return undefined;
    }
  }

  #object(shape: Shape, value: JsonObject): void {
    for (const name in value) {
      const field = shape.properties.get(name);
      if (field !== undefined) this.#inside(name, field, value[name]);
      else if (!shape.open && value[name] !== undefined) this.#unknown(shape, name);
    }
    for (const name of shape.required) {
      if (value[name] === undefined || value[name] === null) this.#found('manifest/missing-field', `lacks \`${name}\`, which is required`);
    }
  }

  #map(shape: Shape, value: JsonObject): void {
    if (shape.items === null) return;
    for (const key in value) this.#inside(key, shape.items, value[key]);
  }

  #list(shape: Shape, value: readonly JsonValue[]): void {
    const { items, keys, limits } = shape;
    if (items !== null) for (let index = 0; index < value.length; index++) this.#inside(index, items, value[index]);
    if (keys !== null && value.length > 1) this.#distinct(keys, value);
    if (limits !== null) this.#length(value.length, limits.minItems, limits.maxItems, 'items');
  }

  #inside(step: string | number, shape: Shape, value: Json): void {
    this.#path.push(step);
    this.#visit(shape, value);
    this.#path.pop();
  }

  /** Lists of manifests are short: comparing pairs needs no memory. Long ones (2,000 endpoints) get a set. */
  #distinct(keys: readonly string[], value: readonly JsonValue[]): void {
    if (value.length > 24) return this.#distinctByText(keys, value);
    for (let second = 1; second < value.length; second++) {
      for (let first = 0; first < second; first++) if (sameKey(keys, value[first], value[second])) this.#duplicate(keys, first, second);
    }
  }

  #distinctByText(keys: readonly string[], value: readonly JsonValue[]): void {
    const seen = new Map<string, number>();
    value.forEach((item, index) => {
      const text = JSON.stringify(keys.length === 0 ? item : keys.map((key) => keyValue(item, key)));
      const first = seen.get(text);
      if (first === undefined) seen.set(text, index);
      else this.#duplicate(keys, first, index);
    });
  }

  #text(shape: Shape, value: string): void {
    if (shape.allowed !== null && !shape.allowed.includes(value) && !(value === '' && shape.dropsEmpty)) {
      const wanted = shape.allowed.map((choice) => `\`${choice}\``).join(', ');
      this.#found('manifest/bad-value', `is \`${value}\`, but must be one of ${wanted}.${didYouMean(value, shape.allowed)}`.replace(/\.$/, ''));
    }
    const fault = shape.format === null ? null : formatFault(shape.format, value);
    if (fault !== null) this.#found('manifest/bad-value', fault);
    if (shape.limits === null) return;
    this.#length([...value].length, shape.limits.minLength, shape.limits.maxLength, 'characters');
    if (shape.limits.matcher?.test(value) === false) this.#found('manifest/bad-value', `does not match the pattern ${shape.limits.pattern}`);
  }

  #number(shape: Shape, value: number): void {
    const fault = rangeFault(shape.format, value, shape.limits);
    if (fault !== null) this.#found('manifest/bad-value', fault);
  }

  #quantity(value: JsonValue): void {
    if (typeof value === 'number') return;
    if (typeof value !== 'string') return this.#wrongType('a quantity such as `500Mi`', value);
    const fault = formatFault('quantity', value);
    if (fault !== null) this.#found('manifest/bad-value', fault);
  }

  #length(length: number, least: number | undefined, most: number | undefined, unit: string): void {
    if (least !== undefined && length < least) this.#found('manifest/bad-value', `has ${length} ${unit}, but needs at least ${least}`);
    if (most !== undefined && length > most) this.#found('manifest/bad-value', `has ${length} ${unit}, but may have at most ${most}`);
  }

  #unknown(shape: Shape, name: string): void {
    this.#path.push(name);
    this.#found('manifest/unknown-field', `is no field of this kind.${didYouMean(name, [...shape.properties.keys()])}`.replace(/\.$/, ''));
    this.#path.pop();
  }

  #duplicate(keys: readonly string[], first: number, second: number): void {
    const same = keys.length === 0 ? 'the same value' : `the same ${keys.join(' and ')}`;
    this.#found('manifest/duplicate-list-key', `has ${same} in items ${first} and ${second}`);
  }

  #wrongType(wanted: string, value: JsonValue): void {
    this.#found('manifest/wrong-type', `must be ${wanted}, not ${describe(value)}`);
  }

  #found(code: Violation['code'], what: string): void {
    this.#violations.push({ code, what, path: pathOf(this.#path) });
  }
}

/** What a value is, without the value of a text: it could be a secret. */
function describe(value: JsonValue): string {
  if (typeof value === 'string') return 'text';
  if (Array.isArray(value)) return 'a list';
  return isObject(value) ? 'an object' : `\`${String(value)}\``;
}

function sameKey(keys: readonly string[], first: Json, second: Json): boolean {
  if (keys.length === 0) return first === second;
  for (const key of keys) if (keyValue(first, key) !== keyValue(second, key)) return false;
  return true;
}

/** `protocol` is the only list key with a default; the API server fills it in before it compares. */
function keyValue(item: Json, key: string): Json {
  if (!isObject(item)) return undefined;
  return item[key] ?? (key === 'protocol' ? 'TCP' : undefined);
}
