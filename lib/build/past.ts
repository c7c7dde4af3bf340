import { join } from 'node:path';
import { recordPath } from '../model/record.ts';
import type { Problem } from '../problem.ts';
import { judgeGone } from '../transitions/judge.ts';
import { readKept } from './kept-file.ts';

/** What `dist/` says that an owner was when it was last built; null when it says nothing. */
export const readRecord = (root: string, owner: string): string | null => readKept(join(root, 'dist', recordPath(owner))).text;

/** What speaks against the removal of owners that the fleet no longer has. */
export const goneProblems = (root: string, owners: readonly string[]): Problem[] => owners.flatMap((owner) => judgeGone(readRecord(root, owner), owner));
