import * as fs from 'node:fs';
import { hostname } from 'node:os';
import { attempt, folderOf, isDiskFailure, probe, readText, type Disk, type DistError, type DistResult } from './disk.ts';
import { findForeign } from './foreign.ts';
import { ownerOfIndex, RECORDS } from './index-file.ts';
import { commitSteps, isInterrupted, rollForward, workplaceAt, type Step, type Workplace } from './journal.ts';
import { cleanDrafts, dropLock, takeLock, type Holder, type Processes } from './lock.ts';
import { compareText } from '../model/manifest.ts';
import { halfWrittenError, notAFolderError, symlinkError } from './refusals.ts';
import { stageOwner, type StagedOwner } from './stage.ts';
import { adoptSurvey, beginSurvey, findStale, loadOthers, newFolderOf, refuseTakeovers, surveyIndex, type OwnerFiles, type Survey } from './survey.ts';

/** What a build did to `dist/`. Paths are below `dist/` and sorted; indices are among them. */
export interface WriteReport {
  readonly written: readonly string[];
  readonly removed: readonly string[];
  /** How many files of these owners were already as they should be. */
  readonly unchanged: number;
  /** Files in our folders that we did not write. They are left alone. */
  readonly foreign: readonly string[];
}

/** How a session works. All of it has defaults. */
export interface DistOptions {
  readonly disk?: Disk;
  readonly processes?: Processes;
}

/**
 * A change of `dist/` in the making. Owners are handed in one after another, and nothing in `dist/` changes before
 * `commit`. Owners that are not handed in stay as they are. A session ends with `commit` or `abort`, which gives the lock back.
 */
export interface DistSession {
  /** Compares an owner's files with `dist/` and stages those that differ. What it refuses, `commit` refuses as well. */
  stage(owned: OwnerFiles): DistResult<{ readonly staged: number }>;
  /** Takes over an owner that another thread has staged with `stageOwner`. The threads must have ended before the session does. */
  adopt(staged: DistResult<StagedOwner>): DistResult<{ readonly staged: number }>;
  /** Marks an owner whose files all go away. */
  remove(owner: string): DistResult<null>;
  /**
   * Makes `dist/` hold what was staged: all of it, or nothing when it returns errors. `whole` is true when every owner of
   * the fleet took part, so that a folder of nobody is foreign as well.
   */
  commit(whole?: boolean): DistResult<WriteReport>;
  abort(): void;
}

/**
 * Begins to change the `dist/` of the checkout at `root`, after it has finished what an earlier process, killed in the
 * middle, had decided. A killed process leaves the old tree when it dies before its journal is written. When it dies
 * later, `dist/` holds files of both trees until the next session opens. A session compares the bytes of the owners that
 * are handed in: after a loss of power a check finds what the disk lost of the others, and the build after it writes that
 * anew; an index that the disk lost must be restored from git first.
 */
export function openDist(root: string, options: DistOptions = {}): DistResult<DistSession> {
  const disk = options.disk ?? fs;
  const at = workplaceAt(root);
  const processes = options.processes ?? PROCESSES;
  const obstacle = attempt(root, () => refusePlaces(disk, at) ?? takePlace(disk, at, processes));
  if (!obstacle.ok) return obstacle;
  if (obstacle.value !== null) return { ok: false, errors: [obstacle.value] };
  const recovered = attempt(root, () => recover(disk, at, processes));
  if (!recovered.ok) {
    release(disk, at);
    return recovered;
  }
  return { ok: true, value: makeSession(disk, at) };
}

/** Refuses a `dist/` or a scratch folder that is a link or no folder. */
export function refusePlaces(disk: Disk, at: Workplace): DistError | null {
  for (const [name, path] of [['dist', at.dist], ['.kubewright', at.scratch]] as const) {
    const state = probe(disk, path);
    if (state === 'symlink') return { ...symlinkError(''), paths: [name], what: `${name} is a symbolic link.` };
    if (state !== 'missing' && state !== 'folder') return notAFolderError(name);
  }
  return null;
}

function takePlace(disk: Disk, at: Workplace, processes: Processes): DistError | null {
  disk.mkdirSync(at.scratch, { recursive: true });
  return takeLock(disk, at.lock, processes);
}

/** Git ignores the scratch folder by the file in it, so that no half-written tree is ever committed. */
function recover(disk: Disk, at: Workplace, processes: Processes): void {
  const ignore = `${at.scratch}/.gitignore`;
  if (readText(disk, ignore) !== '*\n') disk.writeFileSync(ignore, '*\n');
  cleanDrafts(disk, at.scratch, processes);
  if (isInterrupted(disk, at)) rollForward(disk, at);
  clean(disk, at);
}

interface Draft {
  readonly disk: Disk;
  readonly at: Workplace;
  readonly survey: Survey;
  readonly puts: Step[];
  readonly removed: string[];
  readonly errors: DistError[];
  ended: boolean;
}

function makeSession(disk: Disk, at: Workplace): DistSession {
  const survey = beginSurvey(disk, at.dist);
  const draft: Draft = { disk, at, survey, puts: [], removed: [], errors: survey.errors, ended: false };
  return {
    stage: (owned) => extend(draft, () => adoptOwner(draft, stageOwner(disk, at, owned))),
    adopt: (staged) => extend(draft, () => adoptOwner(draft, staged)),
    remove: (owner) => extend(draft, () => removeOwner(draft, owner)),
    commit: (whole = false) => end(draft, () => commitDraft(draft, whole)),
    abort: () => {
      end(draft, () => null);
    },
  };
}

/** Runs one step of a session. Its errors are kept, because a session with an error must not commit. */
function extend<T>(draft: Draft, step: () => T): DistResult<T> {
  if (draft.ended) throw new Error('This session of dist/ has ended.');
  const before = draft.errors.length;
  const result = attempt(draft.at.root, step);
  if (!result.ok) draft.errors.push(...result.errors);
  const errors = draft.errors.slice(before);
  return errors.length > 0 ? { ok: false, errors } : result;
}

/** Ends a session, whatever happens in its last step. */
function end<T>(draft: Draft, step: () => T): DistResult<T> {
  try {
    const result = extend(draft, step);
    if (!result.ok && isInterrupted(draft.disk, draft.at)) draft.errors.push(halfWrittenError());
    return draft.errors.length > 0 ? { ok: false, errors: draft.errors } : result;
  } finally {
    if (!draft.ended) release(draft.disk, draft.at);
    draft.ended = true;
  }
}

function adoptOwner(draft: Draft, staged: DistResult<StagedOwner>): { readonly staged: number } {
  if (!staged.ok) {
    draft.errors.push(...staged.errors);
    return { staged: 0 };
  }
  adoptSurvey(draft.survey, staged.value);
  draft.puts.push(...staged.value.steps);
  return { staged: staged.value.steps.length };
}

function removeOwner(draft: Draft, owner: string): null {
  surveyIndex(draft.survey, owner);
  draft.removed.push(owner);
  return null;
}

function commitDraft(draft: Draft, whole: boolean): WriteReport {
  const { disk, at, survey, puts } = draft;
  const others = once(() => loadOthers(survey));
  const removed = findStale(survey, draft.removed);
  draft.errors.push(...refuseTakeovers(survey, others));
  const foreign = draft.errors.length > 0 ? [] : findForeign(survey, others, whole);
  const steps = orderSteps([...wholeFolders(survey, puts), ...removed.map((path) => ({ path, change: 'remove' as const }))]);
  if (draft.errors.length === 0 && steps.length > 0) commitSteps(disk, at, steps);
  const written = puts.map((put) => put.path).sort(compareText);
  const changed = written.filter((path) => ownerOfIndex(path) === null).length;
  return { written, removed, unchanged: survey.wanted.size - changed, foreign };
}

/**
 * One step for each folder that `dist/` does not have, in place of one for each file in it: nobody else's can be there.
 * Files of a folder come one after another, so that a folder is looked up once.
 */
function wholeFolders(survey: Survey, puts: readonly Step[]): readonly Step[] {
  const parts = new Set<string>();
  let last: { readonly folder: string; readonly whole: string | null } = { folder: '', whole: null };
  for (const { path, change } of puts) {
    if (change !== 'add') continue;
    const folder = folderOf(path);
    if (folder !== last.folder) last = { folder, whole: newFolderOf(survey, folder) };
    parts.add(last.whole ?? path);
  }
  return [...[...parts].map((path) => ({ path, change: 'add' as const })), ...puts.filter(({ change }) => change !== 'add')];
}

/** New files come before deletions, and indices last, so that each state in between holds more than it should, not less. */
function orderSteps(steps: readonly Step[]): readonly Step[] {
  const isRecord = ({ path }: Step): boolean => path === RECORDS || ownerOfIndex(path) !== null;
  const rank = (step: Step): number => (isRecord(step) ? 2 : 0) + (step.change === 'remove' ? 1 : 0);
  return [...steps].sort((a, b) => rank(a) - rank(b) || compareText(a.path, b.path));
}

/** Gives the place back. What cannot be deleted now is deleted by the next session, unless a journal still needs it. */
function release(disk: Disk, at: Workplace): void {
  attempt(at.root, () => {
    if (!isInterrupted(disk, at)) clean(disk, at);
  });
  attempt(at.root, () => dropLock(disk, at.lock));
}

function clean(disk: Disk, at: Workplace): void {
  disk.rmSync(at.staging, { recursive: true, force: true });
  disk.rmSync(at.undo, { recursive: true, force: true });
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

/** The real processes of this machine. */
const PROCESSES: Processes = {
  self: { pid: process.pid, host: hostname(), started: startOf(process.pid) },
  isAlive: (holder) => isRunning(holder.pid) && (holder.started === '' || startOf(holder.pid) === holder.started),
};

function isRunning(pid: Holder['pid']): boolean {
  try {
    return process.kill(pid, 0);
  } catch (cause) {
    return !(isDiskFailure(cause) && cause.code === 'ESRCH');
  }
}

/** The 22nd field of /proc/<pid>/stat; the second one, in parentheses, may hold spaces. */
function startOf(pid: Holder['pid']): string {
  const fields = readText(fs, `/proc/${pid}/stat`)?.split(') ').at(-1)?.split(' ');
  return fields?.[19] ?? '';
}
