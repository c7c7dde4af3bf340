import { runChecks } from '../../lib/checks/check.ts';
import type { CheckContext } from '../../lib/checks/input.ts';
import type { Manifest } from '../../lib/model/manifest.ts';
import type { Problem } from '../../lib/problem.ts';
import { changed, GOOD, GOOD_CONTEXT, partOf, type GoodName } from './good.ts';

/** One change to the good control plane, and what must be said about it. */
export interface Break {
  readonly shows: string;
  readonly of: GoodName;
  readonly at: string;
  readonly to: unknown;
  readonly code: string;
  /** Text that the messages of this code must have, one each; their number counts. */
  readonly says: readonly string[];
}

/** The problems of the good control plane with one change. */
export function problemsOf({ of, at, to }: Pick<Break, 'of' | 'at' | 'to'>, context: CheckContext = GOOD_CONTEXT): Problem[] {
  const manifests = Object.entries(GOOD).map(([name, manifest]): Manifest => (name === of ? changed<Manifest>(manifest, at, to) : manifest));
  return runChecks('a', [partOf(manifests)], context);
}

/** The problems of the good control plane with more manifests. */
export function problemsWith(...more: readonly Manifest[]): Problem[] {
  return runChecks('a', [partOf([...Object.values(GOOD), ...more])], GOOD_CONTEXT);
}

/** `code: what` for each, which is what tests compare. */
export const lines = (problems: readonly Problem[]): string[] => problems.map(({ code, what }) => `${code}: ${what}`);
