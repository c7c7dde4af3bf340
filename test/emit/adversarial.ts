import type { JsonValue } from '../../lib/model/manifest.ts';

/** Texts that some YAML parser takes for something else, or that a careless writer breaks. */
export const AMBIGUOUS: readonly string[] = [
  ...['', '~', 'null', 'Null', 'NULL', 'nil', 'none', 'None', 'undefined', 'y', 'Y', 'n', 'N', 'yes', 'Yes', 'YES', 'no', 'No', 'NO'],
  ...['on', 'On', 'ON', 'off', 'Off', 'OFF', 'true', 'True', 'TRUE', 'tRuE', 'false', 'False', 'FALSE', 't', 'f', 'T', 'F'],
  ...['.nan', '.NaN', '.NAN', 'nan', 'NaN', '.inf', '.Inf', '.INF', '-.inf', '+.inf', 'inf', '-inf', 'Infinity', '-Infinity', '--inf'],
  ...['0', '-0', '+0', '00', '07', '08', '0644', '0o644', '0O644', '-0o7', '0x1F', '0X1F', '0b11', '0B11', '0xg', '0b2', '0o8'],
  ...['1_000', '1_000.5', '_1', '1_', '0x_1', '1e3', '1E3', '1e', 'e1', '1.', '.1', '.', '..', '...', '.e1', '1.5e+3', '1e1000', '-1e-3', '+12', '+1.5'],
  ...['12:30', '12:30:45', '190:20:30', '190:20:30.15', '-1:30', '1:60', '0:0', '2024-01-01', '2024-1-1', '2024-01-01T00:00:00Z'],
  ...['2001-12-14t21:59:43.10-05:00', '2001-12-14 21:59:43.10 -5', '2024-13-45', '1.2.3', '1.2.3.4', '10.0.0.0/8', '999.999.999.999', '1..2', '1.2.3.4.5'],
  ...['100m', '30s', '5h', '1d', '500Mi', '1Gi', '1E', '1Ei', '7GiB', '250ms', '1k', '1f', '1L', '0x', '0m', '00s', '9007199254740993', '1e21', '123456789012345678901234567890'],
  ...['<<', '=', '<', '<<:', '- a', '-', '--', '---', '--- a', '-a', '--a', '-- a', '- ', '-\t', '?', '? a', '?a', ':', ':a', ': a', 'a:', 'a: b', 'a:b', 'a :b', 'a : b', 'a :', '::'],
  ...['#', '# a', 'a #b', 'a# b', 'a #', 'a#', '!', '!a', '!!str a', '!<tag>', '&', '&a', '*', '*a', '**', '%', '%YAML 1.2', '%TAG', '@', '@a', '`', '`a`', '|', '|-', '|+', '>', '>-', '| a'],
  ...["'", "''", "'a'", "a'b", "it's", '"', '""', '"a"', 'a"b', '\\', '\\n', 'a\\', "\\'", '\\"', `'"`, `"'`, '"\\', "{\"a\": 'b'}"],
  ...['{', '}', '{}', '{a}', '{a: b}', '[', ']', '[]', '[a]', '[a, b]', ',', ', a', 'a, b', 'a]', 'a}', '{{ .Values }}', '{%', '${A}', '$(A)', '$', '(a)'],
  ...[' ', '  ', ' a', 'a ', ' a ', 'a  b', '\t', '\ta', 'a\t', 'a\tb', '\t\t', ' \t', '\t ', 'a\t#b', 'a:\tb', '-\ta'],
  ...['\n', '\n\n', '\na', 'a\n', 'a\n\n', 'a\n\n\n', '\n\na\n', ' \n', ' \na', 'a\n ', 'a\n \n', 'a\n  b', '  a\nb', '\n a', '\n\ta', '\ta\nb', 'a\n\tb', 'a\n\t', 'a\n\t\n', 'a \nb', 'a\t\nb'],
  ...['a\n#b', '#a\nb', 'a\n# b\n', 'a\n---\nb', '---\na', '...\na', 'a\n...\n', 'a: b\nc: d', '- a\n- b', 'a\n\n\nb', 'a\n   \nb', '   \n', '\n   \n', '{\n  "a": 1\n}\n', '|\n  a', '%a\nb'],
  ...['\r', 'a\r', '\ra', 'a\rb', 'a\r\nb', '\r\n', 'a\n\rb', '\u0085', 'a\u0085b', 'a\n\u0085b', '\u2028', 'a\u2028b', 'a\nb\u2028', '\u2029', '\u2029a\nb', '\ufeff', '\ufeffa', 'a\ufeff', 'a\n\ufeffb'],
  ...['\0', '\u0001', '\u0007', '\b', '\v', '\f', '\u001b[31m', '\u007f', '\u0080', '\u009f', '\u00a0', '\u00a0a', '\u00ad', '\u200b', '\u202e', '\u2066a\u2069', '\u3000', '\ud7ff', '\ue000', '\uf8ff', '\ufffd', '\ufffe', '\uffff'],
  ...['杭州', 'é', 'e\u0301', 'ß', '\u{1f600}', 'a\u{1f600}\nb', '\u{10ffff}', '\u{1fffe}', '\u{e0001}', '\u{10000}', '\u{1d173}', '杭州: 上海', 'ä #b', 'Ａ', '½', '١٢', '１２'],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'apiVersion', 'kind', 'metadata', 'name', 'image', '1', '10', '9', '-1', '01'],
];

/** Pieces that a random text is made of: each of them has broken some writer somewhere. */
const PIECES: readonly string[] = [
  ...['\n', '\n', '\n\n', ' ', ' ', '  ', '\t', ': ', ':', ' #', '#', '- ', '-', '? ', '"', "'", '\\', '{', '}', '[', ']', ',', '&', '*', '!', '|', '>', '%', '@', '`', '~', '=', '<<'],
  ...['0', '1', '7', '9', '0x', '0o', '0b', 'e', 'E', '.', '+', '_', 'a', 'b', 'y', 'n', 'on', 'no', 'null', 'true', '\r', '\u0085', '\u2028', '\u2029', '\ufeff', '\u00a0', '\0', '\u007f', '杭', '\u{1f600}', 'word', 'key: value', '---', '...'],
];

/** Numbers at the edges of what JSON and YAML agree on. */
const NUMBERS: readonly number[] = [
  ...[0, -0, 1, -1, 7, 8, 10, 0o644, 65535, 2 ** 31, 2 ** 32, -(2 ** 31), 2 ** 53 - 1, -(2 ** 53 - 1), 1e15, 123456789012345],
  ...[0.5, -0.5, 0.1, 1.5, 1e-7, 1.5e-7, -1e-7, 5e-324, 2.2250738585072014e-308, 0.30000000000000004, 123456.789, 1 / 3, 1e-300],
];

/** A small seeded generator (mulberry32): the same seed gives the same values on every machine. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One adversarial text. */
export function hostileText(random: () => number): string {
  const style = random();
  if (style < 0.25) return pick(random, AMBIGUOUS);
  if (style < 0.4) return pick(random, PIECES) + pick(random, AMBIGUOUS);
  if (style < 0.55) return pick(random, AMBIGUOUS) + pick(random, PIECES);
  if (style < 0.7) return Array.from({ length: 2 + below(random, 4) }, () => pick(random, AMBIGUOUS)).join('\n');
  if (style < 0.705) return pick(random, PIECES).repeat(200 + below(random, 2000)) + pick(random, AMBIGUOUS);
  return Array.from({ length: 1 + below(random, 8) }, () => pick(random, PIECES)).join('');
}

/** One adversarial value: mostly texts, in lists and objects up to `depth` levels deep. */
export function hostileValue(random: () => number, depth: number): JsonValue {
  const style = random();
  if (depth > 0 && style < 0.2) return Array.from({ length: below(random, 4) }, () => hostileValue(random, depth - 1));
  if (depth > 0 && style < 0.4) return hostileObject(random, below(random, 5), depth - 1);
  if (style < 0.45) return pick(random, NUMBERS);
  if (style < 0.5) return pick(random, [true, false, null]);
  return hostileText(random);
}

/** An object of about `size` entries, with adversarial keys and values. */
export function hostileObject(random: () => number, size: number, depth: number): Record<string, JsonValue> {
  const entries = Array.from({ length: size }, () => [hostileText(random), hostileValue(random, depth)] as const);
  return Object.fromEntries(entries);
}

/** How many scalars and keys a value holds: what the read-back tests count. */
export function countScalars(value: JsonValue | undefined): number {
  if (typeof value !== 'object' || value === null) return 1;
  if (Array.isArray(value)) return value.reduce<number>((sum, item: JsonValue) => sum + countScalars(item), 0);
  return Object.values(value).reduce<number>((sum, item) => sum + 1 + countScalars(item), 0);
}

function pick<T>(random: () => number, from: readonly T[]): T {
  return from[below(random, from.length)] as T;
}

function below(random: () => number, limit: number): number {
  return Math.floor(random() * limit);
}
