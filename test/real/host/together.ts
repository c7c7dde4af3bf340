import { describe } from './problem.ts';

/** Waits for all of these. What failed is thrown when none is under way any more: nothing goes on after the story. */
export async function together(works: readonly Promise<unknown>[]): Promise<void> {
  const failures = (await Promise.allSettled(works)).flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
  if (failures.length > 0) throw new AggregateError(failures, failures.map(describe).join('\n\n'));
}

/** Does all of these, so many at a time; the next one begins when one is done. */
export async function inLanes(lanes: number, works: readonly (() => Promise<void>)[]): Promise<void> {
  const left = [...works];
  const lane = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await next();
  };
  await together(Array.from({ length: lanes }, lane));
}
