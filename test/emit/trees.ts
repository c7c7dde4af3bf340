import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Disk } from '../../lib/emit/disk.ts';
import type { OwnerFiles } from '../../lib/emit/survey.ts';

/** Every file below a folder with its content; empty folders end in `/`. */
export type Tree = Readonly<Record<string, string>>;

/** An empty folder that plays a checkout. */
export function makeRoot(): string {
  return fs.mkdtempSync(join(tmpdir(), 'kubewright-emit-'));
}

/** Writes files below `dist/`, as a person or git would. */
export function putFiles(root: string, files: Tree): void {
  for (const [path, text] of Object.entries(files)) {
    fs.mkdirSync(join(root, 'dist', path, '..'), { recursive: true });
    fs.writeFileSync(join(root, 'dist', path), text);
  }
}

/** What `dist/` holds, and what is left in the scratch folder beside the file that hides it from git. */
export function readTree(root: string): Tree {
  const scratch = listFolder(join(root, '.kubewright')).filter(([path]) => path !== '.gitignore');
  return Object.fromEntries([...listFolder(join(root, 'dist')), ...scratch.map(([path, text]) => [`(scratch) ${path}`, text])]);
}

/** An owner with a short notation for its files. */
export function owner(name: string, files: Tree): OwnerFiles {
  return { owner: name, files: Object.entries(files).map(([path, text]) => ({ path, text })) };
}

/** Two states of one fleet: files change, come and go, one moves between owners, folders come and go, some for two owners, an owner comes, another goes. */
export const BEFORE = [
  owner('a', { 'a/etcd/one.yaml': '1\n', 'a/etcd/two.yaml': '2\n', 'a/old/deep/three.yaml': '3\n', 'a/moves.yaml': 'm\n' }),
  owner('b', { 'b/same.yaml': 'same\n' }),
  owner('gone', { 'gone/x.yaml': 'x\n' }),
];
export const AFTER = [
  owner('a', { 'a/etcd/one.yaml': '1 changed\n', 'a/etcd/two.yaml': '2\n', 'a/new/deep/four.yaml': '4\n' }),
  owner('b', { 'b/same.yaml': 'same\n', 'a/moves.yaml': 'moved\n', 'a/new/of-b.yaml': '5\n' }),
  owner('c', { 'a/new/deep/of-c.yaml': '6\n', 'c/etcd/one.yaml': '1\n', 'c/pki/two.yaml': '2\n' }),
];
export const REMOVED = ['gone'];

/** A disk that, from its nth change on, fails once, lacks space, moves nothing, refuses all, or belongs to a process that died. */
export type Fault = 'fails-once' | 'is-full' | 'moves-nothing' | 'refuses' | 'stops';

/** Thrown in place of the death of the process: nothing that would touch the disk may happen after it. */
export class Stopped extends Error {}

const CHANGES = ['linkSync', 'mkdirSync', 'renameSync', 'rmSync', 'rmdirSync', 'unlinkSync', 'writeFileSync'] as const;
const REFUSED: Readonly<Record<Fault, readonly string[]>> = {
  'fails-once': CHANGES,
  'is-full': ['mkdirSync', 'writeFileSync'],
  'moves-nothing': ['renameSync'],
  refuses: CHANGES,
  stops: CHANGES,
};

/** The real disk until its change number `at`, then a faulty one. A write that fails leaves the first half of its text. */
export function faultyDisk(fault: Fault, at: number): { readonly disk: Disk; changes(): number } {
  let count = 0;
  const disk: Record<string, unknown> = { ...fs };
  for (const name of CHANGES) {
    const real = fs[name] as (...args: unknown[]) => unknown;
    disk[name] = (...args: unknown[]): unknown => {
      count += 1;
      if (!isBroken(fault, name, count, at)) return real(...args);
      if (name === 'writeFileSync' && count === at) tear(args);
      throw fault === 'stops' ? new Stopped() : refuse(name, String(args[0]));
    };
  }
  return { disk: disk as Disk, changes: () => count };
}

function isBroken(fault: Fault, name: string, count: number, at: number): boolean {
  if (fault === 'fails-once') return count === at;
  return count >= at && REFUSED[fault].includes(name);
}

function tear([path, text, options]: readonly unknown[]): void {
  const half = String(text).slice(0, String(text).length / 2);
  const isExclusive = typeof options === 'object' && options !== null && 'flag' in options;
  if (!isExclusive) fs.writeFileSync(String(path), half);
}

function refuse(name: string, path: string): Error {
  return Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', errno: -28, syscall: name.replace('Sync', ''), path });
}

/** The process that died was this one, which still runs: its lock must be taken away by hand. */
export function releaseLock(root: string): void {
  for (const name of ['lock', 'lock.break', `lock.${process.pid}.draft`]) fs.rmSync(join(root, '.kubewright', name), { force: true });
}

/** A link counts as a file that holds its target. */
function listFolder(folder: string, prefix = ''): readonly (readonly [string, string])[] {
  const stat = fs.lstatSync(folder, { throwIfNoEntry: false });
  if (stat === undefined) return [];
  if (!stat.isDirectory()) return [[prefix, '(no folder)']];
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry): readonly (readonly [string, string])[] => {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink()) return [[`${prefix}${entry.name}`, fs.readlinkSync(path)]];
    if (!entry.isDirectory()) return [[`${prefix}${entry.name}`, fs.readFileSync(path, 'utf8')]];
    const inside = listFolder(path, `${prefix}${entry.name}/`);
    return inside.length > 0 ? inside : [[`${prefix}${entry.name}/`, '']];
  });
}
