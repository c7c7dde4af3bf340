import { expect, test } from 'vitest';
import type { Locate } from '../../lib/load/loaded.ts';
import { problemsToJson, renderProblems } from '../../lib/load/render-problems.ts';
import type { Problem } from '../../lib/problem.ts';

const locate: Locate = ({ of, path }) => {
  if (of === 'fleet') return { file: 'clusters/fleet.ts' };
  const line = path === '' ? 3 : 12;
  return { file: `clusters/${of}/cluster.ts`, line, column: 14, excerpt: "  network: { services: '10.64.0.0/16', pods: '10.64.0.0/14' }," };
};

const problem = (of: string, path: string, more: Partial<Problem> = {}): Problem => ({
  code: 'network/cidr-overlap', severity: 'error', at: { of, path },
  what: 'network.services 10.64.0.0/16 overlaps network.pods 10.64.0.0/14.',
  why: 'a ClusterIP inside the Pod range is routed to a Pod, and the Service is never reached, however long a client tries to reach it.',
  fix: 'choose network.services outside network.pods.',
  ...more,
});

const PROBLEMS = [problem('b', 'network.services', { severity: 'warning' }), problem('b', ''), problem('fleet', ''), problem('a', 'network.services')];

test('problems are sorted, wrapped, and show their line', () => {
  expect(renderProblems(PROBLEMS.slice(0, 1), locate, { color: false })).toBe([
    'clusters/b/cluster.ts:12:14  warning network/cidr-overlap  b: network.services',
    '    network.services 10.64.0.0/16 overlaps network.pods 10.64.0.0/14.',
    '    why: a ClusterIP inside the Pod range is routed to a Pod, and the Service is never reached,',
    '         however long a client tries to reach it.',
    '    fix: choose network.services outside network.pods.',
    "    12 |   network: { services: '10.64.0.0/16', pods: '10.64.0.0/14' },",
    '       |              ^',
    '',
    '1 warning.',
    '',
  ].join('\n'));
  const text = renderProblems(PROBLEMS, locate, { color: false });
  expect(text.match(/^clusters\S+/gm)).toEqual(['clusters/a/cluster.ts:12:14', 'clusters/b/cluster.ts:3:14', 'clusters/b/cluster.ts:12:14', 'clusters/fleet.ts']);
  expect(text).toContain('\n3 errors and 1 warning.\n');
});

test('the order of the problems does not matter', () => {
  const text = renderProblems(PROBLEMS, locate, { color: true });
  expect(renderProblems(PROBLEMS.toReversed(), locate, { color: true })).toBe(text);
  expect(problemsToJson(PROBLEMS.toReversed(), locate)).toEqual(problemsToJson(PROBLEMS, locate));
});

test('colours only when asked for, and never those of a definition', () => {
  const hostile = [problem('a', '', { what: 'bad \u001b[2J \u202e text' })];
  expect(renderProblems(hostile, locate, { color: false })).not.toMatch(/[\u001b\u202e]/);
  expect(renderProblems(hostile, locate, { color: true })).toContain('\u001b[31m');
});

test('no line is longer than 100 columns, and the caret stays under its column', () => {
  const excerpt = `${'x'.repeat(300)}HERE${'y'.repeat(300)}`;
  const text = renderProblems([problem('a', 'x', { what: 'word '.repeat(80) })], () => ({ file: 'f.ts', line: 7, column: 301, excerpt }), { color: false });
  const lines = text.split('\n');
  expect(lines.every((line) => line.length <= 100)).toBe(true);
  const caret = lines.findIndex((line) => /\| +\^$/.test(line));
  expect(lines[caret - 1]?.slice(lines[caret]?.indexOf('^')).startsWith('HERE')).toBe(true);
});

test('nothing is said of no problems; a program gets null for an unknown line', () => {
  expect(renderProblems([], locate, { color: false })).toBe('');
  expect(problemsToJson([problem('fleet', '')], locate)[0]).toMatchObject({ file: 'clusters/fleet.ts', line: null, column: null, code: 'network/cidr-overlap' });
});
