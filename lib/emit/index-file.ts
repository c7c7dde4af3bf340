import { hash } from 'node:crypto';
import { compareText } from '../model/manifest.ts';

/** What kubewright wrote for one owner: the hash of each file by its path below `dist/`. */
export type OwnerIndex = ReadonlyMap<string, string>;

/** An index, or why its text is none. A text that is absent is an empty index: nothing was written yet. */
export type IndexReading =
  | { readonly ok: true; readonly index: OwnerIndex }
  | { readonly ok: false; readonly line: number; readonly reason: string };

const FIRST_LINE = '# Files kubewright wrote. It deletes and replaces no other; do not edit.';
/** Constant, so that branches which add files do not conflict on it, and last, so that a cut file lacks it. */
const LAST_LINE = '# end';
const ENTRY = /^(?<digest>[0-9a-f]{32})  (?<path>\S(?:.*\S)?)$/;
const OWNER = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/;
/** The folder of all indices: not synced by any GitOps tool, and shared by all owners. */
export const RECORDS = 'records';
const INDEX_PATH = /^records\/(?<owner>[^/]+)\.files\.txt$/;

/** Where the index of an owner lives, below `dist/`. Text, not JSON: it merges by lines, and no GitOps tool applies it. */
export function indexPath(owner: string): string {
  if (!OWNER.test(owner)) throw new Error(`${JSON.stringify(owner)} cannot name an owner of files.`);
  return `${RECORDS}/${owner}.files.txt`;
}

/** The owner whose index has this path; null for any other path, such as that of an editor's lock beside it. */
export function ownerOfIndex(path: string): string | null {
  const owner = path.startsWith(RECORDS) ? INDEX_PATH.exec(path)?.groups?.['owner'] : undefined;
  return owner !== undefined && OWNER.test(owner) ? owner : null;
}

/** The first 16 bytes of SHA-256, which tell a changed file from an unchanged one. */
export function hashText(content: string | Uint8Array): string {
  return hash('sha256', content, 'hex').slice(0, 32);
}

/** Writes an index, sorted by path. */
export function writeIndex(index: OwnerIndex): string {
  const paths = [...index.keys()].sort(compareText);
  return [FIRST_LINE, ...paths.map((path) => `${index.get(path)}  ${path}`), LAST_LINE, ''].join('\n');
}

/** Reads an index strictly: a half-written or half-merged one must never decide what is deleted. */
export function readIndex(text: string | null): IndexReading {
  if (text === null) return { ok: true, index: new Map() };
  const lines = text.split('\n');
  if (lines[0] !== FIRST_LINE) return tear(1, 'the first line is not that of an index');
  if (lines.at(-1) !== '' || lines.at(-2) !== LAST_LINE) return tear(lines.length, `the last line is not "${LAST_LINE}"`);
  return readEntries(lines.slice(1, -2));
}

function readEntries(lines: readonly string[]): IndexReading {
  const index = new Map<string, string>();
  let last = '';
  for (const [i, line] of lines.entries()) {
    const { digest, path } = ENTRY.exec(line)?.groups ?? {};
    if (digest === undefined || path === undefined || !isInside(path)) return tear(i + 2, 'this is not a hash and a path below dist/');
    if (compareText(last, path) >= 0) return tear(i + 2, 'the paths are not sorted, or one is there twice');
    index.set(path, digest);
    last = path;
  }
  return { ok: true, index };
}

/** A step that is empty, `.` or `..`, and what no path of ours has. */
const STRANGE = /(?:^|\/)\.{0,2}(?:\/|$)|[\\\0\n\r]/;

/** True for a path that stays below the folder it is relative to. */
export const isInside = (path: string): boolean => !STRANGE.test(path);

function tear(line: number, reason: string): IndexReading {
  return { ok: false, line, reason };
}
