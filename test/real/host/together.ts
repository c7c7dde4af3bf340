import { describe } from './problem.ts';

/** Waits for all of these. What failed is thrown when none is under way any more: nothing goes on after the story. */
export async function together(works: readonly Promise<unknown>[]): Promise<void> {
  const failures = (await Promise.allSettled(works)).flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
  if (failures.length > 0) throw new AggregateError(failures, failures.map(describe).join('\n\n'));
}
