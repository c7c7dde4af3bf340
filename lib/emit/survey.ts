import { folderOf, lookAt, probe, readText, type Disk, type DistError } from './disk.ts';
import { hashText, indexPath, isInside, ownerOfIndex, readIndex, RECORDS, writeIndex, type OwnerIndex } from './index-file.ts';
import { compareText, type FileSpec } from '../model/manifest.ts';
import { claimedError, foreignError, inTheWayError, symlinkError, tornError } from './refusals.ts';

/** Everything that one owner, a cluster or a meta cluster, wants to have in `dist/`. */
export interface OwnerFiles {
  readonly owner: string;
  readonly files: readonly FileSpec[];
}

/** What a run has learned of `dist/` so far. It keeps paths, never texts, so that a large fleet fits in memory. */
export interface Survey {
  readonly disk: Disk;
  readonly dist: string;
  /** What kubewright wrote before for each owner of this run. */
  readonly previous: Map<string, OwnerIndex>;
  /** The owner of each wanted path. */
  readonly wanted: Map<string, string>;
  /** Wanted paths that hold a file which the owner's index does not list, and whether its bytes differ. */
  readonly unlisted: { readonly path: string; readonly owner: string; readonly differs: boolean }[];
  readonly folders: Map<string, FolderState>;
  readonly errors: DistError[];
}

/** A file to write. */
export interface Put {
  readonly file: FileSpec;
  readonly replaces: boolean;
}

type FolderState = 'folder' | 'missing' | 'symlink' | 'blocked';

/** What one owner wants and had. Plain data without a text, so that another thread can find it out. */
export interface OwnerSurvey {
  readonly owner: string;
  readonly previous: readonly (readonly [path: string, digest: string])[];
  readonly wanted: readonly string[];
  readonly unlisted: Survey['unlisted'];
  readonly errors: readonly DistError[];
}

/** Starts with an empty knowledge of the `dist/` at this path. */
export function beginSurvey(disk: Disk, dist: string): Survey {
  return { disk, dist, previous: new Map(), wanted: new Map(), unlisted: [], folders: new Map(), errors: [] };
}

/** Compares the files of an owner with `dist/` byte by byte. Returns what must be written, its index last. */
export function surveyOwner(survey: Survey, { owner, files }: OwnerFiles): readonly Put[] {
  const previous = surveyIndex(survey, owner);
  const next = new Map<string, string>();
  const puts: Put[] = [];
  for (const file of files) {
    if (!isInside(file.path) || ownerOfIndex(file.path) !== null) throw new Error(`${owner} wants ${JSON.stringify(file.path)}, which no file of dist/ may have.`);
    claim(survey, owner, file.path);
    next.set(file.path, hashText(file.text));
    const state = compareFile(survey, file);
    if (state !== 'missing' && !previous.has(file.path)) survey.unlisted.push({ path: file.path, owner, differs: state === 'differs' });
    if (state !== 'same') puts.push({ file, replaces: state === 'differs' });
  }
  const index = { path: indexPath(owner), text: writeIndex(next) };
  const state = compareFile(survey, index);
  return state === 'same' ? puts : [...puts, { file: index, replaces: state === 'differs' }];
}

/** What a survey of one owner alone has learned of it. */
export function ownerSurvey(survey: Survey, owner: string): OwnerSurvey {
  const { previous, wanted, unlisted, errors } = survey;
  return { owner, previous: [...(previous.get(owner) ?? [])], wanted: [...wanted.keys()], unlisted, errors };
}

/** Adds to a survey what another one has learned of an owner. What stands in the way of several is told once. */
export function adoptSurvey(survey: Survey, { owner, previous, wanted, unlisted, errors }: OwnerSurvey): void {
  if (survey.previous.has(owner)) throw new Error(`The files of ${owner} were handed in twice.`);
  survey.previous.set(owner, new Map(previous));
  for (const path of wanted) claim(survey, owner, path);
  survey.unlisted.push(...unlisted);
  const isKnown = (error: DistError): boolean => survey.errors.some(({ code, paths }) => code === error.code && paths.join() === error.paths.join());
  survey.errors.push(...errors.filter((error) => !isKnown(error)));
}

/** Reads what kubewright wrote for an owner, so that what nobody wants any more is found. */
export function surveyIndex(survey: Survey, owner: string): OwnerIndex {
  if (survey.previous.has(owner)) throw new Error(`The files of ${owner} were handed in twice.`);
  const index = loadIndex(survey, owner);
  survey.previous.set(owner, index);
  return index;
}

/** The files we wrote for the owners of this run that nobody wants now, with the indices of `removed` owners last. */
export function findStale(survey: Survey, removed: readonly string[]): readonly string[] {
  const listed = [...survey.previous.values()].flatMap((index) => [...index.keys()]);
  const unwanted = [...new Set(listed)].filter((path) => !survey.wanted.has(path)).sort(compareText);
  return [...unwanted, ...removed.map(indexPath)].filter((path) => standsAt(survey, path) === 'file');
}

/** Whether kubewright wrote this file before, for any owner of this run. */
export function wasWritten(survey: Survey, path: string): boolean {
  for (const index of survey.previous.values()) if (index.has(path)) return true;
  return false;
}

/** Refuses what would overwrite or take over a file of somebody else, unless that owner gives it up in this same run. */
export function refuseTakeovers(survey: Survey, others: () => ReadonlyMap<string, string>): readonly DistError[] {
  const taken = survey.unlisted.filter(({ path }) => !wasWritten(survey, path));
  if (taken.length === 0) return [];
  const claimed = taken.filter(({ path }) => others().has(path));
  const foreign = taken.filter(({ path, differs }) => differs && !others().has(path));
  return [
    ...claimed.map(({ path, owner }) => claimedError(path, owner, others().get(path) ?? '')),
    ...(foreign.length > 0 ? [foreignError(foreign.map(({ path }) => path))] : []),
  ];
}

/** The owner of each path that an index lists, for the owners that take no part in this run. */
export function loadOthers(survey: Survey): ReadonlyMap<string, string> {
  const owners = listIndexedOwners(survey.disk, survey.dist).filter((owner) => !survey.previous.has(owner));
  return new Map(owners.flatMap((owner) => [...loadIndex(survey, owner).keys()].map((path) => [path, owner] as const)));
}

/** The owners that have an index in `dist/`, sorted. */
export function listIndexedOwners(disk: Disk, dist: string): readonly string[] {
  if (probe(disk, `${dist}/${RECORDS}`) !== 'folder') return [];
  const names = disk.readdirSync(`${dist}/${RECORDS}`);
  return names.flatMap((name) => ownerOfIndex(`${RECORDS}/${name}`) ?? []).sort(compareText);
}

/** The highest of a folder and those above it that `dist/` does not have yet; null when it has all of them. */
export function newFolderOf(survey: Survey, folder: string): string | null {
  if (folder === '' || lookAtFolder(survey, folder) !== 'missing') return null;
  return newFolderOf(survey, folderOf(folder)) ?? folder;
}

/** What stands at a path below `dist/`. A link, or a file where a folder must be, is noted as an error. */
function standsAt(survey: Survey, path: string): 'missing' | 'file' | 'refused' {
  const folder = lookAtFolder(survey, folderOf(path));
  if (folder === 'missing') return 'missing';
  if (folder !== 'folder') return 'refused';
  const state = probe(survey.disk, `${survey.dist}/${path}`);
  if (state === 'missing' || state === 'file') return state;
  survey.errors.push(state === 'symlink' ? symlinkError(path) : inTheWayError(path));
  return 'refused';
}

function compareFile(survey: Survey, file: FileSpec): 'missing' | 'same' | 'differs' {
  const state = standsAt(survey, file.path);
  if (state !== 'file') return 'missing';
  const bytes = Buffer.from(file.text);
  return survey.disk.readFileSync(`${survey.dist}/${file.path}`).equals(bytes) ? 'same' : 'differs';
}

/** The state of a folder and of those above it; each is looked at once, and each obstacle is reported once. */
function lookAtFolder(survey: Survey, folder: string): FolderState {
  const known = survey.folders.get(folder);
  if (known !== undefined) return known;
  const above = folder === '' ? 'folder' : lookAtFolder(survey, folderOf(folder));
  const state = above === 'folder' ? classifyFolder(survey, folder) : above;
  survey.folders.set(folder, state);
  return state;
}

function classifyFolder(survey: Survey, folder: string): FolderState {
  const stat = lookAt(survey.disk, folder === '' ? survey.dist : `${survey.dist}/${folder}`);
  if (stat === null) return 'missing';
  if (stat.isDirectory()) return 'folder';
  survey.errors.push(stat.isSymbolicLink() ? symlinkError(folder) : inTheWayError(folder));
  return stat.isSymbolicLink() ? 'symlink' : 'blocked';
}

function loadIndex(survey: Survey, owner: string): OwnerIndex {
  const path = indexPath(owner);
  if (standsAt(survey, path) !== 'file') return new Map();
  const reading = readIndex(readText(survey.disk, `${survey.dist}/${path}`));
  if (reading.ok) return reading.index;
  survey.errors.push(tornError(path, reading.line, reading.reason));
  return new Map();
}

function claim(survey: Survey, owner: string, path: string): void {
  const other = survey.wanted.get(path);
  if (other !== undefined) throw new Error(`Two owners want dist/${path}: ${other} and ${owner}.`);
  survey.wanted.set(path, owner);
}
