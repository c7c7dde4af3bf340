import { existsSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readCache } from './cache/cache.ts';
import type { LoadedFleet, NotLoaded } from './loaded.ts';

export interface LoadOptions {
  /** How long the definitions may run. */
  readonly timeoutMs?: number;
  /** Whether the result of an earlier run may stand for this one. */
  readonly cache?: boolean;
  /** Called while esbuild bundles, in a process of its own: there is time to make ready what comes next. All, or one edited file. */
  readonly whileBundling?: (isWhole: boolean) => void;
  /** Takes what can wait until clusters are being made: the next run is glad of it, not this one. By itself it is done at once. */
  readonly later?: (work: () => void) => void;
}

/** What a run does beside loading, and when. */
export type Meanwhile = Required<Pick<LoadOptions, 'whileBundling' | 'later'>>;

/** Loads the fleet below a folder: bundles its files, runs them with no clock, chance or environment, keeps the plain data. */
export async function loadFleet(root: string, options: LoadOptions = {}): Promise<LoadedFleet | NotLoaded> {
  const { timeoutMs = 10_000, cache = true, whileBundling = () => undefined, later = (work) => work() } = options;
  const meanwhile = { whileBundling, later };
  const folder = existsSync(root) ? realpathSync(root) : resolve(root);
  const entry = ENTRIES.find((path) => existsSync(join(folder, path))) ?? null;
  const cached = cache && entry !== null ? readCache(folder) : null;
  const same = cached?.changed.length === 0 ? cached.fleet() : null;
  if (same !== null) return same;

  // Imported here because esbuild and a parser take longer to load than an unchanged fleet does.
  if (entry !== null && cached?.file === entry) return (await import('./load-edited.ts')).loadAgain({ root: folder, entry, timeoutMs }, cached, meanwhile);
  const { loadAfresh, noFleet } = await import('./load-afresh.ts');
  return entry === null ? noFleet(folder, ENTRIES[0]) : loadAfresh({ root: folder, entry, timeoutMs }, cache, meanwhile);
}

/** A fleet's entry file, the most usual first. */
const ENTRIES = ['clusters/fleet.ts', 'clusters/fleet.mts', 'clusters/fleet.js', 'clusters/fleet.mjs'] as const;
