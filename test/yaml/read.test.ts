import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { JsonValue } from '../../lib/model/manifest.ts';
import { readOwnYaml } from '../../lib/yaml/read.ts';
import { toYaml } from '../../lib/yaml/serialize.ts';
import { AMBIGUOUS, hostileObject, hostileValue, randomFrom } from '../emit/adversarial.ts';

describe('what toYaml writes is read back', () => {
  test('every ambiguous text in every place', () => {
    const places = AMBIGUOUS.flatMap((text): JsonValue[] => [text, [text], { [text]: text }, [[text, text], { [text]: [text] }], { key: [text], [text]: { [text]: [text], last: text } }]);
    expect(places.filter(isMisread)).toEqual([]);
  });

  test.for([1, 2, 3, 4])('hostile values, seed %i', (seed) => {
    const random = randomFrom(seed);
    const documents = Array.from({ length: 1_000 }, (_, i) => (i % 4 === 0 ? hostileValue(random, 4) : hostileObject(random, 12, 3)));
    expect(documents.filter(isMisread).slice(0, 3)).toEqual([]);
  });

  test('whatever fast-check thinks of', () => {
    const values = fc.jsonValue({ maxDepth: 5, stringUnit: 'binary' }).filter(isWritable);
    fc.assert(fc.property(values, (value) => !isMisread(value as JsonValue)), { seed: 20_260_101, numRuns: 3_000 });
  });
});

/** toYaml refuses integers beyond 2^53. */
function isWritable(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isInteger(value) || Number.isSafeInteger(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(isWritable);
}

/** Long keys, which need a `?`, and __proto__ are left to the parser of all YAML. */
function isMisread(value: JsonValue): boolean {
  const text = toYaml(value);
  const read = readOwnYaml(text);
  if (read === undefined) return !/^ *(?:- )*\? /m.test(text) && !text.includes('__proto__');
  return !isDeepStrictEqual(read, JSON.parse(JSON.stringify(value)));
}

test('a text that was changed is read as the parser of all YAML reads it, or not at all', () => {
  const written = toYaml({ name: 'a b', list: [{ key: 'x: y', block: 'one\n\ntwo\n', deep: [['1', 2], []] }, 'off', -0.5], empty: {}, quoted: "it's \u2028", none: null });
  const edits = fc.tuple(fc.nat(written.length), fc.nat(3), fc.constantFrom('', ' ', '\n', '- ', ': ', '"', "'", '|', '#', 'a', '0x1', '  ', '{', '\\'));
  fc.assert(fc.property(edits, ([at, removed, inserted]) => {
    const text = written.slice(0, at) + inserted + written.slice(at + removed);
    const read = readOwnYaml(text);
    return read === undefined || isDeepStrictEqual(read, parse(text));
  }), { seed: 20_260_102, numRuns: 20_000 });
});

test.for(['', 'a', 'a: 1', '{a: 1}\n', 'a: 0x10\n', 'a: on\n', 'a: b # c\n', 'a: 1\na: 2\n', 'a:\n   b: 1\n', '&x a: 1\n', '- a\nb: 1\n', 'a: |2\n  b\n', '? a\n: b\n', 'a:\n'])('%j is not ours', (text) => {
  expect(readOwnYaml(text)).toBeUndefined();
});
