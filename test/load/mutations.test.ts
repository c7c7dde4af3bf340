import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadFleet } from '../../lib/load/load.ts';
import { locator } from '../../lib/load/locate/locate.ts';
import { renderProblems } from '../../lib/load/render-problems.ts';
import { PROBLEM_CODES } from '../../lib/problem.ts';
import { oneCluster, project } from './fixture.ts';

const SOURCE = `import { defineCluster, yamlFile } from 'kubewright';
import { base } from '../base.ts';
const sizes = { small: '8Gi', large: \`\${4 * 8}Gi\` } as const;
export const cluster = defineCluster({
  ...base,
  name: 'a',
  etcd: { storage: { claimTemplate: { size: sizes.large } } },
  users: ['x', 'y'].map((name) => ({ name, groups: [/[a-z]+/.exec(name)?.[0] ?? 'none'] })),
  audit: { policy: yamlFile('./audit.yaml') },
});
`;

const WORDS = ["'", '`', '{', '}', '(', '[', '=>', '...', ';', '\n', '/*', '//', '/(/', '\u0000', '\ud800', '💥', 'throw 1;', 'throw null;', 'throw new Error("a\\n  at b (c:1:2)");',
  '() => 1', '1n', 'NaN', 'Symbol()', 'new Map()', 'undefined', 'null', 'await 0', 'yield', 'class', 'Date.now()', 'process.exit(1)', 'Promise.reject(2)', 'import("x")',
  'require("fs")', 'delete', 'this', 'new Proxy({}, { get() { throw this; } })', 'Error.prepareStackTrace = () => 7;', 'Error.stackTraceLimit = 0;', '__proto__', 'globalThis', 'eval("(")', 'export', 'enum X {}'];

const mutation = fc.oneof(
  fc.nat(SOURCE.length).map((at) => SOURCE.slice(0, at)),
  fc.tuple(fc.nat(SOURCE.length), fc.nat(12), fc.oneof(fc.constantFrom(...WORDS), fc.string({ unit: 'binary', maxLength: 4 })))
    .map(([at, width, word]) => SOURCE.slice(0, at) + word + SOURCE.slice(at + width)),
  fc.tuple(fc.constantFrom("'a'", "'8Gi'", 'base', 'sizes.large', "'./audit.yaml'", "['x', 'y']", 'defineCluster'), fc.constantFrom(...WORDS))
    .map(([old, word]) => SOURCE.replaceAll(old, () => word)),
);

test('a definition that is broken in any way gives problems, never an exception or a stack', { timeout: 120_000 }, async () => {
  const root = project(oneCluster(SOURCE, { 'clusters/base.ts': "export const base = { mode: 'standard' } as any;", 'clusters/a/audit.yaml': 'rules: []' }));
  await fc.assert(fc.asyncProperty(mutation, async (text) => {
    writeFileSync(join(root, 'clusters/a/cluster.ts'), text);
    const result = await loadFleet(root, { cache: false, timeoutMs: 2000 });
    const [problems, locate] = 'problems' in result ? [result.problems, result.locate] : [result.warnings, locator(result)];
    if ('problems' in result) expect(problems).not.toEqual([]);
    const told = renderProblems(problems, locate, { color: false });
    expect(told).not.toMatch(/^\s*at .*:\d+:\d+/m);
    expect(told).not.toMatch(/kubewright:definitions|node:internal/);
    for (const { code, what, why, fix } of problems) {
      expect(PROBLEM_CODES).toContain(code);
      expect([what, why, fix].every((sentence) => /[.!?…]$/.test(sentence))).toBe(true);
    }
  }), { numRuns: 300, seed: 20260131 });
});
