import { describe } from './problem.ts';

/** Waits for all of these. What failed is thrown when none is under way any more: nothing goes on after the story. */
export async function together(works: readonly Promise<unknown>[]): Promise<void> {
  const failures = (await Promise.allSettled(works)).flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
  if (failures.length > 0) throw new AggregateError(failures, failures.map(describe).join('\n\n'));
}

/** Does all of these, so many at a time; the next one begins when one is done, whatever became of that. What failed is thrown at the end. */
export async function inLanes(lanes: number, works: readonly (() => Promise<void>)[]): Promise<void> {
  const [left, begun] = [[...works], [] as Promise<void>[]];
  const lane = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const work = next();
      begun.push(work);
      await work.catch(() => undefined);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  await together(begun);
}
