import { sortedKeys, type JsonObject, type JsonValue, type Manifest } from '../model/manifest.ts';
import { DEEPEST, findRefusal, isBound, isPlainContainer } from './refusal.ts';
import { hasLoneSurrogate, writeKey, writeText } from './scalars.ts';

/** The order a reader expects at the top of a manifest, in `metadata` and in a container; other keys follow by code unit. */
const MANIFEST_KEYS = ['apiVersion', 'kind', 'metadata', 'type', 'spec', 'data'] as const;
const METADATA_KEYS = ['name', 'namespace', 'labels', 'annotations'] as const;
const CONTAINER_KEYS = ['name', 'image'] as const;

const PADS: readonly string[] = Array.from({ length: DEEPEST + 2 }, (_, depth) => '  '.repeat(depth));

/** Written keys by key. Manifests repeat a few thousand keys; the bound keeps a hostile input from growing it. */
const KEYS = new Map<string, string>();
const MOST_KEYS = 20_000;

/**
 * The one YAML writer. It writes plain JSON values only, so it needs no anchors, tags or folding, and every parser
 * (YAML 1.1, YAML 1.2, the fork of go-yaml that Kubernetes uses) reads the same value back.
 * @throws Error that names the path of the first value JSON cannot hold.
 */
export function toYaml(value: JsonValue): string {
  try {
    return writeRoot(value);
  } catch (cause) {
    const refusal = findRefusal(value);
    if (refusal === null) throw cause;
    throw new Error(`This cannot be written as YAML: ${refusal}.`, { cause });
  }
}

const HEADER = /^# [^\n]*(?:\n# [^\n]*)*$/;

/** A whole file: the comment that says where it comes from, then the manifest. Each line of `header` starts with `#`. */
export function toYamlFile(manifest: Manifest, header: string): string {
  if (!HEADER.test(header)) throw new Error(`A file header has only lines that start with "# ", but this one is ${JSON.stringify(header)}.`);
  return `${header}\n${toYaml(manifest)}`;
}

function writeRoot(value: JsonValue): string {
  if (typeof value !== 'object' || value === null) return writeScalar(value, 0).slice(1);
  if (isList(value)) return value.length === 0 ? '[]\n' : writeList(value, '', 0);
  return writeObject(value, '', 0, false) || '{}\n';
}

/** Writes what follows `key:`. A list keeps the indentation of its key, as kubectl prints it. */
function writeUnderKey(key: string, value: JsonValue, depth: number): string {
  if (typeof value !== 'object' || value === null) return writeScalar(value, depth, key);
  if (isList(value)) return value.length === 0 ? ' []\n' : `\n${writeList(value, PADS[depth] ?? '', depth)}`;
  const text = writeObject(value, PADS[depth + 1] ?? '', depth + 1, key === 'metadata');
  return text === '' ? ' {}\n' : `\n${text}`;
}

/** Writes a list whose dashes stand at `depth`; `lead` is what stands before the first of them. */
function writeList(list: readonly JsonValue[], lead: string, depth: number): string {
  if (depth > DEEPEST) throw new Error('too deep');
  const pad = PADS[depth] ?? '';
  let text = '';
  let before = lead;
  for (let i = 0; i < list.length; i++) {
    text += `${before}-${writeItem(list[i], depth)}`;
    before = pad;
  }
  return text;
}

function writeItem(value: JsonValue | undefined, depth: number): string {
  if (typeof value !== 'object' || value === null) return writeScalar(value, depth);
  if (isList(value)) return value.length === 0 ? ' []\n' : writeList(value, ' ', depth + 1);
  return writeObject(value, ' ', depth + 1, false) || ' {}\n';
}

/** Writes the entries at `depth`, or nothing when there are none; `lead` is what stands before the first of them. */
function writeObject(value: JsonObject, lead: string, depth: number, isMetadata: boolean): string {
  if (depth > DEEPEST || !isPlainContainer(value)) throw new Error('refused');
  const pad = PADS[depth] ?? '';
  let text = '';
  let before = lead;
  for (const key of orderKeys(value, isMetadata)) {
    const item = value[key];
    if (item === undefined) continue;
    text += `${before}${writeCachedKey(key, pad)}${writeUnderKey(key, item, depth)}`;
    before = pad;
  }
  return text;
}

/** Object.keys puts integer-like keys first, so the order is always made here. */
function orderKeys(value: JsonObject, isMetadata: boolean): readonly string[] {
  const keys = sortedKeys(value);
  if (keys.length < 2) return keys;
  if (isMetadata) return putFirst(METADATA_KEYS, keys);
  if (value['image'] !== undefined && value['name'] !== undefined) return putFirst(CONTAINER_KEYS, keys);
  if (value['kind'] !== undefined && value['apiVersion'] !== undefined) return putFirst(MANIFEST_KEYS, keys);
  return keys;
}

function putFirst(first: readonly string[], keys: readonly string[]): readonly string[] {
  return [...first.filter((key) => keys.includes(key)), ...keys.filter((key) => !first.includes(key))];
}

function writeCachedKey(key: string, pad: string): string {
  const known = KEYS.get(key);
  if (known !== undefined) return known;
  if (hasLoneSurrogate(key)) throw new Error('refused');
  const text = writeKey(key, pad);
  if (!text.startsWith('?') && KEYS.size < MOST_KEYS) KEYS.set(key, text);
  return text;
}

/** Writes the space before a scalar, the scalar and its line break. */
function writeScalar(value: JsonValue | undefined, depth: number, key = ''): string {
  switch (typeof value) {
    case 'string':
      return writeTextLine(value, depth);
    case 'number':
      return ` ${writeNumber(value, key)}\n`;
    case 'boolean':
      return value ? ' true\n' : ' false\n';
    default:
      if (value === null) return ' null\n';
      throw new Error('refused');
  }
}

function writeTextLine(value: string, depth: number): string {
  const text = writeText(value, PADS[depth + 1] ?? '');
  if (text === value) return ` ${text}\n`;
  if (hasLoneSurrogate(value)) throw new Error('refused');
  return text.endsWith('\n') ? ` ${text}` : ` ${text}\n`;
}

/**
 * The fewest digits that are read back as the same double, as JSON has them and the API server prints them. YAML 1.1 wants a
 * point in the mantissa of an exponent. Adding 0 turns -0 into 0.
 */
function writeNumber(value: number, key: string): string {
  if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value) && !isBound(key))) throw new Error('refused');
  const text = String(value + 0);
  return text.includes('e') && !text.includes('.') ? text.replace('e', '.0e') : text;
}

function isList(value: readonly JsonValue[] | JsonObject): value is readonly JsonValue[] {
  return Array.isArray(value);
}
