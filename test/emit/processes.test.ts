import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { once } from 'node:events';
import { buildSync } from 'esbuild';
import { afterAll, expect, onTestFinished, test, vi } from 'vitest';
import { openDist } from '../../lib/emit/dist.ts';
import { writeDist } from '../../lib/emit/write.ts';
import { randomFrom } from './adversarial.ts';
import { fleetOf } from './fleet.ts';
import { AFTER, BEFORE, makeRoot, readTree, REMOVED } from './trees.ts';

vi.setConfig({ testTimeout: 60_000 });

const KILLS = 24;
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

const WRITER = join(makeRoot(), 'writer.mjs');
fs.chmodSync(dirname(WRITER), 0o755);
buildSync({ entryPoints: [join(import.meta.dirname, 'killed-writer.ts')], bundle: true, platform: 'node', format: 'esm', outfile: WRITER });
afterAll(() => fs.rmSync(dirname(WRITER), { recursive: true, force: true }));

test(`a build that is killed ${KILLS} times leaves one of the two trees to the next session`, async () => {
  const root = makeTemporaryRoot();
  const random = randomFrom(11);
  await writeDist(root, fleetOf('new'));
  const fresh = readTree(root);
  await writeDist(root, fleetOf('old'));
  const trees = { old: readTree(root), new: fresh };

  let interrupted = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    await killWriter(root, kill % 2 === 0 ? pause(random() * 60) : untilJournal(root));
    if (fs.existsSync(join(root, '.kubewright/journal.json'))) interrupted += 1;
    const opened = openDist(root);
    expect(opened, `kill ${kill}`).toMatchObject({ ok: true });
    if (opened.ok) opened.value.abort();
    expect([trees.old, trees.new], `kill ${kill}`).toContainEqual(readTree(root));
  }
  expect(interrupted).toBeGreaterThan(0);
});

test('of many builds at once, each writes all or is told who is writing', async () => {
  const root = makeTemporaryRoot();
  const outcomes = await Promise.all(Array.from({ length: 6 }, () => buildOnce(root)));
  const refused = outcomes.filter((outcome) => !outcome.ok);
  expect(refused.every((outcome) => outcome.errors[0]?.code === 'dist/locked')).toBe(true);
  expect(refused.length).toBeLessThan(outcomes.length);

  const alone = makeTemporaryRoot();
  await writeDist(alone, fleetOf('new'));
  expect(readTree(root)).toEqual(readTree(alone));
});

test('a file system that is full, then large enough', async (context) => {
  const root = mountSmall();
  if (root === null) return context.skip('mounting a file system needs root');
  await writeDist(root, BEFORE);
  const before = readTree(root);
  const large = { owner: 'large', files: [{ path: 'large/x.yaml', text: 'x'.repeat(2 ** 20) }] };
  const result = await writeDist(root, [...AFTER, large], { removedOwners: REMOVED });
  expect(result).toMatchObject({ ok: false, errors: [{ code: 'dist/disk', errno: 'ENOSPC', why: 'the disk is full.' }] });
  expect(readTree(root)).toEqual(before);
  expect(await writeDist(root, AFTER, { removedOwners: REMOVED })).toMatchObject({ ok: true });
});

test('a file system that is mounted read-only', async (context) => {
  const root = mountSmall();
  if (root === null) return context.skip('mounting a file system needs root');
  await writeDist(root, BEFORE);
  const before = readTree(root);
  spawnSync('mount', ['-o', 'remount,ro', root]);
  expect(await writeDist(root, AFTER)).toMatchObject({ ok: false, errors: [{ code: 'dist/disk', errno: 'EROFS' }] });
  expect(readTree(root)).toEqual(before);
});

test.for(['.', '.kubewright', 'dist/records', 'dist/meta/cluster-3/both/part-1'])('a user who may not write to %s', async (folder, context) => {
  const root = makeTemporaryRoot();
  await writeDist(root, fleetOf('old'));
  if (folder === '.') fs.rmSync(join(root, '.kubewright'), { recursive: true });
  if (isRoot) chownTree(root, NOBODY);
  const before = readTree(root);
  fs.chmodSync(join(root, folder), 0o555);
  onTestFinished(() => fs.chmodSync(join(root, folder), 0o755));
  const outcome = await buildOnce(root, isRoot ? NOBODY : null).catch(() => null);
  if (outcome === null) return context.skip('this machine does not let another user run node');
  expect(outcome).toMatchObject({ ok: false, errors: [{ code: 'dist/disk', errno: 'EACCES' }] });
  expect(readTree(root)).toEqual(before);
});

/** Starts the writer, and kills it at the given moment after its first sign of life. */
async function killWriter(root: string, moment: (child: ChildProcess) => Promise<void>): Promise<void> {
  const child = spawn(process.execPath, [WRITER, root], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  await moment(child);
  child.kill('SIGKILL');
  await once(child, 'close');
}

function pause(milliseconds: number): () => Promise<void> {
  return () => new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** The moment after the writer has decided: most of its steps are still to come. */
function untilJournal(root: string): (child: ChildProcess) => Promise<void> {
  const journal = join(root, '.kubewright/journal.json');
  return async (child) => {
    while (!fs.existsSync(journal) && child.exitCode === null) await new Promise((resolve) => setImmediate(resolve));
  };
}

interface Outcome {
  readonly ok: boolean;
  readonly errors: readonly { readonly code: string }[];
}

async function buildOnce(root: string, user: number | null = null): Promise<Outcome> {
  const child = spawn(process.execPath, [WRITER, root, 'once'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    ...(user === null ? {} : { uid: user, gid: user }),
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await once(child, 'close');
  return JSON.parse(output);
}

function makeTemporaryRoot(): string {
  const root = makeRoot();
  onTestFinished(() => fs.rmSync(root, { recursive: true, force: true }));
  return root;
}

/** A file system of 256 KiB; null when this user may not mount one. */
function mountSmall(): string | null {
  const root = makeTemporaryRoot();
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', root]).status !== 0) return null;
  onTestFinished(() => {
    spawnSync('umount', [root]);
  });
  return root;
}

function chownTree(path: string, user: number): void {
  fs.chownSync(path, user, user);
  if (!fs.statSync(path).isDirectory()) return;
  for (const name of fs.readdirSync(path)) chownTree(join(path, name), user);
}
