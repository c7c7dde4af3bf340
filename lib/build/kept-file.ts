import { readFileSync } from 'node:fs';
import { ABSENT, CLOCK_TICK_MS, stampOf } from '../load/cache/stamps.ts';
import { digestOf } from './digest.ts';

/** What an earlier run knew of a file. */
export interface KeptFile {
  readonly digest: string;
  /** Empty when the file was so young that it may have changed after it was read. */
  readonly stamp: string;
}

/** A file's text, null when there is none, with what a later run must know to leave it unread. */
export function readKept(path: string): { readonly text: string | null; readonly kept: KeptFile } {
  const { text: stamp, changedAt } = stampOf(path); // before it is read: a later change has another stamp
  const isOld = stamp !== ABSENT && changedAt < Date.now() - CLOCK_TICK_MS;
  const text = readText(path);
  return { text, kept: { digest: digestOf(text ?? ''), stamp: isOld ? stamp : '' } };
}

/** What is known of a file now: what an earlier run knew while its stamp is the same, when that run is to be trusted. */
export function keptNow(path: string, before: KeptFile, trust: boolean): KeptFile {
  if (trust && before.stamp !== '' && stampOf(path).text === before.stamp) return before;
  const { kept } = readKept(path);
  return kept.digest === before.digest && kept.stamp === before.stamp ? before : kept;
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
