import { folderOf, isDiskFailure, lookAt, readText, type Disk } from './disk.ts';
import { isInside } from './index-file.ts';

/** What may happen to a path of `dist/`. What is put there lies at the same path of the staging folder. */
const CHANGES = ['add', 'replace', 'remove'] as const;

/** One change of `dist/`. Only files are replaced or removed; a folder that is not there yet is added as a whole. */
export interface Step {
  readonly path: string;
  readonly change: (typeof CHANGES)[number];
}

/** Where a session works: `dist/`, and beside it, where no GitOps tool looks, what is not there yet. */
export interface Workplace {
  readonly root: string;
  readonly dist: string;
  readonly scratch: string;
  readonly lock: string;
  readonly journal: string;
  /** Of the same shape as `dist/`. */
  readonly staging: string;
  readonly undo: string;
}

/** The folders of a checkout. */
export function workplaceAt(root: string): Workplace {
  const scratch = `${root}/.kubewright`;
  return {
    root,
    dist: `${root}/dist`,
    scratch,
    lock: `${scratch}/lock`,
    journal: `${scratch}/journal.json`,
    staging: `${scratch}/staging`,
    undo: `${scratch}/undo`,
  };
}

/**
 * Makes all steps happen, or none. Once the journal is there the new tree is decided: a process that dies later leaves
 * it to the next session, which finishes the steps. A step that fails is undone together with those before it.
 */
export function commitSteps(disk: Disk, at: Workplace, steps: readonly Step[]): void {
  writeJournal(disk, at, steps);
  const done: Undoable[] = [];
  try {
    const folders = new Set<string>();
    for (const step of steps) applyStep(disk, at, step, done, folders);
  } catch (cause) {
    undo(disk, done);
    disk.unlinkSync(at.journal);
    throw cause;
  }
  pruneFolders(disk, at, steps);
  disk.unlinkSync(at.journal);
}

/** Finishes what a process that died had decided. Every step may have happened already. */
export function rollForward(disk: Disk, at: Workplace): void {
  const steps = readJournal(disk, at);
  for (const step of steps) finishStep(disk, at, step);
  pruneFolders(disk, at, steps);
  disk.rmSync(at.journal, { force: true });
}

/** Removes the folders that the steps left empty. */
function pruneFolders(disk: Disk, at: Workplace, steps: readonly Step[]): void {
  for (const step of steps) {
    if (step.change === 'remove') pruneUpwards(disk, at, folderOf(step.path));
  }
}

/** True when a process died between its decision and the last step. */
export function isInterrupted(disk: Disk, at: Workplace): boolean {
  return lookAt(disk, at.journal) !== null;
}

type Undoable = { readonly from: string; readonly to: string } | { readonly made: string };

/** `folders` are those that an earlier step has found or made: most steps have the folder of the step before. */
function applyStep(disk: Disk, at: Workplace, step: Step, done: Undoable[], folders: Set<string>): void {
  const target = `${at.dist}/${step.path}`;
  const move = (from: string, to: string): void => {
    disk.renameSync(from, to);
    done.push({ from, to });
  };
  if (step.change !== 'add') move(target, `${at.undo}/${done.length}`);
  if (step.change === 'remove') return;
  const folder = folderOf(step.path);
  if (step.change === 'add' && !folders.has(folder)) makeFolder(disk, at, folder, (made) => done.push({ made }));
  folders.add(folder);
  move(`${at.staging}/${step.path}`, target);
}

function undo(disk: Disk, done: readonly Undoable[]): void {
  for (const action of done.toReversed()) {
    if ('made' in action) disk.rmdirSync(action.made);
    else disk.renameSync(action.to, action.from);
  }
}

function finishStep(disk: Disk, at: Workplace, step: Step): void {
  if (step.change === 'remove') return removeFile(disk, at, step.path);
  finishMove(disk, at, step.path);
}

/** Moves what was not moved yet. Where somebody has made a new folder since the process died, ours comes into it. */
function finishMove(disk: Disk, at: Workplace, path: string): void {
  const [staged, target] = [`${at.staging}/${path}`, `${at.dist}/${path}`];
  const stat = lookAt(disk, staged);
  if (stat === null) return;
  if (stat.isDirectory() && lookAt(disk, target)?.isDirectory()) {
    for (const name of disk.readdirSync(staged)) finishMove(disk, at, `${path}/${name}`);
    return;
  }
  makeFolder(disk, at, folderOf(path), () => {});
  disk.renameSync(staged, target);
}

function removeFile(disk: Disk, at: Workplace, path: string): void {
  if (hasRealFolders(disk, at, folderOf(path))) disk.rmSync(`${at.dist}/${path}`, { force: true });
}

/** A link on the way would lead the deletion out of `dist/`. */
function hasRealFolders(disk: Disk, at: Workplace, folder: string): boolean {
  if (lookAt(disk, folder === '' ? at.dist : `${at.dist}/${folder}`)?.isDirectory() !== true) return false;
  return folder === '' || hasRealFolders(disk, at, folderOf(folder));
}

/** Makes a folder and those above it, and tells which were not there. It never steps over a link. */
function makeFolder(disk: Disk, at: Workplace, folder: string, onMade: (path: string) => void): void {
  const path = folder === '' ? at.dist : `${at.dist}/${folder}`;
  const stat = lookAt(disk, path);
  if (stat?.isDirectory()) return;
  if (stat !== null) throw Object.assign(new Error(`${path} is not a folder`), { code: 'ENOTDIR', syscall: 'mkdir', path });
  if (folder !== '') makeFolder(disk, at, folderOf(folder), onMade);
  disk.mkdirSync(path);
  onMade(path);
}

function pruneUpwards(disk: Disk, at: Workplace, folder: string): void {
  for (let rest = folder; rest !== ''; rest = folderOf(rest)) {
    try {
      disk.rmdirSync(`${at.dist}/${rest}`);
    } catch (cause) {
      if (isDiskFailure(cause) && cause.code === 'ENOENT') continue;
      if (isDiskFailure(cause)) return;
      throw cause;
    }
  }
}

/** The journal appears whole, by a rename, after its bytes are on the disk. */
function writeJournal(disk: Disk, at: Workplace, steps: readonly Step[]): void {
  const draft = `${at.undo}/journal.draft`;
  disk.mkdirSync(at.undo, { recursive: true });
  disk.writeFileSync(draft, JSON.stringify(steps), { flush: true });
  disk.renameSync(draft, at.journal);
}

function readJournal(disk: Disk, at: Workplace): readonly Step[] {
  const steps: readonly Step[] = JSON.parse(readText(disk, at.journal) ?? '[]');
  const strange = steps.find((step) => !isInside(step.path) || !CHANGES.includes(step.change));
  if (strange !== undefined) throw new Error(`${at.journal} has a step that no build writes: ${JSON.stringify(strange)}.`);
  return steps;
}
