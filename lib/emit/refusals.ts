import type { DistError } from './disk.ts';

/** A link in `dist/`: writing through it would change files outside. */
export function symlinkError(path: string): DistError {
  return {
    ...refusal('dist/symlink', [path]),
    what: `${inDist(path)} is a symbolic link.`,
    why: 'writing through it would change files outside dist/.',
    fix: 'replace the link by the folder or file that it should be, or delete it.',
  };
}

/** A folder where a file must be, or a file where a folder must be. */
export function inTheWayError(path: string): DistError {
  return {
    ...refusal('dist/in-the-way', [path]),
    what: `${inDist(path)} is of another kind than the build needs there: a file, a folder or a device.`,
    why: 'the build replaces only files that it wrote itself.',
    fix: 'move it away and build again.',
  };
}

/** Files of somebody else where ours must go. */
export function foreignError(paths: readonly string[]): DistError {
  return {
    ...refusal('dist/foreign', paths),
    what: `${paths.map(inDist).join(', ')}: no index lists ${paths.length === 1 ? 'this file' : 'these files'}, and the build wants to write there.`,
    why: 'the build replaces only files that it wrote itself.',
    fix: 'delete or move what should not be there; when only the index is lost, restore dist/records from git.',
  };
}

/** A file that another owner has, and does not give up in this run. */
export function claimedError(path: string, owner: string, other: string): DistError {
  return {
    ...refusal('dist/claimed', [path]),
    what: `${inDist(path)} belongs to ${other}, and ${owner} wants to write it.`,
    why: `the next build of ${other} would delete or replace it.`,
    fix: `build ${other} and ${owner} together, so that the one gives the file up as the other takes it.`,
  };
}

/** An index that was cut or merged badly. */
export function tornError(path: string, line: number, reason: string): DistError {
  return {
    ...refusal('dist/index-torn', [path]),
    what: `${inDist(path)}, line ${line}: ${reason}.`,
    why: 'a damaged index cannot tell which files the build may replace or delete.',
    fix: 'restore the file from git, then build again; after a merge conflict, take either side of dist/ as a whole.',
  };
}

/** `dist/` itself is a file, or something else that holds no files. */
export function notAFolderError(name: string): DistError {
  return {
    ...refusal('dist/not-a-folder', []),
    paths: [name],
    what: `${name} is not a folder.`,
    why: 'the build keeps its files in it.',
    fix: 'move it away and build again.',
  };
}

/** An earlier process died while it changed `dist/`. */
export function interruptedError(): DistError {
  return {
    ...refusal('dist/interrupted', []),
    paths: ['.kubewright/journal.json'],
    what: 'an earlier build died while it changed dist/.',
    why: 'dist/ holds files of two builds.',
    fix: 'run the build, which finishes what was begun.',
  };
}

/** The tree could be neither finished nor put back. */
export function halfWrittenError(): DistError {
  return {
    ...refusal('dist/half-written', []),
    paths: ['dist'],
    what: 'dist/ could be neither finished nor put back.',
    why: 'it holds files of two builds.',
    fix: 'remove the cause above and build again, which finishes what was begun; do not commit dist/ before.',
  };
}

function refusal(code: DistError['code'], paths: readonly string[]): Pick<DistError, 'code' | 'paths' | 'errno'> {
  return { code, paths: paths.map(inDist), errno: null };
}

function inDist(path: string): string {
  return path === '' ? 'dist' : `dist/${path}`;
}
