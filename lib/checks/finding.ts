import type { Problem } from '../problem.ts';
import { ADVICE, type Advice, type CheckCode } from './advice.ts';
import type { PlacedManifest } from './input.ts';
import { nameOf } from './scope.ts';

/** What a check finds; it becomes a Problem with the advice for its code. */
export interface Finding {
  readonly code: CheckCode;
  /** Path in the definition that caused it. */
  readonly source: string;
  /** The object that is wrong: `Deployment cp-a/kube-apiserver`, or a certificate's name. */
  readonly object: string;
  /** Path inside the object; empty for the whole. */
  readonly path: string;
  /** The rest of the sentence: `is no field of this kind`. */
  readonly what: string;
}

/** A finding in a manifest. */
export function found(code: CheckCode, placed: PlacedManifest, path: string, what: string): Finding {
  return { code, source: placed.source, object: nameOf(placed.manifest), path, what };
}

/** The problem that an author reads. */
export function problemOf(owner: string, { code, source, object, path, what }: Finding): Problem {
  const { why, fix, severity = 'error' }: Advice = ADVICE[code];
  const subject = path === '' ? object : `${object}: ${path}`;
  const end = /[.?!]$/.test(what) ? '' : '.';
  return { code, severity, at: { of: owner, path: source }, what: `${subject} ${what}${end}`, why, fix };
}
