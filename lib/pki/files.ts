import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { closeSync, fsyncSync, openSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

import type { Problem } from '../problem.ts';
import type { ExportFile } from './export.ts';
import { Secret } from './secret.ts';

const LOCK = 'pki.lock.yaml';
const KEYSTORE = 'pki.keystore.age';

/** Texts of the two files beside a cluster's definition; null for one that is not there. */
export interface PkiFiles {
  readonly lock: string | null;
  readonly keystore: string | null;
}

/** Reads lock and keystore of a cluster. */
export function readPkiFiles(clusters: string, cluster: string): PkiFiles {
  return { lock: readIfThere(join(clusters, cluster, LOCK)), keystore: readIfThere(join(clusters, cluster, KEYSTORE)) };
}

/**
 * Writes what changed, both files or none, and returns the paths it wrote; null leaves a file as it is. The keystore
 * takes its place first: keys are only ever added to it, so after a crash between the two renames it still fits the
 * old lock, and the next run finishes with the keys in it. The other way round a lock could name an authority whose
 * key was lost.
 */
export function writePkiFiles(clusters: string, cluster: string, files: PkiFiles): string[] {
  const folder = join(clusters, cluster);
  const wanted = [{ path: join(folder, KEYSTORE), text: files.keystore }, { path: join(folder, LOCK), text: files.lock }];
  const changed = wanted.flatMap(({ path, text }) => (text === null || readIfThere(path) === text ? [] : [{ path, text, draft: `${path}.new` }]));
  mkdirSync(folder, { recursive: true });
  try {
    for (const { draft, text } of changed) writeDurably(draft, text, 0o644);
    for (const { draft, path } of changed) renameSync(draft, path);
  } finally {
    for (const { draft } of changed) rmSync(draft, { force: true });
  }
  return changed.map(({ path }) => path);
}

/** Reads an age identity file, which must never be printed. */
export function readIdentityFile(path: string): Secret {
  return new Secret(readFileSync(path, 'utf8'));
}

/** Writes an export, for its owner's eyes only, into an empty folder outside the repository. */
export function writeExport(directory: string, repository: string, files: readonly ExportFile[]): Problem[] {
  const real = realPathOf(resolve(directory));
  if (isInside(real, realpathSync(repository))) return [exportInsideRepository(directory)];
  try {
    if (existsSync(real) && !statSync(real).isDirectory()) return [exportOntoFile(directory)];
    if (existsSync(real) && readdirSync(real).length > 0) return [exportNotEmpty(directory)];
    writeTree(real, files);
    return [];
  } catch (cause) {
    return [exportNotWritable(directory, cause)];
  }
}

/** All of it or, with no key left lying about, nothing. What it takes away again is what it made. */
function writeTree(folder: string, files: readonly ExportFile[]): void {
  const made: string[] = [];
  const makeFolder = (path: string): void => {
    const first = mkdirSync(path, { recursive: true, mode: 0o700 });
    if (first !== undefined) made.push(first);
  };
  try {
    makeFolder(folder);
    chmodSync(folder, 0o700);
    for (const { path, text } of files) {
      makeFolder(dirname(join(folder, path)));
      createPrivate(join(folder, path), text);
      made.push(join(folder, path));
    }
  } catch (cause) {
    for (const path of made.toReversed()) rmSync(path, { recursive: true, force: true });
    throw cause;
  }
}

/**
 * Writes one text for its owner's eyes only, outside the repository, whole or not at all. A file that stands there is
 * replaced only when it begins with `mark`, as an earlier one of ours does.
 */
export function writePrivate(path: string, repository: string, text: Secret, mark: string): Problem[] {
  const real = realPathOf(resolve(path));
  if (isInside(real, realpathSync(repository))) return [exportInsideRepository(path)];
  try {
    if (existsSync(real) && !readFileSync(real, 'utf8').startsWith(mark)) return [outInTheWay(resolve(path))];
    mkdirSync(dirname(real), { recursive: true, mode: 0o700 });
    putInPlace(real, text);
    return [];
  } catch (cause) {
    return [outNotWritable(resolve(path), cause)];
  }
}

/** The draft lies in somebody's own folder, so it takes a name that nobody has. */
function putInPlace(path: string, text: Secret): void {
  const draft = join(dirname(path), `.${randomBytes(8).toString('hex')}.new`);
  createPrivate(draft, text);
  try {
    renameSync(draft, path);
  } catch (cause) {
    rmSync(draft);
    throw cause;
  }
}

/** A new file for its owner's eyes only, whole or not at all. One of that name stays as it is. */
function createPrivate(path: string, text: Secret): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    fillDurably(file, text.reveal());
  } catch (cause) {
    rmSync(path);
    throw cause;
  }
}

function readIfThere(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

function writeDurably(path: string, text: string, mode: number): void {
  fillDurably(openSync(path, 'w', mode), text);
}

function fillDurably(file: number, text: string): void {
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** The path without symbolic links, also when its last folders are not made yet. */
function realPathOf(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const parent = dirname(path);
  return parent === path ? path : join(realPathOf(parent), relative(parent, path));
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}

function exportInsideRepository(directory: string): Problem {
  return {
    code: 'pki/export-inside-repository', severity: 'error', at: { of: directory, path: '' },
    what: `${directory} is inside the repository.`,
    why: 'private keys in plain text would be one careless commit away from everybody.',
    fix: 'choose a folder outside, best on a file system in memory.',
  };
}

function exportNotEmpty(directory: string): Problem {
  return {
    code: 'pki/export-not-empty', severity: 'error', at: { of: directory, path: '' },
    what: `${directory} is not empty.`,
    why: 'keys of another cluster could stay among the new ones, or be overwritten.',
    fix: 'choose a folder that is empty or not there yet.',
  };
}

function exportOntoFile(directory: string): Problem {
  return {
    code: 'pki/out-in-the-way', severity: 'error', at: { of: directory, path: '' },
    what: `${directory} is a file.`,
    why: 'an export is a folder, with a file for each certificate and key.',
    fix: 'choose a folder that is empty or not there yet.',
  };
}

function exportNotWritable(directory: string, cause: unknown): Problem {
  return {
    code: 'pki/out-not-writable', severity: 'error', at: { of: directory, path: '' },
    what: `${directory} cannot be written: ${messageOf(cause)}.`,
    why: 'keys are exported all together or not at all.',
    fix: 'choose a folder of your own that is empty or not there yet, with room in it.',
  };
}

function outInTheWay(path: string): Problem {
  return {
    code: 'pki/out-in-the-way', severity: 'error', at: { of: path, path: '' },
    what: `${path} is there already, and was not made by this command.`,
    why: 'a kubeconfig with other clusters in it would be lost.',
    fix: 'choose another file; kubectl takes several: `KUBECONFIG=~/.kube/config:FILE`.',
  };
}

function outNotWritable(path: string, cause: unknown): Problem {
  return {
    code: 'pki/out-not-writable', severity: 'error', at: { of: path, path: '' },
    what: `${path} cannot be written: ${messageOf(cause)}.`,
    why: 'nothing was written.',
    fix: 'choose a file in a folder of your own.',
  };
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
