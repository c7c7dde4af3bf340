import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bundleFleet, onceAsked } from './bundle/bundle.ts';
import { writeCache, type Cached } from './cache/cache.ts';
import { evaluate, type Run } from './evaluate/evaluate.ts';
import * as api from './evaluate/api.ts';
import { copyPlain } from './evaluate/plain-data.ts';
import { sha256 } from './files.ts';
import type { Meanwhile } from './load.ts';
import type { LoadedFleet, NotLoaded, Source } from './loaded.ts';
import type { Holding } from './plain-fleet.ts';
import { sourceOf } from './sources.ts';

/** A fleet is changed where one definition stands. */
interface Replacement {
  readonly holding: Holding;
  readonly value: { readonly name?: unknown };
  readonly source: Source;
}

/** Loads a fleet of which an earlier run is known: only what was edited, when that is enough. */
export async function loadAgain(run: Run, cached: Cached, meanwhile: Meanwhile): Promise<LoadedFleet | NotLoaded> {
  const startedAt = Date.now();
  const loaded = await loadEdited(run, cached, meanwhile.whileBundling);
  // Imported here because it brings a parser, which takes longer to load than one edited file does.
  if (loaded === null) return (await import('./load-afresh.ts')).loadAfresh(run, true, meanwhile);
  writeCache(loaded, () => cached.alone, startedAt, cached.stamps);
  return loaded;
}

/**
 * The fleet of an earlier run, with one file of it edited. Only that file is bundled and run, when it is sure that nothing
 * else follows from it. Null when it is not, and whenever there is anything to tell: then all is loaded, and told.
 */
async function loadEdited(run: Run, cached: Cached, whileBundling: Meanwhile['whileBundling']): Promise<LoadedFleet | null> {
  const file = editedFile(run.root, cached);
  const holdings = file === null ? undefined : cached.alone[file];
  if (file === null || holdings === undefined) return null;
  const rest = (): LoadedFleet | null => (whileBundling(false), cached.fleet());
  const [replacements, kept] = await Promise.all([runAlone(run, file, holdings), onceAsked(rest)]);
  if (kept === null || replacements === null || !replacements.every((replacement) => fits(kept, replacement))) return null;
  return replace(kept, file, sha256(readFileSync(join(run.root, file))), replacements);
}

/** An editor that writes a new file and renames it changes the folder as well. A package.json there would say how files are read. */
function editedFile(root: string, { alone, changed }: Cached): string | null {
  const [file, ...others] = changed.filter((path) => Object.hasOwn(alone, path));
  if (file === undefined || others.length > 0 || !changed.every((path) => path === file || path === dirname(file))) return null;
  return existsSync(join(root, file)) && !existsSync(join(root, dirname(file), 'package.json')) ? file : null;
}

async function runAlone(run: Run, file: string, holdings: readonly Holding[]): Promise<Replacement[] | null> {
  const bundled = await bundleFleet(run.root, file, Object.keys(api));
  if (!bundled.ok || bundled.bundle.warnings.length > 0 || bundled.bundle.files.length !== 1) return null;
  const evaluated = await evaluate(bundled.bundle, { ...run, entry: file });
  if (!evaluated.ok || evaluated.printed || !evaluated.untouched || evaluated.reads.size > 0) return null;
  const replacements = holdings.map((holding) => {
    const part = evaluated.exported[holding.exported];
    const { value, faults } = copyPlain(part);
    const isObject = typeof value === 'object' && value !== null && faults.length === 0;
    return isObject ? { holding, value, source: sourceOf(part, placeOf(holding), run.entry, evaluated.where) } : null;
  });
  return replacements.every((replacement) => replacement !== null) ? replacements : null;
}

const placeOf = ({ list, index }: Holding): string => `${list}[${index}]`;

type Lists = Readonly<Record<Holding['list'], { readonly name?: unknown }[] | undefined>>;

/** A new name may be that of another definition, and then what is first matters. */
function fits({ fleet, sources }: LoadedFleet, { holding, value }: Replacement): boolean {
  const before = (fleet as Lists)[holding.list]?.[holding.index];
  return typeof value.name === 'string' && before?.name === value.name && sources.get(value.name)?.path === placeOf(holding);
}

function replace(kept: LoadedFleet, file: string, hash: string, replacements: readonly Replacement[]): LoadedFleet {
  const fleet: Record<string, unknown> = { ...(kept.fleet as object) };
  const sources = new Map(kept.sources);
  for (const { holding: { list, index }, value, source } of replacements) {
    fleet[list] = (fleet as Lists)[list]?.with(index, value);
    sources.set(`${list}[${index}]`, source).set(String(value.name), source);
  }
  const inputs = kept.inputs.map((input) => (input.path === file ? { path: file, sha256: hash } : input));
  return { ...kept, fleet, sources, inputs, cached: false };
}
