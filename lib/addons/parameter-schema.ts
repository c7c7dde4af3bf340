import { isDeepStrictEqual } from 'node:util';
import type { JsonObject, JsonValue } from '../model/manifest.ts';
import { below, fieldOf } from '../validate/paths.ts';
import { kindOf, someOf, wordsOf } from '../validate/say.ts';
import { didYouMean } from '../validate/suggest.ts';
import { isMapping } from './documents.ts';

/** How a value differs from its schema: where, and the rest of a sentence. */
export interface Misfit {
  readonly path: string;
  readonly what: string;
}

/** What a keyword demands of a value. A misfit of the value itself has the path that was given. */
type Keyword = (limit: JsonValue, value: JsonValue, path: string, schema: JsonObject) => readonly Misfit[];

/** JSON Schema's types in the words of a definition. */
const TYPES: Readonly<Record<string, { readonly is: string; readonly fits: (value: JsonValue) => boolean }>> = {
  string: { is: 'a text', fits: (value) => typeof value === 'string' },
  integer: { is: 'a whole number', fits: (value) => Number.isSafeInteger(value) },
  number: { is: 'a number', fits: (value) => typeof value === 'number' },
  boolean: { is: 'true or false', fits: (value) => typeof value === 'boolean' },
  array: { is: 'a list', fits: Array.isArray },
  object: { is: 'an object', fits: isMapping },
  null: { is: 'null', fits: (value) => value === null },
};

const unless = (fits: boolean, path: string, what: string): Misfit[] => (fits ? [] : [{ path, what }]);
const sizeOf = (value: JsonValue): number | null => (typeof value === 'string' || Array.isArray(value) ? value.length : null);
const shownIn = (values: JsonValue): string => someOf((Array.isArray(values) ? values as readonly JsonValue[] : [values]).map((value) => JSON.stringify(value)));

/** The keywords that are understood. Every other one is refused, for it would promise what nobody holds. */
const KEYWORDS: Readonly<Record<string, Keyword>> = {
  $schema: () => [], $id: () => [], $comment: () => [], title: () => [], description: () => [], default: () => [], examples: () => [],
  type: (types, value, path) => {
    const wanted = [types].flat() as string[];
    return unless(wanted.some((type) => TYPES[type]?.fits(value)), path, `is ${kindOf(value)}, not ${wordsOf(wanted.map((type) => TYPES[type]?.is ?? type), 'or')}`);
  },
  enum: (allowed, value, path) => unless((allowed as readonly JsonValue[]).some((one) => isDeepStrictEqual(one, value)), path, `is none of ${shownIn(allowed)}`),
  const: (wanted, value, path) => unless(isDeepStrictEqual(wanted, value), path, `is not ${shownIn(wanted)}`),
  minimum: (least, value, path) => unless(typeof value !== 'number' || value >= Number(least), path, `is less than ${Number(least)}`),
  maximum: (most, value, path) => unless(typeof value !== 'number' || value <= Number(most), path, `is more than ${Number(most)}`),
  minLength: (least, value, path) => unless(typeof value !== 'string' || value.length >= Number(least), path, `is shorter than ${Number(least)} characters`),
  maxLength: (most, value, path) => unless(typeof value !== 'string' || value.length <= Number(most), path, `is longer than ${Number(most)} characters`),
  minItems: (least, value, path) => unless(!Array.isArray(value) || (sizeOf(value) ?? 0) >= Number(least), path, `has fewer than ${Number(least)} entries`),
  maxItems: (most, value, path) => unless(!Array.isArray(value) || (sizeOf(value) ?? 0) <= Number(most), path, `has more than ${Number(most)} entries`),
  pattern: (pattern, value, path) => unless(typeof value !== 'string' || new RegExp(String(pattern), 'u').test(value), path, `does not match ${String(pattern)}`),
  items: (schema, value, path) => (Array.isArray(value) ? (value as readonly JsonValue[]).flatMap((item, index) => misfitsOf(schema as JsonObject, item, below(path, index))) : []),
  properties: (fields, value, path) => entriesOf(value).flatMap(([name, item]) => {
    const schema = fieldOf(fields, name);
    return isMapping(schema) ? misfitsOf(schema, item, below(path, name)) : [];
  }),
  required: (names, value, path) => (isMapping(value) ? (names as readonly string[]).flatMap((name) => unless(Object.hasOwn(value, name), path, `has no ${name}`)) : []),
  additionalProperties: (rule, value, path, { properties }) => {
    const known = entriesOf(properties ?? {}).map(([name]) => name);
    return entriesOf(value).filter(([name]) => !known.includes(name)).flatMap(([name, item]) =>
      (isMapping(rule) ? misfitsOf(rule, item, below(path, name)) : unless(rule !== false, path, `has no field ${name}.${didYouMean(name, known)}`)));
  },
};

const entriesOf = (value: JsonValue): [string, JsonValue][] => (isMapping(value) ? Object.entries(value) as [string, JsonValue][] : []);

/** Everything in which a value differs from a schema that `schemaFault` has nothing against. */
export function misfitsOf(schema: JsonObject, value: JsonValue, path: string): readonly Misfit[] {
  const ofType = schema['type'] === undefined ? [] : (KEYWORDS['type']?.(schema['type'], value, path, schema) ?? []);
  if (ofType.length > 0) return ofType;
  return entriesOf(schema).filter(([keyword]) => keyword !== 'type').flatMap(([keyword, limit]) => KEYWORDS[keyword]?.(limit, value, path, schema) ?? []);
}

/** What each keyword's own value must be. */
const SHAPES: Readonly<Record<string, (limit: JsonValue) => boolean>> = {
  type: (types) => [types].flat().every((type) => Object.hasOwn(TYPES, String(type))),
  enum: Array.isArray,
  pattern: (pattern) => typeof pattern === 'string' && isPattern(pattern),
  required: (names) => Array.isArray(names) && names.every((name) => typeof name === 'string'),
  properties: isMapping,
  items: isMapping,
  additionalProperties: (rule) => typeof rule === 'boolean' || isMapping(rule),
  ...Object.fromEntries(['minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems'].map((name) => [name, (limit: JsonValue) => typeof limit === 'number'])),
};

/** The first thing in a schema that is not understood, or null. */
export function schemaFault(schema: JsonValue, path = ''): string | null {
  if (!isMapping(schema)) return `${path || 'the schema'} is ${kindOf(schema)}, not an object`;
  for (const [keyword, limit] of entriesOf(schema)) {
    const at = below(path, keyword);
    if (!Object.hasOwn(KEYWORDS, keyword)) return `${at} is no keyword that is understood.${didYouMean(keyword, Object.keys(KEYWORDS))}`;
    if (SHAPES[keyword]?.(limit) === false) return `${at} is not what this keyword takes`;
    const inner = innerSchemas(keyword, limit).map(([name, child]) => schemaFault(child, name === '' ? at : below(at, name))).find((fault) => fault !== null);
    if (inner !== undefined) return inner;
  }
  return null;
}

function innerSchemas(keyword: string, limit: JsonValue): readonly (readonly [string, JsonValue])[] {
  if (keyword === 'properties') return entriesOf(limit);
  return keyword === 'items' || (keyword === 'additionalProperties' && isMapping(limit)) ? [['', limit]] : [];
}

function isPattern(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}
