import * as fs from 'node:fs';
import { openDist, refusePlaces, type DistOptions, type WriteReport } from './dist.ts';
import { attempt, type Disk, type DistResult } from './disk.ts';
import { findForeign } from './foreign.ts';
import { hashText } from './index-file.ts';
import { isInterrupted, workplaceAt, type Workplace } from './journal.ts';
import { compareText } from '../model/manifest.ts';
import { interruptedError } from './refusals.ts';
import { compareOwner, type ComparedOwner, type Difference } from './stage.ts';
import { adoptSurvey, beginSurvey, findStale, listIndexedOwners, loadOthers, surveyIndex, wasWritten, type OwnerFiles, type Survey } from './survey.ts';

/** An owner whose files must be as its index says: somebody knows that the index is what the definitions ask for. */
export interface IndexedOwner {
  readonly owner: string;
  readonly asIndexed: true;
}

export type WantedOwner = OwnerFiles | IndexedOwner | { readonly owner: string; readonly compared: DistResult<ComparedOwner> };

/** Owners one after another. A stream keeps the texts of one owner in memory, not those of a fleet. */
export type OwnerStream = Iterable<OwnerFiles> | AsyncIterable<OwnerFiles>;

/** A session's options, and the owners whose files all go away. */
export interface WriteOptions extends DistOptions {
  /** True when every owner of the fleet takes part, so that a folder of nobody is foreign as well. */
  readonly whole?: boolean;
  readonly removedOwners?: readonly string[];
}

/** How `dist/` differs from what the definitions say. Paths are below `dist/` and sorted; no path is in two lists. */
export interface CheckReport {
  readonly missing: readonly string[];
  /** Files of an older definition: they are as a build once wrote them. */
  readonly changed: readonly string[];
  /** Files that somebody changed after a build had written them. */
  readonly edited: readonly string[];
  /** Files that a build wrote and nobody wants now. */
  readonly stale: readonly string[];
  /** Files in our folders that no build wrote. */
  readonly foreign: readonly string[];
}

/** A report, and the owners of files that are not as they should be. */
export interface Checked {
  readonly report: CheckReport;
  readonly differing: ReadonlySet<string>;
}

/** Makes `dist/` hold what these owners want: all of it, or nothing when it returns errors. */
export async function writeDist(root: string, wanted: OwnerStream, options: WriteOptions = {}): Promise<DistResult<WriteReport>> {
  const opened = openDist(root, options);
  if (!opened.ok) return opened;
  const session = opened.value;
  try {
    for await (const owned of wanted) session.stage(owned);
    for (const owner of options.removedOwners ?? []) session.remove(owner);
  } catch (cause) {
    session.abort();
    throw cause;
  }
  return session.commit(options.whole);
}

/** Reads all files of these owners and tells how they differ from what is wanted. It writes nothing and needs no lock. */
export async function checkDist(root: string, wanted: Iterable<WantedOwner> | AsyncIterable<WantedOwner>, options: WriteOptions = {}): Promise<DistResult<Checked>> {
  const disk = options.disk ?? fs;
  const at = workplaceAt(root);
  const places = attempt(root, () => refusePlaces(disk, at) ?? (isInterrupted(disk, at) ? interruptedError() : null));
  if (!places.ok) return places;
  if (places.value !== null) return { ok: false, errors: [places.value] };

  const survey = beginSurvey(disk, at.dist);
  const puts: Difference[] = [];
  const differing = new Set<string>();
  for await (const owned of wanted) {
    const compared = attempt(root, () => differencesOf(survey, owned, at));
    if (!compared.ok) return compared;
    puts.push(...compared.value);
    if (compared.value.length > 0) differing.add(owned.owner);
  }
  const report = attempt(root, () => reportCheck(survey, puts, options));
  if (survey.errors.length > 0) return { ok: false, errors: survey.errors };
  return report.ok ? { ok: true, value: { report: report.value, differing } } : report;
}

function differencesOf(survey: Survey, owned: WantedOwner, at: Workplace): readonly Difference[] {
  if ('asIndexed' in owned) return surveyIndexed(survey, owned.owner);
  const compared = 'compared' in owned ? owned.compared : compareOwner(survey.disk, at, owned);
  if (!compared.ok) {
    survey.errors.push(...compared.errors);
    return [];
  }
  adoptSurvey(survey, compared.value);
  return compared.value.differences;
}

/** The owners whose files `dist/` holds, sorted. A build of the whole fleet removes those that have no definition. */
export function listOwners(root: string, disk: Disk = fs): DistResult<readonly string[]> {
  return attempt(root, () => listIndexedOwners(disk, workplaceAt(root).dist));
}

/** Compares what is on the disk with the hashes of the index. */
function surveyIndexed(survey: Survey, owner: string): Difference[] {
  const paths = [...surveyIndex(survey, owner)];
  for (const [path] of paths) survey.wanted.set(path, owner);
  return paths.flatMap(([path, digest]): Difference[] => {
    const bytes = readBytes(survey, path);
    if (bytes === null) return [{ path, state: 'missing' }];
    return hashText(bytes) === digest ? [] : [{ path, state: 'edited' }];
  });
}

function readBytes({ disk, dist }: Survey, path: string): Buffer | null {
  try {
    return disk.readFileSync(`${dist}/${path}`);
  } catch {
    return null;
  }
}

function reportCheck(survey: Survey, puts: readonly Difference[], options: WriteOptions): CheckReport {
  const removed = options.removedOwners ?? [];
  for (const owner of removed) surveyIndex(survey, owner);
  const strangers = findForeign(survey, () => loadOthers(survey), options.whole ?? false);
  const settled = puts.map((put) => (put.state === 'foreign' && wasWritten(survey, put.path) ? { ...put, state: 'changed' } : put));
  const select = (state: Difference['state']): string[] => settled.filter((put) => put.state === state).map((put) => put.path);
  return {
    missing: select('missing').sort(compareText),
    changed: select('changed').sort(compareText),
    edited: select('edited').sort(compareText),
    stale: findStale(survey, removed),
    foreign: [...select('foreign'), ...strangers].sort(compareText),
  };
}
