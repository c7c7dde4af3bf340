import type { Dirent } from 'node:fs';
import { folderOf, probe } from './disk.ts';
import { ownerOfIndex, RECORDS } from './index-file.ts';
import { compareText } from '../model/manifest.ts';
import { wasWritten, type Survey } from './survey.ts';

/**
 * The files below the folders of this run's owners that no index knows. A GitOps tool would apply them, so people must
 * hear of them; they are somebody's work, so they are left alone. With `whole`, all of `dist/` is looked at. Without it,
 * folders above those that an owner has to itself are not, because telling its neighbours apart takes all indices.
 */
export function findForeign(survey: Survey, others: () => ReadonlyMap<string, string>, whole: boolean): readonly string[] {
  const ours = foldersOf(knownPaths(survey)).add(RECORDS);
  const places = whole ? [...ours, ''] : [...ours].filter(isInOneOf(ownPlaces(survey)));
  const strangers = places.flatMap((folder) => strangersIn(survey, folder, ours));
  if (strangers.length === 0) return [];
  const theirs = foldersOf(others().keys());
  const found = strangers.flatMap(({ path, entry }) => {
    if (!entry.isDirectory()) return others().has(path) ? [] : [path];
    return theirs.has(path) ? [] : listFiles(survey, path);
  });
  return found.sort(compareText);
}

interface Stranger {
  readonly path: string;
  readonly entry: Dirent;
}

/** The entries of one folder that are neither files nor folders of this run's owners. */
function strangersIn(survey: Survey, folder: string, ours: ReadonlySet<string>): readonly Stranger[] {
  return entriesOf(survey, folder).filter(({ path, entry }) => {
    if (entry.isDirectory()) return !ours.has(path);
    return !survey.wanted.has(path) && ownerOfIndex(path) === null && !wasWritten(survey, path);
  });
}

/** The deepest folder that holds all files of an owner, for each owner and each folder of a meta cluster: `<meta>/clusters`, `<meta>/argocd`. */
function ownPlaces(survey: Survey): ReadonlySet<string> {
  const places = new Map<string, string>();
  for (const [owner, path] of ownedPaths(survey)) {
    const key = `${owner}/${path.split('/', 2).join('/')}`;
    const folder = folderOf(path);
    places.set(key, commonFolder(places.get(key) ?? folder, folder));
  }
  return new Set([...places.values()].filter((place) => place !== '' && place !== RECORDS));
}

function commonFolder(a: string, b: string): string {
  if (a === '' || a === b || b.startsWith(`${a}/`)) return a;
  return commonFolder(folderOf(a), b);
}

/** Whether a folder is one of the places or below one. */
function isInOneOf(places: ReadonlySet<string>): (folder: string) => boolean {
  const isIn = (folder: string): boolean => folder !== '' && (places.has(folder) || isIn(folderOf(folder)));
  return isIn;
}

function listFiles(survey: Survey, folder: string): readonly string[] {
  return entriesOf(survey, folder).flatMap(({ path, entry }) => (entry.isDirectory() ? listFiles(survey, path) : [path]));
}

function entriesOf(survey: Survey, folder: string): readonly Stranger[] {
  const path = folder === '' ? survey.dist : `${survey.dist}/${folder}`;
  if (probe(survey.disk, path) !== 'folder') return [];
  const entries = survey.disk.readdirSync(path, { withFileTypes: true });
  return entries.map((entry) => ({ path: folder === '' ? entry.name : `${folder}/${entry.name}`, entry }));
}

function* knownPaths(survey: Survey): Generator<string> {
  yield* survey.wanted.keys();
  for (const index of survey.previous.values()) yield* index.keys();
}

/** Every path that an owner of this run wants or once had. */
function* ownedPaths(survey: Survey): Generator<readonly [owner: string, path: string]> {
  for (const [path, owner] of survey.wanted) yield [owner, path];
  for (const [owner, index] of survey.previous) for (const path of index.keys()) yield [owner, path];
}

/** The folders of the paths and all folders above them, without `dist/` itself. */
function foldersOf(paths: Iterable<string>): Set<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let folder = folderOf(path); folder !== '' && !folders.has(folder); folder = folderOf(folder)) folders.add(folder);
  }
  return folders;
}
