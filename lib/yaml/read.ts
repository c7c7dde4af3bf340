import type { JsonValue } from '../model/manifest.ts';
import { blockMark, isPlain } from './scalars.ts';

/** Lines that are still to be read. */
interface Reading {
  readonly lines: string[];
  at: number;
}

type Mapping = Record<string, JsonValue>;

const KEY = /(?:("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')|([^"'?[{|\s-](?:.*?\S)??|-[^\s](?:.*?\S)??)):(?: (.+))?$/y;
/** What `KEY` is for most lines, in a form that looks at no character of a value. */
const WORD_KEY = /([A-Za-z][\w./-]*):(?: (?=.)|$)/y;
const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:e[-+]?[0-9]+)?$/;
const WORDS: ReadonlyMap<string, JsonValue> = new Map([['true', true], ['false', false], ['null', null]]);
const LONGEST_WORD = 'false'.length;

/**
 * Reads what `toYaml` writes, thirty times faster than a parser of all YAML; undefined for nearly everything else, which
 * is then for that parser to read or to refuse. Long keys, which `toYaml` writes with a `?`, are among the rest.
 */
export function readOwnYaml(text: string): JsonValue | undefined {
  if (!text.endsWith('\n')) return undefined;
  const reading = { lines: text.slice(0, -1).split('\n'), at: 0 };
  while (reading.lines[reading.at]?.startsWith('#') === true) reading.at += 1;
  try {
    const value = readNode(reading, 0);
    return reading.at === reading.lines.length ? value : undefined;
  } catch (cause) {
    if (cause instanceof NotOurs) return undefined;
    throw cause;
  }
}

class NotOurs extends Error {}

function refuse(): never {
  throw new NotOurs();
}

/** A list, a mapping, or a scalar on a line of its own. */
function readNode(reading: Reading, indent: number): JsonValue {
  const line = lineOf(reading);
  if (isItem(line, indent)) return readList(reading, indent);
  return keyAt(line, indent) === null ? readValue(reading, line.slice(indent), indent) : readMapping(reading, indent);
}

function readList(reading: Reading, indent: number): JsonValue[] {
  const list: JsonValue[] = [];
  for (let line = reading.lines[reading.at]; line !== undefined && isItem(line, indent); line = reading.lines[reading.at]) {
    const rest = line.slice(indent + 2);
    const isNested = isItem(rest, 0) || keyAt(rest, 0) !== null;
    // What follows the dash stands where the next line of the item begins.
    if (isNested) reading.lines[reading.at] = `${' '.repeat(indent + 2)}${rest}`;
    list.push(isNested ? readNode(reading, indent + 2) : readValue(reading, rest, indent));
  }
  return list;
}

function readMapping(reading: Reading, indent: number): Mapping {
  const mapping: Mapping = {};
  for (let line = reading.lines[reading.at]; line !== undefined && isAt(line, indent); line = reading.lines[reading.at]) {
    const entry = keyAt(line, indent) ?? refuse();
    if (entry.key === '__proto__' || Object.hasOwn(mapping, entry.key)) refuse();
    mapping[entry.key] = entry.rest === undefined ? readBelow(reading, indent) : readValue(reading, entry.rest, indent);
  }
  return mapping;
}

/** What stands under a key: a list keeps the key's indentation, a mapping has two spaces more. */
function readBelow(reading: Reading, indent: number): JsonValue {
  reading.at += 1;
  const line = lineOf(reading);
  if (isItem(line, indent)) return readList(reading, indent);
  return isAt(line, indent + 2) && !isItem(line, indent + 2) ? readMapping(reading, indent + 2) : refuse();
}

function readValue(reading: Reading, text: string, indent: number): JsonValue {
  reading.at += 1;
  if (text.startsWith('|')) return readBlock(reading, text, indent + 2);
  if (text === '{}') return {};
  if (text === '[]') return [];
  return readScalar(text);
}

function readScalar(text: string): JsonValue {
  if (text.startsWith('"') || text.startsWith("'")) return unquote(text);
  if (text.length <= LONGEST_WORD) {
    const word = WORDS.get(text);
    if (word !== undefined) return word;
  }
  if (NUMBER.test(text)) return Number(text);
  return isPlain(text) ? text : refuse();
}

/** Empty lines have no indentation, and belong to the block that stands above them. A block that would be written otherwise is not ours. */
function readBlock(reading: Reading, mark: string, indent: number): string {
  const begin = reading.at;
  while (isOfBlock(reading.lines[reading.at], indent)) reading.at += 1;
  const body = reading.lines.slice(begin, reading.at).map((line) => line.slice(indent)).join('\n');
  const text = mark === '|-' ? body : `${body}\n`;
  return blockMark(text) === mark ? text : refuse();
}

const isOfBlock = (line: string | undefined, indent: number): boolean => line !== undefined && (line === '' || isAfterSpaces(line, indent));

function isAfterSpaces(line: string, indent: number): boolean {
  for (let i = 0; i < indent; i++) if (line.charCodeAt(i) !== 32) return false;
  return line.length > indent;
}

/** Whether a line begins exactly there. */
const isAt = (line: string, indent: number): boolean => isAfterSpaces(line, indent) && line.charCodeAt(indent) !== 32;
const isItem = (line: string, indent: number): boolean => isAt(line, indent) && line.startsWith('- ', indent);

const lineOf = ({ lines, at }: Reading): string => lines[at] ?? refuse();

function keyAt(line: string, indent: number): { readonly key: string; readonly rest: string | undefined } | null {
  if (!isAt(line, indent)) return null;
  WORD_KEY.lastIndex = indent;
  const word = WORD_KEY.exec(line)?.[1];
  if (word !== undefined) return isPlain(word) ? { key: word, rest: WORD_KEY.lastIndex === line.length ? undefined : line.slice(WORD_KEY.lastIndex) } : null;
  KEY.lastIndex = indent;
  const [, quoted, plain, rest] = KEY.exec(line) ?? [];
  if (quoted !== undefined) return { key: unquote(quoted), rest };
  return plain !== undefined && isPlain(plain) ? { key: plain, rest } : null;
}

/** JSON has no character beyond the first plane in one escape. */
function unquote(text: string): string {
  if (text.startsWith("'")) return /^'(?:[^']|'')*'$/.test(text) ? text.slice(1, -1).replaceAll("''", "'") : refuse();
  try {
    return JSON.parse(text.replace(/\\(?:U([0-9a-f]{8})|.)/g, (escape, code?: string) => (code === undefined ? escape : String.fromCodePoint(parseInt(code, 16))))) as string;
  } catch {
    return refuse();
  }
}
