import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runChecks } from '../../lib/checks/check.ts';
import type { Manifest } from '../../lib/model/manifest.ts';
import { changed, GOOD, GOOD_CONTEXT, partOf, type GoodName } from './good.ts';

const NAMES = Object.keys(GOOD) as GoodName[];

/** Every path into a value, as `changed` takes it. */
function pathsOf(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key.includes('.')) return [];
    const here = path === '' ? key : `${path}.${key}`;
    return [here, ...pathsOf(inner, here)];
  });
}

/** Everywhere but in what tells an object from others: whoever reads manifests from outside makes sure that this is text. */
const PLACES = NAMES.flatMap((name) => pathsOf(GOOD[name], '').filter((path) => !/^(apiVersion|kind|metadata)(\.name|\.namespace)?$/.test(path)).map((path) => ({ name, path })));

function checkWith(name: GoodName, path: string, value: unknown): void {
  const manifests = NAMES.map((other): Manifest => (other === name ? changed<Manifest>(GOOD[other], path, value) : GOOD[other]));
  const problems = runChecks('a', [partOf(manifests)], GOOD_CONTEXT);
  expect(problems.every(({ what }) => what.endsWith('.') || what.endsWith('?') || what.endsWith('!'))).toBe(true);
}

test('no value that refuses to become text makes a check throw, wherever it is', () => {
  for (const { name, path } of PLACES) for (const value of [{ toString: '' }, [{ toString: '' }]]) checkWith(name, path, value);
});

test('no value, wherever it is, makes a check throw', () => {
  const junk = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom('$(X)/../..', '10.0.0.0/99', '-----BEGIN', '1e999', -1, [[]], [null]));
  fc.assert(fc.property(fc.constantFrom(...PLACES), junk, ({ name, path }, value) => checkWith(name, path, value)), { numRuns: 150 });
});
