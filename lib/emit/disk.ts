import type * as fs from 'node:fs';

/** The calls to the disk that writing needs. An argument, so that tests can let any of them fail. */
export type Disk = Pick<
  typeof fs,
  | 'linkSync'
  | 'lstatSync'
  | 'mkdirSync'
  | 'readFileSync'
  | 'readdirSync'
  | 'renameSync'
  | 'rmSync'
  | 'rmdirSync'
  | 'unlinkSync'
  | 'writeFileSync'
>;

/** Why `dist/` was not written or read. The tree is as it was before, except for `dist/half-written`. */
export interface DistError {
  readonly code: DistErrorCode;
  /** Below the root, such as `dist/prod-1/etcd/service-peers.yaml`. */
  readonly paths: readonly string[];
  /** What the operating system answered, such as ENOSPC; null when it was not asked. */
  readonly errno: string | null;
  readonly what: string;
  readonly why: string;
  readonly fix: string;
}

export const DIST_ERROR_CODES = [
  'dist/locked',
  'dist/not-a-folder',
  'dist/symlink',
  'dist/in-the-way',
  'dist/foreign',
  'dist/claimed',
  'dist/index-torn',
  'dist/interrupted',
  'dist/disk',
  'dist/half-written',
] as const;

export type DistErrorCode = (typeof DIST_ERROR_CODES)[number];

/** A value, or everything that stood against it. */
export type DistResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly errors: readonly DistError[] };

/** An error of Node's file functions. */
export type DiskFailure = NodeJS.ErrnoException & { readonly code: string };

/** True for what the operating system refused, false for a mistake of ours. */
export function isDiskFailure(cause: unknown): cause is DiskFailure {
  return cause instanceof Error && 'syscall' in cause && 'code' in cause && typeof cause.code === 'string';
}

/** Runs a step that touches the disk, and turns a refusal of the operating system into a value. */
export function attempt<T>(root: string, step: () => T): DistResult<T> {
  try {
    return { ok: true, value: step() };
  } catch (cause) {
    if (!isDiskFailure(cause)) throw cause;
    return { ok: false, errors: [diskError(root, cause)] };
  }
}

const MEANINGS: Readonly<Record<string, readonly [why: string, fix: string]>> = {
  ENOSPC: ['the disk is full.', 'free some space and build again.'],
  EDQUOT: ['the quota of this user is used up.', 'free some space and build again.'],
  EROFS: ['the file system is mounted read-only.', 'build in a checkout that can be written.'],
  EACCES: ['this user may not write there.', 'give this user the permission to write, and build again.'],
  EPERM: ['this user may not write there.', 'give this user the permission to write, and build again.'],
  EXDEV: ['dist/ and .kubewright/ are on different file systems.', 'put dist/ on the file system of the checkout.'],
};

/** What the operating system refused, in the reader's words. */
export function diskError(root: string, cause: DiskFailure): DistError {
  const [why, fix] = MEANINGS[cause.code] ?? ['the operating system refused it.', 'remove the cause and build again.'];
  const path = below(root, cause.path ?? root);
  return { code: 'dist/disk', paths: [path], errno: cause.code, what: `${cause.syscall} of ${path} failed with ${cause.code}.`, why, fix };
}

/** What stands at a path, without following a link. */
export function probe(disk: Disk, path: string): 'missing' | 'file' | 'folder' | 'symlink' | 'other' {
  const stat = lookAt(disk, path);
  if (stat === null) return 'missing';
  if (stat.isFile()) return 'file';
  if (stat.isDirectory()) return 'folder';
  return stat.isSymbolicLink() ? 'symlink' : 'other';
}

/** The stat of a path, not of what it links to; null when nothing is there, or a file stands where a folder would. */
export function lookAt(disk: Disk, path: string): fs.Stats | null {
  try {
    return disk.lstatSync(path, { throwIfNoEntry: false }) ?? null;
  } catch (cause) {
    if (isDiskFailure(cause) && cause.code === 'ENOTDIR') return null;
    throw cause;
  }
}

/** The text of a file; null when there is none. */
export function readText(disk: Disk, path: string): string | null {
  try {
    return disk.readFileSync(path, 'utf8');
  } catch (cause) {
    if (isDiskFailure(cause) && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')) return null;
    throw cause;
  }
}

/** The folder of a path below `dist/`; empty for `dist/` itself. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function below(root: string, path: string): string {
  return path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path;
}
