import type { JsonObject, JsonValue } from '../../model/manifest.ts';

/** Anything that a path into a manifest can lead to. */
export type Json = JsonValue | undefined;

const NOTHING: JsonObject = Object.freeze({});
const NONE: readonly JsonValue[] = Object.freeze([]);

/** True for an object, which in JSON is a map from names to values. */
export function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as an object; an empty one when it is none, because its type is another check's business. */
export function objectOf(value: Json): JsonObject {
  return isObject(value) ? value : NOTHING;
}

/** The value as a list; an empty one when it is none. */
export function listOf(value: Json): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : NONE;
}

/** The value as a list of objects. */
export function objectsOf(value: Json): readonly JsonObject[] {
  const list = listOf(value);
  return list.every(isObject) ? list : list.map(objectOf);
}

/** The value as text; null when it is none. */
export function textOf(value: Json): string | null {
  return typeof value === 'string' ? value : null;
}

/** Any value as a sentence shows it. `String` throws on an object that has a key `toString`. */
export function wordOf(value: Json): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
}

/** The value as a number; `otherwise` when it is absent, NaN when it is anything else. */
export function numberOf(value: Json, otherwise: number): number {
  if (value === undefined) return otherwise;
  return typeof value === 'number' ? value : Number.NaN;
}

/** Those entries of a map that are text. */
export function textsOf(value: Json): readonly (readonly [string, string])[] {
  const texts: (readonly [string, string])[] = [];
  const map = objectOf(value);
  for (const key in map) {
    const text = map[key];
    if (typeof text === 'string') texts.push([key, text]);
  }
  return texts;
}

/** What is under a chain of names. */
export function dig(value: Json, ...names: readonly string[]): Json {
  let found: Json = value;
  for (const name of names) found = objectOf(found)[name];
  return found;
}

/** Calls back with every string inside a value; its path is put together only when it is asked for. */
export function eachText(value: Json, visit: (text: string, path: () => string) => void): void {
  const steps: (string | number)[] = [];
  walkTexts(value, { steps, path: () => pathOf(steps), visit });
}

interface TextWalk {
  readonly steps: (string | number)[];
  readonly path: () => string;
  readonly visit: (text: string, path: () => string) => void;
}

function walkTexts(value: Json, walk: TextWalk): void {
  if (typeof value === 'string') return walk.visit(value, walk.path);
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) for (let index = 0; index < value.length; index++) walkInside(index, value[index] as JsonValue, walk);
  else for (const key in value) walkInside(key, (value as JsonObject)[key], walk);
}

function walkInside(step: string | number, value: Json, walk: TextWalk): void {
  walk.steps.push(step);
  walkTexts(value, walk);
  walk.steps.pop();
}

/** Every string inside a value. */
export function textsIn(value: Json): string[] {
  const texts: string[] = [];
  addTexts(value, texts);
  return texts;
}

function addTexts(value: Json, texts: string[]): void {
  if (typeof value === 'string') texts.push(value);
  else if (Array.isArray(value)) for (const item of value as readonly JsonValue[]) addTexts(item, texts);
  else if (isObject(value)) for (const key in value) addTexts(value[key], texts);
}

/** Names and list indices as people write them: `spec.ports[0].name`. */
export function pathOf(steps: readonly (string | number)[]): string {
  return steps.reduce<string>((path, step) => (typeof step === 'number' ? `${path}[${step}]` : joinPath(path, step)), '');
}

/** A path with one more name, as people write it: `data["tls.crt"]`. */
export function joinPath(path: string, key: string): string {
  if (!/^[A-Za-z_][\w-]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}
