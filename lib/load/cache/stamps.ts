import { statSync } from 'node:fs';

/** Clocks of file systems lag behind by a tick. A file this young may have changed after it was read. */
export const CLOCK_TICK_MS = 20;

/** What a path that is not there has for a stamp. */
export const ABSENT = 'absent';

export interface Stamp {
  readonly text: string;
  readonly changedAt: number;
}

/** Tells a file by size, inode and times; nobody can set the time of the last change of an inode, not even `npm install` with its files of 1985. */
export function stampOf(path: string): Stamp {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return { text: ABSENT, changedAt: 0 };
  return { text: `${stat.size} ${stat.ino} ${stat.mtimeMs} ${stat.ctimeMs}`, changedAt: stat.ctimeMs };
}
