import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { loadFleet } from '../../lib/load/load.ts';
import { clusterOf, load, loadedOf, oneCluster, problemsOf, project, write } from './fixture.ts';

/** Longer than a tick of the file system's clock: younger files are never kept. */
const OLD_ENOUGH = 80;

const withAddon = (addon: string): string => clusterOf('a', `  addons: [${addon}],`).replace('{ defineCluster }', '{ addon, defineCluster }');
const ADDON = withAddon("addon('own', { template: './own', version: '1', namespace: 'n', parameters: { a: 1 } })");
const FILES = { 'clusters/a/own/1/a.yaml': 'a: 1', 'clusters/a/own/1/deep/b.yml': 'b: 2', 'clusters/a/own/1/README.md': 'no', 'clusters/a/own/2/c.yaml': 'c: 3' };

const addonsOf = (fleet: unknown): unknown => (fleet as { clusters: { addons: unknown }[] }).clusters[0]?.addons;

test('a template is data: the files of its version, and no other', async () => {
  expect(addonsOf(loadedOf(await load(oneCluster(ADDON, FILES))).fleet)).toEqual([{
    name: 'own', version: '1', namespace: 'n', parameters: { a: 1 },
    source: { type: 'template', folder: 'clusters/a/own/1', files: [{ path: 'a.yaml', text: 'a: 1' }, { path: 'deep/b.yml', text: 'b: 2' }] },
  }]);
});

test('a version that is not there names those that are', async () => {
  const missing = addonsOf(loadedOf(await load(oneCluster(ADDON.replace("version: '1'", "version: '3'"), FILES))).fleet);
  expect(missing).toMatchObject([{ source: { files: [], versions: ['1', '2'] } }]);
  const outside = addonsOf(loadedOf(await load(oneCluster(ADDON.replace("version: '1'", "version: '../../..'"), FILES))).fleet);
  expect(outside).toMatchObject([{ source: { files: [] } }]);
});

test('a folder outside the fleet is refused', async () => {
  expect(problemsOf(await load(oneCluster(ADDON.replace("'./own', version: '1'", "'/usr/share', version: 'zoneinfo'"), FILES))).map(({ code }) => code)).toEqual(['load/impure']);
});

test.for([
  ['a file that changes', { 'clusters/a/own/1/a.yaml': 'a: 2' }],
  ['a new file', { 'clusters/a/own/1/c.yaml': 'c: 3' }],
  ['a new file in a folder of it', { 'clusters/a/own/1/deep/c.yaml': 'c: 3' }],
  ['a new folder', { 'clusters/a/own/1/new/c.yaml': 'c: 3' }],
] as const)('%s is seen', async ([, files]) => {
  const root = project(oneCluster(ADDON, FILES));
  mkdirSync(join(root, 'node_modules'));
  await sleep(OLD_ENOUGH);
  const again = async () => loadedOf(await loadFleet(root));
  const before = await again();
  expect((await again()).cached).toBe(true);
  write(root, files);
  const after = await again();
  expect(after.cached).toBe(false);
  expect(addonsOf(after.fleet)).not.toEqual(addonsOf(before.fleet));
});

test('a file that goes is seen, and a version that comes', async () => {
  const root = project(oneCluster(ADDON.replace("version: '1'", "version: '3'"), FILES));
  mkdirSync(join(root, 'node_modules'));
  await sleep(OLD_ENOUGH);
  const again = async () => addonsOf(loadedOf(await loadFleet(root)).fleet);
  expect(await again()).toMatchObject([{ source: { files: [] } }]);
  write(root, { 'clusters/a/own/3/a.yaml': 'a: 3' });
  await sleep(OLD_ENOUGH);
  expect(await again()).toMatchObject([{ source: { files: [{ path: 'a.yaml', text: 'a: 3' }] } }]);
  rmSync(join(root, 'clusters/a/own/3/a.yaml'));
  expect(await again()).toMatchObject([{ source: { files: [] } }]);
});

test.for([
  ['a list', "[{ kind: 'A' }]"],
  ['a chart', "({ toJson: () => [{ kind: 'A' }] })"],
  ['an app', "({ charts: [{ toJson: () => [{ kind: 'A' }] }] })"],
] as const)('a construct that returns %s', async ([, made]) => {
  const { fleet } = loadedOf(await load(oneCluster(withAddon(`addon('own', { construct: () => ${made} })`))));
  expect(addonsOf(fleet)).toEqual([{ name: 'own', source: { type: 'construct', objects: [{ kind: 'A' }] } }]);
});

test.for([
  ['a class', "addon('own', { construct: class {} })", 'addons/source'],
  ['something else', "addon('own', { construct: () => 3 })", 'addons/source'],
  ['no source', "addon('own', {})", 'addons/source'],
  ['a function among its objects', "addon('own', { construct: () => [{ a: () => 1 }] })", 'load/not-plain-data'],
  ['the clock', "addon('own', { construct: () => [{ a: Date.now() }] })", 'load/impure'],
] as const)('a construct of %s is refused', async ([, text, code]) => {
  expect(problemsOf(await load(oneCluster(withAddon(text)))).map((problem) => problem.code)).toEqual([code]);
});
