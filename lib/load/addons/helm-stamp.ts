import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ABSENT, stampOf } from '../cache/stamps.ts';

/** Tells the `helm` that the PATH leads to from any other, and from itself after an upgrade. To ask for its version takes longer than all the rest. */
export function helmStamp(): string {
  const path = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'helm')).find(isProgram);
  return path === undefined ? ABSENT : `${path} ${stampOf(path).text}`;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
