import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import type { JsonValue, Manifest } from '../../lib/model/manifest.ts';
import { toYaml, toYamlFile } from '../../lib/yaml/serialize.ts';
import { AMBIGUOUS, countScalars, hostileObject, hostileValue, randomFrom } from './adversarial.ts';
import { buildReadback } from './readback.ts';

vi.setConfig({ testTimeout: 60_000 });

const VERSIONS = ['1.1', '1.2'] as const;

/** Every ambiguous text in every place that a text can have. */
const PLACES: readonly JsonValue[] = AMBIGUOUS.flatMap((text): JsonValue[] => [
  text,
  [text],
  { [text]: text },
  [[text, text], { [text]: [text] }],
  { key: [text, text], [text]: { [text]: [text], last: text } },
]);

const SEEDS = [1, 2, 3, 4] as const;

/** The bounds of integers of 64 bits, as a schema gives them: what the API server prints of them is what it was given. */
const BOUNDS: readonly JsonValue[] = [
  { maximum: 2 ** 63, minimum: -(2 ** 63) },
  { maximum: 2 ** 64, minimum: 2 ** 53, multipleOf: 1e300 },
  { maximum: JSON.parse('9223372036854775000') as number },
];

describe('what is written is read back', () => {
  test('every ambiguous text in every place', () => {
    expect(PLACES.flatMap(misreadings)).toEqual([]);
  });

  test('bounds that are doubles', () => {
    expect(BOUNDS.flatMap(misreadings)).toEqual([]);
  });

  test.for(SEEDS)('hostile values, seed %i', (seed) => {
    const documents = hostileDocuments(seed);
    expect(documents.reduce<number>((sum, value) => sum + countScalars(value), 0)).toBeGreaterThan(25_000);
    expect(documents.flatMap(misreadings).slice(0, 3)).toEqual([]);
  });

  test('whatever fast-check thinks of', () => {
    const values = fc.jsonValue({ maxDepth: 5, stringUnit: 'binary' }).filter(holdsExactNumbers);
    fc.assert(
      fc.property(values, (value) => isDeepStrictEqual(misreadings(value as JsonValue), [])),
      { seed: 20_260_101, numRuns: 3_000 },
    );
  });

  test('by the parsers of Kubernetes and kustomize', { timeout: 120_000 }, (context) => {
    const readback = buildReadback();
    if (!readback.ok) return context.skip(readback.reason);
    const documents = [...PLACES, ...BOUNDS, ...SEEDS.flatMap(hostileDocuments)];
    const lines = readback.run(documents.map((value) => JSON.stringify({ yaml: toYaml(value), json: JSON.stringify(value) })));
    expect(lines).toEqual([JSON.stringify({ read: documents.length })]);
  });
});

function hostileDocuments(seed: number): readonly JsonValue[] {
  const random = randomFrom(seed);
  return Array.from({ length: 1_000 }, (_, i) => (i % 4 === 0 ? hostileValue(random, 4) : hostileObject(random, 12, 3)));
}

/** What the two dialects of the yaml library read differently from what was written. */
function misreadings(value: JsonValue): readonly string[] {
  const text = toYaml(value);
  const want: unknown = JSON.parse(JSON.stringify(value));
  return VERSIONS.filter((version) => !isDeepStrictEqual(readAs(text, version), want)).map((version) => `${version}: ${JSON.stringify(text)}`);
}

function readAs(text: string, version: (typeof VERSIONS)[number]): unknown {
  try {
    return parse(text, { version });
  } catch (cause) {
    return cause;
  }
}

/** Integers beyond 2^53 are refused, and have a test of their own. */
function holdsExactNumbers(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isInteger(value) || Number.isSafeInteger(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(holdsExactNumbers);
}

test.for([
  ['a word', 'etcd', 'etcd'],
  ['a flag', '--config-file=/etc/etcd/$(POD_NAME).yaml', '--config-file=/etc/etcd/$(POD_NAME).yaml'],
  ['an image', 'registry.k8s.io/etcd:3.6.5-0', 'registry.k8s.io/etcd:3.6.5-0'],
  ['no cluster IP', 'None', 'None'],
  ['a quantity', '500m', '500m'],
  ['an address', '10.20.0.11', '10.20.0.11'],
  ['a range', '10.64.0.0/14', '10.64.0.0/14'],
  ['an empty text', '', '""'],
  ['a boolean of YAML 1.1', 'on', '"on"'],
  ['an octal number', '0o644', '"0o644"'],
  ['a number to YAML 1.1', 'e1', '"e1"'],
  ['a base 60 number', '12:30:45', '"12:30:45"'],
  ['JSON', '{"a": 1}', `'{"a": 1}'`],
  ['JSON with an apostrophe', `{"a": "it's"}`, `'{"a": "it''s"}'`],
  ['another script', '杭州', '"杭州"'],
  ['a mark that turns the text around', 'a\u202eb', '"a\\u202eb"'],
  ['a tag character', 'a\u{e0001}', '"a\\U000e0001"'],
  ['a tab at the start of a block', '\ta\nb', '"\\ta\\nb"'],
] as const)('%s is written readably', ([, text, written]) => {
  expect(toYaml({ key: text })).toBe(`key: ${written}\n`);
});

test.for([
  ['no line break at the end', 'a\nb', 'key: |-\n  a\n  b\n'],
  ['one line break', 'a\n\n  b\n', 'key: |\n  a\n\n    b\n'],
  ['many line breaks', 'a\n\n\n', 'key: |+\n  a\n\n\n'],
  ['a line break first', '\n#!/bin/sh\n', 'key: |\n\n  #!/bin/sh\n'],
] as const)('a block with %s', ([, text, written]) => {
  expect(toYaml({ key: text })).toBe(written);
});

test('keys come in the order of a reader, the rest by code unit', () => {
  const manifest = {
    zeta: 1,
    data: { b: '1', 10: 'x', 9: 'y', B: '2' },
    kind: 'Pod',
    spec: { containers: [{ args: ['-c'], image: 'busybox', env: [], name: 'main' }], selector: {} },
    metadata: { labels: { z: '', a: '' }, creationTimestamp: null, namespace: 'x', name: 'y', finalizers: ['f'] },
    apiVersion: 'v1',
    alpha: undefined,
  } as const;
  expect(toYamlFile(manifest, '# Generated by kubewright from clusters/x/cluster.ts; do not edit.')).toBe(
    [
      '# Generated by kubewright from clusters/x/cluster.ts; do not edit.',
      ...['apiVersion: v1', 'kind: Pod', 'metadata:', '  name: "y"', '  namespace: x', '  labels:', '    a: ""', '    z: ""'],
      ...['  creationTimestamp: null', '  finalizers:', '  - f', 'spec:', '  containers:', '  - name: main', '    image: busybox'],
      ...['    args:', '    - -c', '    env: []', '  selector: {}', 'data:', '  "10": x', '  "9": "y"', '  B: "2"', '  b: "1"', 'zeta: 1', ''],
    ].join('\n'),
  );
});

test('one object in two places is written twice, without an anchor', () => {
  const shared = { app: 'etcd' };
  expect(toYaml({ a: shared, b: [shared] })).toBe('a:\n  app: etcd\nb:\n- app: etcd\n');
});

test('numbers keep their value in YAML 1.1 as well', () => {
  expect(toYaml([-0, 1e-7, 1.5e-7, 0.5, Number.MAX_SAFE_INTEGER])).toBe('- 0\n- 1.0e-7\n- 1.5e-7\n- 0.5\n- 9007199254740991\n');
});

test('bounds of 64 bits have the digits that JSON has', () => {
  expect(BOUNDS.map(toYaml).join('')).toBe([
    'maximum: 9223372036854776000', 'minimum: -9223372036854776000',
    'maximum: 18446744073709552000', 'minimum: 9007199254740992', 'multipleOf: 1.0e+300',
    'maximum: 9223372036854775000', '',
  ].join('\n'));
});

const CYCLE: Record<string, unknown> = {};
CYCLE['self'] = CYCLE;

test.for([
  ['undefined in a list', { a: [{ b: [1, undefined] }] }, 'a[0].b[1] is undefined'],
  ['a hole in a list', { a: Object.assign([], { length: 1 }) }, 'a[0] is undefined'],
  ['NaN', { a: NaN }, 'a is NaN'],
  ['infinity', [Infinity], '[0] is Infinity'],
  ['an integer that is not exact', { a: 2 ** 53 }, 'a is 9007199254740992, too large'],
  ['half a surrogate pair', { 'a.b': { c: 'x\ud800' } }, '["a.b"].c holds half of a surrogate pair'],
  ['half a surrogate pair in a key', { a: { '\udc00': 1 } }, 'a key of a holds half of a surrogate pair'],
  ['a function', { a: () => 1 }, 'a is a function'],
  ['a bigint', { a: 1n }, 'a is a bigint'],
  ['a date', { a: new Date(0) }, 'a is an instance of a class'],
  ['a map', { a: new Map() }, 'a is an instance of a class'],
  ['an object that contains itself', CYCLE, 'contains itself'],
] as const)('%s is refused with its path', ([, value, message]) => {
  expect(() => toYaml(value as unknown as JsonValue)).toThrow(message);
});

test('a header that is no comment is refused', () => {
  const manifest: Manifest = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } };
  expect(() => toYamlFile(manifest, 'Generated')).toThrow('only lines that start with "# "');
});
