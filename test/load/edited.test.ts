import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import * as bundling from '../../lib/load/bundle/bundle.ts';
import { loadFleet } from '../../lib/load/load.ts';
import { clusterOf, fleetOf, loadedOf, problemsOf, project, write, type Files } from './fixture.ts';

/** Longer than a tick of the file system's clock: younger files are never kept. */
const OLD_ENOUGH = 80;

vi.mock('../../lib/load/bundle/bundle.ts', { spy: true });
afterEach(() => { vi.mocked(bundling.bundleFleet).mockClear(); });

const THREE: Files = {
  'clusters/fleet.ts': fleetOf('a', 'b', 'c'),
  'clusters/a/cluster.ts': clusterOf('a'), 'clusters/b/cluster.ts': clusterOf('b'), 'clusters/c/cluster.ts': clusterOf('c'),
};

/** A project that was loaded once, then edited. */
async function edited(files: Files, edits: Files): Promise<string> {
  const root = project(files);
  mkdirSync(join(root, 'node_modules'));
  await sleep(OLD_ENOUGH);
  loadedOf(await loadFleet(root));
  write(root, edits);
  await sleep(OLD_ENOUGH);
  vi.mocked(bundling.bundleFleet).mockClear();
  return root;
}

/** What esbuild was asked to bundle, first to last. */
const entries = (): string[] => vi.mocked(bundling.bundleFleet).mock.calls.map(([, entry]) => entry);

async function expectSame(root: string): Promise<void> {
  const loaded = loadedOf(await loadFleet(root));
  expect({ ...loaded, cached: false }).toEqual(loadedOf(await loadFleet(root, { cache: false })));
  expect({ ...loadedOf(await loadFleet(root)), cached: false }).toEqual({ ...loaded, cached: false });
}

test.for<readonly [string, Files]>([
  ['a value', { 'clusters/b/cluster.ts': clusterOf('b', "  ring: 'late',") }],
  ['a line above the definition', { 'clusters/b/cluster.ts': `// new\n\n${clusterOf('b', '  list: [1, 2].map((n) => n + 1),')}` }],
  ['a definition without its define', { 'clusters/b/cluster.ts': "export const cluster = { name: 'b' };" }],
  ['an export more', { 'clusters/b/cluster.ts': `${clusterOf('b')}export const other = 1;` }],
])('of one edited file, only that file is run: %s', async ([, edits]) => {
  const root = await edited(THREE, edits);
  await expectSame(root);
  expect(entries()).toEqual(['clusters/b/cluster.ts', 'clusters/fleet.ts']);
});

test('a file that an editor put in the place of another is an edited one', async () => {
  const root = await edited(THREE, {});
  write(root, { 'clusters/b/cluster.ts~': clusterOf('b', "  ring: 'late',") });
  renameSync(join(root, 'clusters/b/cluster.ts~'), join(root, 'clusters/b/cluster.ts'));
  await sleep(OLD_ENOUGH);
  await expectSame(root);
  expect(entries()[0]).toBe('clusters/b/cluster.ts');
});

const PRESET: Files = { ...THREE, 'clusters/preset.ts': "export const preset = { ring: 'early' };", 'clusters/b/cluster.ts': "import { preset } from '../preset.ts';\nexport const cluster = { name: 'b', ...preset };" };
const fleetWith = (body: string): string => `import { defineFleet } from 'kubewright';\nimport { cluster as a } from './a/cluster.ts';\nimport { cluster as b } from './b/cluster.ts';\n${body}`;

test.for<readonly [string, Files, Files]>([
  ['two files changed', THREE, { 'clusters/a/cluster.ts': clusterOf('a', '  x: 1,'), 'clusters/b/cluster.ts': clusterOf('b', '  x: 1,') }],
  ['its name changed', THREE, { 'clusters/b/cluster.ts': clusterOf('z') }],
  ['its name is another one\'s', THREE, { 'clusters/b/cluster.ts': clusterOf('a') }],
  ['the fleet changed', THREE, { 'clusters/fleet.ts': fleetOf('c', 'b', 'a') }],
  ['what it imports changed', PRESET, { 'clusters/preset.ts': "export const preset = { ring: 'late' };" }],
  ['it imports', PRESET, { 'clusters/b/cluster.ts': "import { preset } from '../preset.ts';\nexport const cluster = { name: 'b', x: 1, ...preset };" }],
  ['it began to import', { ...PRESET, 'clusters/c/cluster.ts': clusterOf('c') }, { 'clusters/c/cluster.ts': "import { preset } from '../preset.ts';\nexport const cluster = { name: 'c', ...preset };" }],
  ['another one imports it', { ...THREE, 'clusters/c/cluster.ts': "import { cluster as b } from '../b/cluster.ts';\nexport const cluster = { ...b, name: 'c' };" }, { 'clusters/b/cluster.ts': clusterOf('b', '  x: 1,') }],
  ['another one reads it', { ...THREE, 'clusters/c/cluster.ts': "import { readFileSync } from 'node:fs';\nexport const cluster = { name: 'c', text: readFileSync('clusters/b/cluster.ts', 'utf8') };" }, { 'clusters/b/cluster.ts': clusterOf('b', '  x: 1,') }],
  ['the fleet computes with it', { ...THREE, 'clusters/fleet.ts': fleetWith("export const fleet = defineFleet({ name: b.ring ?? 'f', metaClusters: [], clusters: [a, b] });") }, { 'clusters/b/cluster.ts': clusterOf('b', "  ring: 'x',") }],
  ['the fleet holds it twice', { ...THREE, 'clusters/fleet.ts': fleetWith("export const fleet = defineFleet({ name: 'f', metaClusters: [], clusters: [a, b, b] });") }, { 'clusters/b/cluster.ts': clusterOf('b', "  ring: 'x',") }],
  ['the fleet changes its clusters', { ...THREE, 'clusters/fleet.ts': fleetWith("export const fleet = defineFleet({ name: 'f', metaClusters: [], clusters: [a, b] });\nfor (const cluster of fleet.clusters) Object.assign(cluster, { x: cluster.ring });") }, { 'clusters/b/cluster.ts': clusterOf('b', "  ring: 'x',") }],
  ['files share a global', { ...THREE, 'clusters/a/cluster.ts': `globalThis.shared = 7;\n${clusterOf('a')}`, 'clusters/b/cluster.ts': clusterOf('b', '  x: globalThis.shared,') }, { 'clusters/b/cluster.ts': clusterOf('b', '  x: globalThis.shared + 1,') }],
  ['files share a prototype', { ...THREE, 'clusters/a/cluster.ts': `Array.prototype.first = function () { return this[0]; };\n${clusterOf('a')}` }, { 'clusters/b/cluster.ts': clusterOf('b', '  x: [1].first(),') }],
  ['it writes a global', THREE, { 'clusters/b/cluster.ts': `globalThis.shared = 7;\n${clusterOf('b')}` }],
])('all is run when %s', async ([, files, edits]) => {
  const root = await edited(files, edits);
  await expectSame(root);
  expect(entries().filter((entry) => entry === 'clusters/fleet.ts')).toHaveLength(2);
});

test.for<readonly [string, string]>([
  ['does not parse', 'export const cluster = {'],
  ['throws', "throw new Error('no');"],
  ['exports something else', "export const clusters = 1;"],
  ['is no plain data', "export const cluster = { name: 'b', at: new Date('2026-01-01T00:00:00Z') };"],
])('an edited file that %s is told of as ever', async ([, text]) => {
  const root = await edited(THREE, { 'clusters/b/cluster.ts': text });
  expect(problemsOf(await loadFleet(root))).toEqual(problemsOf(await loadFleet(root, { cache: false })));
});

test('a file that is gone is missed', async () => {
  const root = await edited(THREE, {});
  rmSync(join(root, 'clusters/b/cluster.ts'));
  expect(problemsOf(await loadFleet(root))).toMatchObject([{ code: 'load/import-missing' }]);
});

test('all is run when what was kept of another definition is torn', async () => {
  const root = await edited(THREE, { 'clusters/b/cluster.ts': clusterOf('b', "  ring: 'late',") });
  const file = join(root, 'node_modules/.cache/kubewright/fleet.txt');
  const text = readFileSync(file, 'utf8');
  expect(text).toContain('{"name":"c"}');
  writeFileSync(file, text.replace('{"name":"c"}', '{"name":"d"}'));
  await expectSame(root);
  expect(entries()).toEqual(['clusters/b/cluster.ts', 'clusters/fleet.ts', 'clusters/fleet.ts']);
});
