import * as fs from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Disk, DistResult } from '../../lib/emit/disk.ts';
import { openDist, type WriteReport } from '../../lib/emit/dist.ts';
import type { OwnerFiles } from '../../lib/emit/survey.ts';
import { checkDist, writeDist } from '../../lib/emit/write.ts';
import { randomFrom } from './adversarial.ts';
import { AFTER, BEFORE, faultyDisk, makeRoot, putFiles, readTree, releaseLock, REMOVED, Stopped, type Fault, type Tree } from './trees.ts';

/** The trees before and after a build, and how often that build changes the disk: each of these changes is made to fail. */
const BUILDS = [
  { name: 'a build over an older one', ...(await measureBuild(BEFORE)), fewestHalves: 6 },
  { name: 'the first build, of whole folders', ...(await measureBuild([])), fewestHalves: 3 },
];

/** Each build waits for the disk once, and a busy disk takes its time. */
vi.setConfig({ testTimeout: 60_000 });

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) fs.rmSync(root, { recursive: true, force: true });
});

describe.for(BUILDS)('$name', ({ OLD, NEW, CHANGES, fewestHalves }) => {
  const ALL = Array.from({ length: CHANGES }, (_, i) => i + 1);

  test('the two trees differ, and the changes between them are many', () => {
    expect(OLD).not.toEqual(NEW);
    expect(CHANGES).toBeGreaterThan(25);
  });

  test('a change that fails leaves the old tree, or the new one when only the cleaning failed', async () => {
    for (const at of ALL) {
      const root = makeOld(OLD);
      const result = await build(root, faulty('fails-once', at));
      if (isHalfWritten(result)) expect(recover(root), `change ${at}`).toEqual(NEW);
      else expect(withoutRest(readTree(root)), `change ${at}`).toEqual(result.ok ? NEW : OLD);
      if (!result.ok) expect(result.errors[0], `change ${at}`).toMatchObject({ code: 'dist/disk', errno: 'ENOSPC' });
    }
  });

  test('a disk that fills up leaves the old tree and nothing beside it', async () => {
    for (const at of ALL) {
      const root = makeOld(OLD);
      const result = await build(root, faulty('is-full', at));
      expect(readTree(root), `change ${at}`).toEqual(result.ok ? NEW : OLD);
      expect((await build(root, fs)).ok, `change ${at}`).toBe(true);
      expect(readTree(root), `change ${at}`).toEqual(NEW);
    }
  });

  test.for(['refuses', 'moves-nothing'] as const)('a disk that %s half-way is told of, and the next session finishes', async (fault) => {
    let halves = 0;
    for (const at of ALL) {
      const root = makeOld(OLD);
      const result = await build(root, faulty(fault, at));
      if (isHalfWritten(result)) halves += 1;
      else expect(withoutRest(readTree(root)), `change ${at}`).toEqual(result.ok ? NEW : OLD);
      const wanted = isHalfWritten(result) ? [NEW] : [OLD, NEW];
      expect(wanted, `change ${at}`).toContainEqual(withoutRest(recover(root)));
    }
    expect(halves).toBeGreaterThanOrEqual(fewestHalves);
  });

  test('a process that dies at any change leaves the old tree or the new one to the next session', async () => {
    const trees = [];
    for (const at of ALL) {
      const root = makeOld(OLD);
      await die(root, at);
      trees.push(recover(root));
    }
    const firstNew = trees.findIndex((tree) => JSON.stringify(tree) === JSON.stringify(NEW));
    expect(firstNew).toBeGreaterThan(5);
    expect(trees).toEqual(trees.map((_, i) => (i < firstNew ? OLD : NEW)));
  });

  test('a process that dies, and others that die while they recover, do no harm either', async () => {
    const random = randomFrom(7);
    for (let run = 0; run < 60; run++) {
      const root = makeOld(OLD);
      await die(root, 1 + Math.floor(random() * CHANGES));
      for (let again = 0; again < 3; again++) {
        releaseLock(root);
        dieWhile(() => openDist(root, { disk: faulty('stops', 1 + Math.floor(random() * 20)) }));
      }
      expect([OLD, NEW], `run ${run}`).toContainEqual(recover(root));
    }
  });

  test('a check tells that a process died, and touches nothing', async () => {
    const root = makeOld(OLD);
    const journal = join(root, '.kubewright/journal.json');
    for (const at of ALL) {
      if (fs.existsSync(journal)) break;
      releaseLock(root);
      await die(root, at);
    }
    const before = readTree(root);
    expect(await checkDist(root, AFTER)).toMatchObject({ ok: false, errors: [{ code: 'dist/interrupted' }] });
    expect(readTree(root)).toEqual(before);
  });

  test('what somebody put into a new folder after a process died stays there', async () => {
    const mine = { 'c/etcd/mine.yaml': 'mine' };
    const trees = [];
    for (const at of ALL) {
      const root = makeOld(OLD);
      await die(root, at);
      putFiles(root, mine);
      trees.push(recover(root));
    }
    const firstNew = trees.findIndex((tree) => 'c/pki/two.yaml' in tree);
    expect(firstNew).toBeGreaterThan(5);
    expect(trees).toEqual(trees.map((_, i) => ({ ...(i < firstNew ? OLD : NEW), ...mine })));
  });
});

async function measureBuild(before: readonly OwnerFiles[]) {
  const root = makeRoot();
  await writeDist(root, before);
  const old = readTree(root);
  const { disk, changes } = faultyDisk('stops', Infinity);
  await build(root, disk);
  const result = { OLD: old, NEW: readTree(root), CHANGES: changes() };
  fs.rmSync(root, { recursive: true });
  return result;
}

function makeOld(tree: Tree): string {
  const root = makeRoot();
  roots.push(root);
  putFiles(root, tree);
  return root;
}

function build(root: string, disk: Disk): Promise<DistResult<WriteReport>> {
  return writeDist(root, AFTER, { removedOwners: REMOVED, disk });
}

function faulty(fault: Fault, at: number): Disk {
  return faultyDisk(fault, at).disk;
}

async function die(root: string, at: number): Promise<void> {
  const outcome = await build(root, faulty('stops', at)).catch((cause: unknown) => cause);
  if (outcome instanceof Error && !(outcome instanceof Stopped)) throw outcome;
}

function dieWhile(step: () => unknown): void {
  try {
    step();
  } catch (cause) {
    if (!(cause instanceof Stopped)) throw cause;
  }
}

/** Opens a session with a disk that works again, and looks at what it left. */
function recover(root: string): Tree {
  releaseLock(root);
  const opened = openDist(root);
  if (!opened.ok) throw new Error(JSON.stringify(opened.errors));
  opened.value.abort();
  return readTree(root);
}

function isHalfWritten(result: DistResult<WriteReport>): boolean {
  return !result.ok && result.errors.some((error) => error.code === 'dist/half-written');
}

/** Without what a disk that fails may keep from being cleaned: the scratch folder, and folders that became empty. */
function withoutRest(tree: Tree): Tree {
  return Object.fromEntries(Object.entries(tree).filter(([path]) => !path.startsWith('(scratch)') && !path.endsWith('/')));
}
