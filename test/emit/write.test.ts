import * as fs from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { openDist } from '../../lib/emit/dist.ts';
import { indexPath } from '../../lib/emit/index-file.ts';
import { checkDist, listOwners, writeDist } from '../../lib/emit/write.ts';
import { AFTER, BEFORE, makeRoot, owner, putFiles, readTree, REMOVED } from './trees.ts';

let root = '';
beforeEach(() => {
  const made = makeRoot();
  root = made;
  onTestFinished(() => fs.rmSync(made, { recursive: true, force: true }));
});

const UNCHANGED = { written: [], removed: [], foreign: [] };
const CLEAN = { missing: [], changed: [], edited: [], stale: [], foreign: [] };

describe('a build', () => {
  test('writes what is wanted, then nothing', async () => {
    const first = await writeDist(root, BEFORE);
    expect(first).toMatchObject({ ok: true, value: { removed: [], unchanged: 0, foreign: [] } });
    expect(first.ok && first.value.written).toHaveLength(9);
    const tree = readTree(root);
    expect(await writeDist(root, BEFORE)).toEqual({ ok: true, value: { ...UNCHANGED, unchanged: 6 } });
    expect(readTree(root)).toEqual(tree);
  });

  test('changes, adds, moves and removes, and leaves no empty folder', async () => {
    await writeDist(root, BEFORE);
    const report = await writeDist(root, AFTER, { removedOwners: REMOVED });
    expect(report).toEqual({
      ok: true,
      value: {
        written: [
          ...['a/etcd/one.yaml', 'a/moves.yaml', 'a/new/deep/four.yaml', 'a/new/deep/of-c.yaml', 'a/new/of-b.yaml'],
          ...['c/etcd/one.yaml', 'c/pki/two.yaml', indexPath('a'), indexPath('b'), indexPath('c')],
        ],
        removed: ['a/old/deep/three.yaml', 'gone/x.yaml', indexPath('gone')],
        unchanged: 2,
        foreign: [],
      },
    });
    const fresh = makeRoot();
    await writeDist(fresh, AFTER);
    expect(readTree(root)).toEqual(readTree(fresh));
    fs.rmSync(fresh, { recursive: true });
  });

  test('moves each folder that dist/ lacks as a whole', async () => {
    const moved: string[] = [];
    const renameSync: typeof fs.renameSync = (from, to) => {
      moved.push(String(to).slice(root.length + 1));
      fs.renameSync(from, to);
    };
    const disk = { ...fs, renameSync };
    await writeDist(root, BEFORE, { disk });
    expect(moved).toEqual(['.kubewright/journal.json', 'dist/a', 'dist/b', 'dist/gone', 'dist/records']);
    moved.length = 0;
    await writeDist(root, AFTER, { disk });
    expect(moved.filter((path) => path.startsWith('dist'))).toEqual(['dist/a/etcd/one.yaml', 'dist/a/moves.yaml', 'dist/a/new', 'dist/c', ...['a', 'b', 'c'].map((name) => `dist/${indexPath(name)}`)]);
  });

  test('leaves owners alone that it is not asked about', async () => {
    await writeDist(root, BEFORE);
    const before = readTree(root);
    await writeDist(root, [owner('b', { 'b/same.yaml': 'same\n', 'b/more.yaml': 'm\n' })]);
    expect(readTree(root)).toMatchObject({ ...before, [indexPath('b')]: expect.any(String), 'b/more.yaml': 'm\n' });
    expect(listOwners(root)).toEqual({ ok: true, value: ['a', 'b', 'gone'] });
  });

  test('keeps the inode and time of a file that does not change', async () => {
    await writeDist(root, BEFORE);
    const before = fs.statSync(join(root, 'dist/b/same.yaml'));
    await writeDist(root, AFTER);
    expect(fs.statSync(join(root, 'dist/b/same.yaml'))).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
  });

  test('takes its owners from a stream', async () => {
    async function* stream() {
      yield* BEFORE;
    }
    expect(await writeDist(root, stream())).toMatchObject({ ok: true, value: { removed: [] } });
  });

  test('that is given up changes nothing', async () => {
    await writeDist(root, BEFORE);
    const before = readTree(root);
    const session = open();
    for (const owned of AFTER) session.stage(owned);
    session.abort();
    expect(readTree(root)).toEqual(before);
    expect(() => session.commit()).toThrow('has ended');
  });

  test('whose stream throws changes nothing and gives the lock back', async () => {
    function* stream() {
      yield* BEFORE;
      throw new Error('a chart is broken');
    }
    await expect(writeDist(root, stream())).rejects.toThrow('a chart is broken');
    expect(readTree(root)).toEqual({});
    expect(openDist(root)).toMatchObject({ ok: true });
  });

  test('is hidden from git while it is staged', () => {
    open().abort();
    expect(fs.readFileSync(join(root, '.kubewright/.gitignore'), 'utf8')).toBe('*\n');
  });
});

describe('a file of somebody else', () => {
  test('is reported and left alone', async () => {
    await writeDist(root, BEFORE);
    putFiles(root, { 'a/etcd/notes.yaml': 'n', 'a/mine/x.yaml': 'n', 'elsewhere/x.yaml': 'n' });
    expect(await writeDist(root, BEFORE)).toMatchObject({ value: { foreign: ['a/etcd/notes.yaml', 'a/mine/x.yaml'] } });
    expect(await writeDist(root, BEFORE, { whole: true })).toMatchObject({ value: { foreign: ['a/etcd/notes.yaml', 'a/mine/x.yaml', 'elsewhere/x.yaml'] } });
    expect(readTree(root)).toMatchObject({ 'a/etcd/notes.yaml': 'n', 'a/mine/x.yaml': 'n', 'elsewhere/x.yaml': 'n' });
  });

  test('keeps its folder when all our files there go', async () => {
    await writeDist(root, BEFORE);
    putFiles(root, { 'gone/notes.txt': 'n' });
    expect(await writeDist(root, [], { removedOwners: ['gone'] })).toMatchObject({ value: { foreign: ['gone/notes.txt'] } });
    expect(readTree(root)).toHaveProperty(['gone/notes.txt'], 'n');
  });

  test('where ours must go stops the build, and all such files are named', async () => {
    putFiles(root, { 'a/moves.yaml': 'theirs', 'b/same.yaml': 'theirs' });
    const before = readTree(root);
    expect(await writeDist(root, BEFORE)).toMatchObject({
      ok: false,
      errors: [{ code: 'dist/foreign', paths: ['dist/a/moves.yaml', 'dist/b/same.yaml'], errno: null }],
    });
    expect(readTree(root)).toEqual(before);
  });

  test('with the very bytes we want becomes ours', async () => {
    putFiles(root, { 'b/same.yaml': 'same\n' });
    expect(await writeDist(root, BEFORE)).toMatchObject({ ok: true, value: { unchanged: 1 } });
  });

  test('that another owner keeps is not taken over, whatever its bytes', async () => {
    await writeDist(root, BEFORE);
    for (const text of ['m\n', 'other\n']) {
      expect(await writeDist(root, [owner('b', { 'a/moves.yaml': text })])).toMatchObject({ ok: false, errors: [{ code: 'dist/claimed', paths: ['dist/a/moves.yaml'] }] });
    }
  });
});

describe('what stands in the way', () => {
  test.for([
    ['dist is a file', (at: string) => fs.writeFileSync(join(at, 'dist'), ''), 'dist/not-a-folder', 'dist'],
    ['dist is a link', (at: string) => link(at, join(at, 'outside'), 'dist'), 'dist/symlink', 'dist'],
    ['.kubewright is a file', (at: string) => fs.writeFileSync(join(at, '.kubewright'), ''), 'dist/not-a-folder', '.kubewright'],
    ['a folder is a link', (at: string) => link(at, join(at, 'outside'), 'dist/a'), 'dist/symlink', 'dist/a'],
    ['a file is a link', (at: string) => link(at, '/etc/passwd', 'dist/b/same.yaml'), 'dist/symlink', 'dist/b/same.yaml'],
    ['a file is a dangling link', (at: string) => link(at, '/nowhere', 'dist/b/same.yaml'), 'dist/symlink', 'dist/b/same.yaml'],
    ['a file is a folder', (at: string) => fs.mkdirSync(join(at, 'dist/b/same.yaml'), { recursive: true }), 'dist/in-the-way', 'dist/b/same.yaml'],
    ['a folder is a file', (at: string) => putFiles(at, { 'a/etcd': 'x' }), 'dist/in-the-way', 'dist/a/etcd'],
    ['records is a link', (at: string) => link(at, join(at, 'outside'), 'dist/records'), 'dist/symlink', 'dist/records'],
    ['an index is torn', (at: string) => putFiles(at, { [indexPath('a')]: '<<<<<<<' }), 'dist/index-torn', `dist/${indexPath('a')}`],
  ] as const)('%s: nothing is written', async ([, prepare, code, path]) => {
    prepare(root);
    const before = readTree(root);
    expect(await writeDist(root, BEFORE)).toMatchObject({ ok: false, errors: [{ code, paths: [path] }] });
    expect(readTree(root)).toEqual(before);
    expect(fs.existsSync(join(root, 'outside'))).toBe(false);
    expect(await checkDist(root, BEFORE)).toMatchObject({ ok: false, errors: [{ code, paths: [path] }] });
  });

  test('a link in place of a folder of ours is not followed by a deletion', async () => {
    await writeDist(root, BEFORE);
    fs.renameSync(join(root, 'dist/gone'), join(root, 'outside'));
    fs.symlinkSync(join(root, 'outside'), join(root, 'dist/gone'));
    expect(await writeDist(root, [], { removedOwners: ['gone'] })).toMatchObject({ ok: false, errors: [{ code: 'dist/symlink' }] });
    expect(fs.existsSync(join(root, 'outside/x.yaml'))).toBe(true);
  });
});

describe('the lock', () => {
  test('lets one session in', async () => {
    const session = open();
    expect(openDist(root)).toMatchObject({ ok: false, errors: [{ code: 'dist/locked', what: expect.stringContaining(`process ${process.pid} on `) }] });
    session.abort();
    expect(await writeDist(root, BEFORE)).toMatchObject({ ok: true });
  });

  test.for([
    ['a process that is gone', { pid: 7, host: 'here', started: '1' }, true],
    ['a process on another host', { pid: 7, host: 'there', started: '1' }, false],
    ['a process that runs', { pid: 8, host: 'here', started: '1' }, false],
  ] as const)('of %s', ([, holder, isOpen]) => {
    fs.mkdirSync(join(root, '.kubewright'));
    fs.writeFileSync(join(root, '.kubewright/lock'), JSON.stringify(holder));
    const processes = { self: { pid: 9, host: 'here', started: '1' }, isAlive: ({ pid }: { pid: number }) => pid === 8 };
    expect(openDist(root, { processes }).ok).toBe(isOpen);
  });

  test.for([['just made', 0, false], ['made long ago', 3_600, true]] as const)('that is empty and %s', ([, seconds, isOpen]) => {
    const path = join(root, '.kubewright/lock');
    fs.mkdirSync(join(root, '.kubewright'));
    fs.writeFileSync(path, '');
    fs.utimesSync(path, Date.now() / 1000 - seconds, Date.now() / 1000 - seconds);
    expect(openDist(root).ok).toBe(isOpen);
  });
});

describe('a check', () => {
  test('is clean after a build, and writes nothing', async () => {
    await writeDist(root, BEFORE);
    fs.rmSync(join(root, '.kubewright'), { recursive: true });
    expect(await checkDist(root, BEFORE, { whole: true })).toEqual({ ok: true, value: { report: CLEAN, differing: new Set() } });
    expect(fs.existsSync(join(root, '.kubewright'))).toBe(false);
  });

  test('tells what is missing, changed, edited, stale and foreign', async () => {
    await writeDist(root, BEFORE);
    putFiles(root, { 'a/etcd/two.yaml': 'edited by hand\n', 'a/new/deep/four.yaml': 'not ours\n', 'stray/x.yaml': 'x' });
    fs.rmSync(join(root, 'dist/b/same.yaml'));
    expect(await checkDist(root, AFTER, { whole: true, removedOwners: REMOVED })).toEqual({
      ok: true,
      value: {
        report: {
          missing: ['a/new/deep/of-c.yaml', 'a/new/of-b.yaml', 'b/same.yaml', 'c/etcd/one.yaml', 'c/pki/two.yaml', indexPath('c')],
          changed: ['a/etcd/one.yaml', 'a/moves.yaml', indexPath('a'), indexPath('b')],
          edited: ['a/etcd/two.yaml'],
          stale: ['a/old/deep/three.yaml', 'gone/x.yaml', indexPath('gone')],
          foreign: ['a/new/deep/four.yaml', 'stray/x.yaml'],
        },
        differing: new Set(['a', 'b', 'c']),
      },
    });
  });

  test('of an empty checkout finds everything missing', async () => {
    const report = await checkDist(root, BEFORE);
    expect(report.ok && report.value.report.missing).toHaveLength(9);
  });
});

test.for(['../x.yaml', '/x.yaml', 'a//x.yaml', 'a/./x.yaml', 'a\\x.yaml', '', indexPath('b')])('%j is no path of dist/', (path) => {
  const session = open();
  expect(() => session.stage(owner('a', { [path]: '' }))).toThrow('which no file of dist/ may have');
  session.abort();
});

test('two owners that want one path are both named', async () => {
  await expect(writeDist(root, [owner('a', { 'x.yaml': '' }), owner('b', { 'x.yaml': '' })])).rejects.toThrow('Two owners want dist/x.yaml: a and b.');
});

function open() {
  const opened = openDist(root);
  if (!opened.ok) throw new Error(JSON.stringify(opened.errors));
  return opened.value;
}

function link(at: string, to: string, path: string): void {
  fs.mkdirSync(join(at, path, '..'), { recursive: true });
  fs.symlinkSync(to, join(at, path));
}
