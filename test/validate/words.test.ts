import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PROBLEM_CODES } from '../../lib/problem.ts';
import { cronFault } from '../../lib/validate/rules/etcd/cron.ts';
import { misfitOf } from '../../lib/validate/rules/components/flag-values.ts';
import { authorPath } from '../../lib/validate/paths.ts';
import { quoted, someOf, wordsOf } from '../../lib/validate/say.ts';
import { editDistance, nearest } from '../../lib/validate/suggest.ts';

test.for([
  { a: 'abc', b: 'abc', distance: 0 },
  { a: 'abc', b: 'acb', distance: 1 },
  { a: 'abc', b: 'ab', distance: 1 },
  { a: 'kitten', b: 'sitting', distance: 3 },
  { a: '', b: 'abc', distance: 3 },
])('$a to $b: $distance', ({ a, b, distance }) => {
  expect(editDistance(a, b)).toBe(distance);
  expect(editDistance(b, a)).toBe(distance);
});

test('a suggestion is near, or none is made', () => {
  expect(nearest('kubernets', ['kubernetes', 'network'])).toBe('kubernetes');
  expect(nearest('colour', ['kubernetes', 'network'])).toBeUndefined();
});

test.for([
  { pointer: '/users/2/groups', path: 'users[2].groups' },
  { pointer: '/args/max-requests-inflight', path: "args['max-requests-inflight']" },
  { pointer: '/mirrors/registry.k8s.io~1x', path: "mirrors['registry.k8s.io/x']" },
  { pointer: '', path: '' },
])('$pointer is $path', ({ pointer, path }) => {
  expect(authorPath(pointer, { users: [{}, {}, { groups: [] }], args: {}, mirrors: {} })).toBe(path);
});

test.for([
  { schedule: '15 */6 * * *', fault: null },
  { schedule: '0 0 1,15 jan-jun 0-6/2', fault: null },
  { schedule: '60 * * * *', fault: 'minute' },
  { schedule: '* 24 * * *', fault: 'hour' },
  { schedule: '* * 0 * *', fault: 'day of the month' },
  { schedule: '* * * 13 *', fault: 'month' },
  { schedule: '* * * * 7', fault: 'day of the week' },
  { schedule: '* 5-2 * * *', fault: 'hour' },
  { schedule: '1-2-3 * * * *', fault: 'minute' },
  { schedule: '* * * *', fault: '4 fields' },
])('$schedule: $fault', ({ schedule, fault }) => {
  if (fault === null) expect(cronFault(schedule)).toBeNull();
  else expect(cronFault(schedule)).toContain(fault);
});

test.for([
  { type: 'bool', value: 'true', fits: true }, { type: 'bool', value: 'yes', fits: false },
  { type: 'duration', value: '1h30m', fits: true }, { type: 'duration', value: '0', fits: true }, { type: 'duration', value: '30', fits: false },
  { type: 'int32', value: '2147483648', fits: false }, { type: 'uint', value: '-1', fits: false },
  { type: 'float64', value: '0.001', fits: true }, { type: 'float64', value: 'x', fits: false }, { type: 'float64', value: '', fits: false },
  { type: 'ip', value: '10.0.0.1', fits: true }, { type: 'ip', value: 'host', fits: false },
  { type: 'portRange', value: '30000-32767', fits: true }, { type: 'mapStringString', value: 'a=b,c=d', fits: true }, { type: 'mapStringString', value: 'a', fits: false },
  { type: 'namedCertKey', value: 'whatever', fits: true }, { type: 'constructor', value: 'whatever', fits: true },
])('a $type takes $value: $fits', ({ type, value, fits }) => {
  expect(misfitOf(type, value) === null).toBe(fits);
});

test('lists and quotes', () => {
  expect([wordsOf([]), wordsOf(['a']), wordsOf(['a', 'b', 'c'], 'or')]).toEqual(['none', 'a', 'a, b or c']);
  expect(someOf(['a', 'b', 'c'], 2)).toBe('a, b and 1 more');
  expect(quoted('https://u:p@h')).toBe('"https://…@h"');
});

test('every code that validation can give is registered and has a row in these tests', () => {
  const read = (folder: URL): string => readdirSync(folder, { recursive: true }).map(String).filter((file) => file.endsWith('.ts')).map((file) => readFileSync(new URL(file, folder), 'utf8')).join('\n');
  const given = [...read(new URL('../../lib/validate/', import.meta.url)).matchAll(/(?:(?:error|warning|say|scheduleProblem)\(|code: )'([a-z-]+\/[a-z-]+)'/g)].map(([, code]) => code ?? '');
  const tests = read(new URL('./', import.meta.url));
  expect(given.length).toBeGreaterThan(80);
  expect([...new Set(given)].filter((code) => !(PROBLEM_CODES as readonly string[]).includes(code))).toEqual([]);
  expect([...new Set(given)].filter((code) => !tests.includes(`'${code}'`))).toEqual([]);
});
