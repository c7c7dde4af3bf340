import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Place, Problem } from '../problem.ts';
import * as api from './evaluate/api.ts';
import { renderCharts } from './addons/helm.ts';
import { bundleFleet, onceAsked, type Bundle } from './bundle/bundle.ts';
import { writeCache } from './cache/cache.ts';
import { evaluate, type Evaluated, type Run } from './evaluate/evaluate.ts';
import { sha256 } from './files.ts';
import type { Meanwhile } from './load.ts';
import type { Alone, Input, LoadedFleet, NotLoaded, Source } from './loaded.ts';
import { locator } from './locate/locate.ts';
import { moduleOf } from './locate/syntax-tree.ts';
import { holdingsIn } from './plain-fleet.ts';
import { copyPlain, type Fault } from './evaluate/plain-data.ts';
import { sourcesOf } from './sources.ts';

/** Loads a fleet from its sources, and keeps the result for the next run when `cache` says so. */
export async function loadAfresh(run: Run, cache: boolean, { whileBundling, later }: Meanwhile): Promise<LoadedFleet | NotLoaded> {
  const startedAt = Date.now();
  const [bundled] = await Promise.all([bundleFleet(run.root, run.entry, Object.keys(api)), onceAsked(() => whileBundling(true))]);
  if (!bundled.ok) return notLoaded(run.root, bundled.problems);
  const evaluated = await evaluate(bundled.bundle, run);
  if (!evaluated.ok) return notLoaded(run.root, [evaluated.problem]);
  const assembled = assemble(run.root, run.entry, bundled.bundle, evaluated);
  if ('problems' in assembled) return assembled;
  const { helm, isWhole } = await renderCharts(run.root, assembled.fleet);
  const loaded = { ...assembled, helm };
  // A machine without helm may have one tomorrow: what could not be rendered is not kept.
  if (cache && isWhole && !evaluated.printed) later(() => writeCache(loaded, () => aloneIn(run, bundled.bundle, evaluated), startedAt));
  return loaded;
}

function assemble(root: string, file: string, bundle: Bundle, evaluated: Evaluated): LoadedFleet | NotLoaded {
  const exported = evaluated.exported['fleet'] ?? evaluated.exported['default'];
  if (exported === undefined) return notLoaded(root, [noExport(file)]);
  const sources = sourcesOf(exported, file, evaluated.where);
  const { value, faults } = copyPlain(exported);
  if (faults.length > 0) return notLoaded(root, faults.map((fault) => notPlain(fault, value, sources)), sources);

  return { root, file, fleet: value, sources, inputs: inputsOf(root, bundle, evaluated), helm: null, warnings: bundle.warnings, cached: false };
}

function aloneIn({ root, entry }: Run, bundle: Bundle, evaluated: Evaluated): Alone {
  const wanted = new Set(evaluated.untouched && bundle.warnings.length === 0 ? bundle.alone.filter((path) => !evaluated.reads.has(path)) : []);
  const fleet = wanted.size === 0 ? null : moduleOf({ root, parsed: new Map() }, entry);
  const holdings = fleet === null ? [] : [...holdingsIn(fleet)];
  return Object.fromEntries(holdings.filter(([path]) => wanted.has(path)));
}

function notLoaded(root: string, problems: readonly Problem[], sources: ReadonlyMap<string, Source> = new Map()): NotLoaded {
  return { problems, locate: locator({ root, sources }) };
}

function inputsOf(root: string, bundle: Bundle, evaluated: Evaluated): readonly Input[] {
  const hashes = new Map(evaluated.reads);
  const files = bundle.files.filter((path) => existsSync(join(root, path))); // a `data:` URL is no file
  for (const path of files) hashes.set(path, sha256(readFileSync(join(root, path))));
  return [...hashes].sort(byText).map(([path, hash]) => ({ path, sha256: hash }));
}

function byText([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : Number(a > b);
}

/** What is said where no fleet is. */
export function noFleet(root: string, entry: string): NotLoaded {
  return notLoaded(root, [{
    code: 'load/no-fleet', severity: 'error', at: { of: entry, path: '' },
    what: `There is no ${entry}.`,
    why: 'it is where the compiler begins: it names every cluster of the fleet.',
    fix: 'run the command in the fleet\'s folder, or name that with --root; a new fleet begins with `export const fleet = defineFleet({ … });` there.',
  }]);
}

function noExport(file: string): Problem {
  return {
    code: 'load/no-export', severity: 'error', at: { of: file, path: '' },
    what: `${file} exports no \`fleet\`.`,
    why: 'the fleet is what the compiler reads from this file.',
    fix: 'write `export const fleet = defineFleet({ … });`.',
  };
}

function notPlain(fault: Fault, fleet: unknown, sources: ReadonlyMap<string, Source>): Problem {
  const at = placeOf(fault.path, fleet, sources);
  return {
    code: 'load/not-plain-data', severity: 'error', at,
    what: `${at.path === '' ? 'The definition' : at.path} is ${fault.is}.`,
    why: 'a definition is plain data: texts, finite numbers, true, false, null, lists and objects. Nothing else can be kept and compared.',
    fix: 'write the value itself; where it is computed, check what the computation gives.',
  };
}

/** A cluster is called by its name, unless another one before it has the same. */
function placeOf(path: string, fleet: unknown, sources: ReadonlyMap<string, Source>): Place {
  const [, list = '', index = '', rest = ''] = /^(clusters|metaClusters)\[(\d+)\]\.?(.*)$/s.exec(path) ?? [];
  const part = (fleet as Record<string, { readonly name?: unknown }[] | undefined> | null)?.[list]?.[Number(index)];
  const name = part?.name;
  const isKnown = typeof name === 'string' && sources.get(name)?.path === `${list}[${index}]`;
  return isKnown ? { of: name, path: rest } : { of: 'fleet', path };
}
