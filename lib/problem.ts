import type { ProblemCode } from './problem-codes.ts';

export { PROBLEM_CODES, type ProblemCode } from './problem-codes.ts';

/** What an author can mend. Values, never exceptions; a `throw` in this code base is our own broken promise. */
export interface Problem {
  readonly code: ProblemCode;
  readonly severity: 'error' | 'warning';
  readonly at: Place;
  /** One sentence: what is wrong, with the offending value. */
  readonly what: string;
  /** One sentence: what it would break. */
  readonly why: string;
  /** One sentence: what to write or run instead. */
  readonly fix: string;
}

/** Where the author should look. `of` is a cluster's or meta cluster's name, `fleet`, or a path below the root, if known with its line: `clusters/base.ts:12:3`. */
export interface Place {
  readonly of: string;
  /** Path in the definition, as an author writes it: `etcd.storage.claimTemplate.size`, `users[2].name`; empty for the whole. */
  readonly path: string;
}

/** True when nothing may be written. */
export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === 'error');
}
