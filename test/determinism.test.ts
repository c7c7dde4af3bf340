import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pc from 'picocolors';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { dueProblems } from '../lib/build/due.ts';
import { openFleet } from '../lib/build/owners.ts';
import { buildFleet, checkFleet, isClean } from '../lib/build/run.ts';
import { runCheck } from '../lib/cli/build.ts';
import { EXIT } from '../lib/cli/exit.ts';
import type { Problem } from '../lib/problem.ts';
import { compileFleet, fleetWithOwnKeys, ROOT } from './support/compiled.ts';
import { opened } from './support/fleets.ts';
import { filesBelow, temporaryFolder, writeFiles } from './support/folders.ts';
import { linkPackages } from './support/packages.ts';

const COMMITTED = join(ROOT, 'clusters');

const treeOf = (folder: string): Record<string, string> => Object.fromEntries(filesBelow(folder).map((path) => [path, readFileSync(join(folder, path), 'utf8')]));

/** A copy of the committed definitions in a folder of its own, without a cache and without a dist/. */
function copyAt(...steps: readonly string[]): string {
  const root = join(temporaryFolder(), ...steps);
  mkdirSync(root, { recursive: true });
  cpSync(COMMITTED, join(root, 'clusters'), { recursive: true });
  linkPackages(root);
  return root;
}

/** Where people, CI and containers differ. */
const SURROUNDINGS = [
  { name: 'a German in Kiritimati', env: { TZ: 'Pacific/Kiritimati', LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8', USER: 'jürgen' }, steps: ['ein ordner'], cwd: ROOT },
  { name: 'a Turk in Samoa', env: { TZ: 'Pacific/Pago_Pago', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr', NODE_ENV: 'production', FORCE_COLOR: '3' }, steps: ['İ', 'b'], cwd: '/' },
  { name: 'CI without a home', env: { TZ: 'UTC', LC_ALL: 'C', CI: 'true', HOME: '/nonexistent', NO_COLOR: '1', KUBECONFIG: '/nowhere', HTTPS_PROXY: 'http://nowhere:1' }, steps: ['a'.repeat(80)], cwd: '/tmp' },
] as const;

test('the same bytes for everybody, everywhere', { timeout: 180_000 }, async () => {
  const expected = treeOf(join(ROOT, 'dist'));
  for (const { name, env, steps, cwd } of SURROUNDINGS) {
    const root = copyAt(...steps);
    // Order of the environment, and nothing of ours in it but where programs are.
    const around = Object.fromEntries([...Object.entries(env), ['PATH', process.env['PATH'] ?? '']].reverse());
    await promisify(execFile)(process.execPath, ['--import', join(ROOT, 'node_modules/tsx/dist/loader.mjs'), join(ROOT, 'lib/cli/bin.ts'), 'build', '--root', root], { cwd, env: around });
    const tree = treeOf(join(root, 'dist'));
    expect(Object.keys(tree), name).toEqual(Object.keys(expected));
    expect(Object.keys(tree).filter((path) => tree[path] !== expected[path]), name).toEqual([]);
  }
});

/** The same data with the keys of every object in another order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).toReversed().map(([key, child]) => [key, reversed(child)]));
}

test('the order of keys in a definition means nothing', { timeout: 120_000 }, async () => {
  const open = await opened(ROOT);
  const shuffled = { ...open, fleet: reversed(open.fleet) as typeof open.fleet, owners: open.owners.map((owner) => ({ ...owner, definition: reversed(owner.definition) })) };
  const [one, other] = [compileFleet(open), compileFleet(shuffled)];
  const texts = ({ files }: { readonly files: readonly { readonly path: string; readonly text: string }[] }) => new Map(files.map(({ path, text }) => [path, text]));
  for (const [owner, compiled] of one) {
    const again = texts(other.get(owner) ?? { files: [] });
    expect(compiled.files.filter(({ path, text }) => again.get(path) !== text).map(({ path }) => path), owner).toEqual([]);
    expect(again.size).toBe(compiled.files.length);
  }
});

/** What a build of these definitions makes, and what it tells, sorted: people are told in the order of their fleet. */
async function built(root: string) {
  const open = await opened(root);
  const { problems, report } = await buildFleet(open, () => undefined);
  expect(report).not.toBeNull();
  return { clusters: open.fleet.clusters.map(({ name }) => name), tree: treeOf(join(root, 'dist')), told: problems.map((problem) => JSON.stringify(problem)).sort() };
}

const edit = (root: string, path: string, from: string | RegExp, to: string): void => writeFiles(root, { [path]: readFileSync(join(root, path), 'utf8').replace(from, to) });

test('the order of clusters in a fleet means nothing', { timeout: 120_000 }, async () => {
  const [root, other] = [copyAt('one'), copyAt('other')];
  for (const each of [root, other]) {
    // Something to tell of two of them.
    edit(each, 'clusters/sandbox/cluster.ts', 'etcd: {', "etcd: { version: '3.6.6',");
    edit(each, 'clusters/search-prod/cluster.ts', "version: '3.6.16'", "version: '3.6.6'");
  }
  const [, names = ''] = /clusters: \[(.+)\]/.exec(readFileSync(join(other, 'clusters/fleet.ts'), 'utf8')) ?? [];
  edit(other, 'clusters/fleet.ts', `[${names}]`, `[${names.split(', ').toReversed().join(', ')}]`);

  const [one, two] = [await built(root), await built(other)];
  expect(two.clusters).toEqual(one.clusters.toReversed());
  expect(Object.keys(two.tree)).toEqual(Object.keys(one.tree));
  expect(Object.keys(two.tree).filter((path) => two.tree[path] !== one.tree[path])).toEqual([]);
  expect(one.told.map((text) => (JSON.parse(text) as Problem).code)).toEqual(['etcd/insecure', 'etcd/insecure']);
  expect(two.told).toEqual(one.told);
});

afterEach(() => { vi.useRealTimers(); });

test('in ten years the same commit builds the same bytes, and `check` says what has ended', { timeout: 120_000 }, async () => {
  const now = new Date('2036-11-21T00:00:00Z');
  vi.useFakeTimers({ toFake: ['Date'], now });
  const root = copyAt('later');
  const open = await opened(root);
  const made = await buildFleet(open, () => undefined);
  expect(made.problems).toEqual([]);
  const [tree, expected] = [treeOf(join(root, 'dist')), treeOf(join(ROOT, 'dist'))];
  expect(Object.keys(tree)).toEqual(Object.keys(expected));
  expect(Object.keys(tree).filter((path) => tree[path] !== expected[path])).toEqual([]);

  const told: Problem[] = [];
  const quiet = { json: false, onScreen: false, colors: pc.createColors(false), say: () => undefined, print: () => undefined, progress: () => undefined };
  expect(await runCheck(root, { ...quiet, show: (problems) => void told.push(...problems) }, now)).toBe(EXIT.problems);
  expect(new Set(told.map(({ code }) => code))).toEqual(new Set(['pki/certificate-due']));
  const ended = told.filter(({ what }) => what.startsWith('Certificate apiserver ended on '));
  expect(ended.map(({ at }) => at.of), 'of each cluster').toEqual(open.fleet.clusters.map(({ name }) => `clusters/${name}/pki.lock.yaml`));
  const { report } = await checkFleet(open, () => undefined);
  expect(report !== null && isClean(report), 'and dist/ is as it should be').toBe(true);
});

test('which certificates are due is asked of a day that is an argument', { timeout: 120_000 }, async () => {
  const open = await fleetWithOwnKeys(onTestFinished);
  const on = (day: string) => dueProblems(open, new Date(day));
  expect(on('2026-01-02T00:00:00Z')).toEqual([]);
  const later = on('2036-11-21T00:00:00Z');
  expect(new Set(later.map(({ code, severity }) => `${severity} ${code}`))).toEqual(new Set(['error pki/certificate-due']));
  expect(later.filter(({ what }) => what.includes(' ended on '))).toEqual(later);
  expect(new Set(later.map(({ at }) => at.of)).size).toBe(open.fleet.clusters.length);
  expect('fleet' in await openFleet(open.root)).toBe(true);
});
