import { existsSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ownFiles, writeCache } from '../../lib/load/cache/cache.ts';
import { loadFleet } from '../../lib/load/load.ts';
import { filesBelow } from '../support/folders.ts';
import { clusterOf, loadedOf, oneCluster, project, write } from './fixture.ts';

/** Longer than a tick of the file system's clock: younger files are never kept. */
const OLD_ENOUGH = 80;

async function cachedProject() {
  const root = project(oneCluster(clusterOf('a', "  audit: yamlFile('./audit.yaml'),").replace('{ defineCluster }', '{ defineCluster, yamlFile }'), { 'clusters/a/audit.yaml': 'policy: none' }));
  mkdirSync(join(root, 'node_modules'));
  const file = join(root, 'node_modules/.cache/kubewright/fleet.txt');
  await sleep(OLD_ENOUGH);
  const load = async () => loadedOf(await loadFleet(root));
  const first = await load();
  return { root, file, load, first };
}

test('an unchanged fleet is not run again, and is the same', async () => {
  const { load, first } = await cachedProject();
  const second = await load();
  expect([first.cached, second.cached]).toEqual([false, true]);
  expect({ ...second, cached: false }).toStrictEqual(first);
});

test.for([
  ['a definition', { 'clusters/a/cluster.ts': clusterOf('b') }],
  ['a file it read', { 'clusters/a/audit.yaml': 'policy: wxyz' }],
  ['a new file beside it', { 'clusters/a/new.ts': '' }],
  ['tsconfig.json', { 'tsconfig.json': '{}' }],
] as const)('%s that changes is seen', async ([, files]) => {
  const { root, load } = await cachedProject();
  write(root, files);
  expect((await load()).cached).toBe(false);
});

test('a torn, foreign or missing cache is none', async () => {
  const { file, load, first } = await cachedProject();
  const text = readFileSync(file, 'utf8');
  truncateSync(file, Math.floor(text.length / 2));
  expect({ ...(await load()), cached: false }).toEqual(first);
  writeFileSync(file, text.replace('"policy":"none"', '"policy":"nope"'));
  expect((await load()).cached).toBe(false);
  writeFileSync(file, text.slice(0, text.lastIndexOf('\n')));
  expect((await load()).cached).toBe(false);
  writeFileSync(file, 'null');
  expect((await load()).cached).toBe(false);
  rmSync(file);
  expect((await load()).cached).toBe(false);
  expect((await load()).cached).toBe(true);
});

test('what is kept is of one loader: every file of it, in whichever folder, is watched', () => {
  const loader = new URL('../../lib/load/', import.meta.url).pathname;
  expect(ownFiles()).toEqual(expect.arrayContaining(filesBelow(loader).map((path) => join(loader, path))));
});

test('what may have changed after it was read is not kept, nor what cannot be read again', async () => {
  const { file, first } = await cachedProject();
  rmSync(file);
  writeCache(first, () => ({}), 0);
  expect(existsSync(file)).toBe(false);
  writeCache(first, () => { throw new Error('a file is gone'); }, Date.now() + 1000);
  expect(existsSync(file)).toBe(false);
  writeCache(first, () => ({}), Date.now() + 1000);
  expect(existsSync(file)).toBe(true);
});

test('a definition that prints is run every time', async () => {
  const { root, load } = await cachedProject();
  write(root, { 'clusters/a/cluster.ts': `${clusterOf('a')}console.log();` });
  await sleep(OLD_ENOUGH);
  expect((await load()).cached).toBe(false);
  expect((await load()).cached).toBe(false);
});
