import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { helmStamp } from '../addons/helm-stamp.ts';
import { sha256 } from '../files.ts';
import { parseKept, textOfKept, type Kept, type KeptText } from './kept-fleet.ts';
import type { Alone, LoadedFleet } from '../loaded.ts';
import { ABSENT, CLOCK_TICK_MS, stampOf, type Stamp } from './stamps.ts';

const IS_BUNDLED = import.meta.url.endsWith('.js');

/** All that loads: the folder of the bundle, or this floor of the sources. */
const OWN_FOLDER = fileURLToPath(new URL(IS_BUNDLED ? '.' : '..', import.meta.url));

/**
 * The fleet of the last run, and what has changed since. A definition gives the same fleet as long as its files are the
 * same, so the fleet itself is kept, and while nothing changed neither esbuild nor a definition is run. Files are told by
 * their stamps.
 */
export interface Cached {
  readonly file: string;
  readonly alone: Alone;
  /** The fleet itself, which takes longer to parse than all the rest; null when a part of it is torn. */
  fleet(): LoadedFleet | null;
  /** Files and folders, relative to the root. */
  readonly changed: readonly string[];
  /** Stamps of all others. */
  readonly stamps: ReadonlyMap<string, Stamp>;
}

/** Null when there is no fleet to go on from: the file is torn, of another loader, of charts that another helm rendered, or absent. */
export function readCache(root: string): Cached | null {
  try {
    const kept = parseKept(readFileSync(join(folderOf(root), 'fleet.txt'), 'utf8'), keyOf(root));
    if (kept === null || (kept.helm !== null && kept.helm !== helmStamp())) return null;
    const stamps = new Map(kept.stamps.map(([path]) => [path, stampOf(`${root}/${path}`)]));
    const changed = kept.stamps.filter(([path, stamp]) => stamps.get(path)?.text !== stamp).map(([path]) => path);
    for (const path of changed) stamps.delete(path);
    return { file: kept.file, alone: kept.alone, fleet: () => fleetOf(kept), changed, stamps };
  } catch {
    return null;
  }
}

function fleetOf(kept: KeptText): LoadedFleet | null {
  try {
    return { ...kept.fleet(), sources: new Map(kept.sources), cached: true };
  } catch {
    return null;
  }
}

/**
 * Keeps a fleet that was loaded from `startedAt` on. A cache that cannot be written is none, whatever fails: `aloneIn` may
 * read files again. `known` has stamps that were taken before its files were read, for files that are as an earlier run had
 * found them.
 */
export function writeCache(loaded: LoadedFleet, aloneIn: () => Alone, startedAt: number, known: ReadonlyMap<string, Stamp> = new Map()): void {
  try {
    if (extendsAnother(join(loaded.root, 'tsconfig.json'))) return;
    const folder = folderOf(loaded.root);
    const alone = aloneIn(); // before the stamps, which tell whether a file has changed since
    const stamps = watchedPaths(loaded).map((path) => ({ path, ...(known.get(path) ?? stampOf(`${loaded.root}/${path}`)) }));
    if (stamps.some(({ changedAt }) => changedAt > startedAt - CLOCK_TICK_MS)) return;

    const { sources, cached: _cached, ...fleet } = loaded;
    const kept: Kept = { key: keyOf(loaded.root), stamps: stamps.map(({ path, text }) => [path, text]), alone, fleet, sources: [...sources] };
    replaceFile(folder, textOfKept(kept));
  } catch {
    // a folder that is read-only, or full, costs time and nothing else
  }
}

/** Files that a tsconfig.json extends say how imports are found, and are not watched. */
function extendsAnother(tsconfig: string): boolean {
  return existsSync(tsconfig) && readFileSync(tsconfig, 'utf8').includes('"extends"');
}

function replaceFile(folder: string, text: string): void {
  const temporary = join(folder, `fleet.${process.pid}.tmp`);
  writeFileSync(temporary, text, { mode: 0o600 });
  renameSync(temporary, join(folder, 'fleet.txt'));
}

/** In the project when it has node_modules; else in a folder of the machine that only this user may write. */
function folderOf(root: string): string {
  const modules = join(root, 'node_modules');
  if (stampOf(modules).text !== ABSENT) return made(join(modules, '.cache', 'kubewright'));

  const own = made(join(tmpdir(), `kubewright-${userInfo().uid}`));
  const { uid, mode } = statSync(own);
  if (uid !== userInfo().uid || (mode & 0o022) !== 0) throw new Error(`${own} can be written by others`);
  return made(join(own, sha256(root).slice(0, 16)));
}

function made(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** The compiler's own loader, and what it runs on. */
function keyOf(root: string): string {
  return sha256([root, process.version, ...ownFiles().map((path) => stampOf(path).text)].join('\n'));
}

/** Files and folders that the compiler's own loader consists of. */
export const ownFiles = (): string[] =>
  readdirSync(OWN_FOLDER, { encoding: 'utf8', recursive: !IS_BUNDLED }).sort().map((file) => join(OWN_FOLDER, file));

/** Inputs, their folders (a new file may win over an old one), and what says how files are found and read. */
function watchedPaths(loaded: LoadedFleet): readonly string[] {
  const files = loaded.inputs.map(({ path }) => path);
  const packages = files.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+\//.exec(path)?.[0] ?? []);
  const found = packages.map((path) => `${path}package.json`);
  return [...new Set([...files, ...files.map((path) => dirname(path)), ...found, 'package.json', 'tsconfig.json'])];
}
