import type { Job } from './build.ts';
import type { Product, Task } from './produce.ts';
import { produceInThreads, threadsFor } from './threads.ts';

/** Begins to load what makes a cluster. Whoever then makes one waits for the same. */
export function loadCompiler(): void {
  void import('./produce.ts').then((module) => module.loadCompiler());
}

/** Makes owners in their order, one after another or, when they are many, side by side in threads. */
export async function* produceAll(jobs: readonly Job[], task: Task): AsyncGenerator<readonly [Job, Product]> {
  if (jobs.length === 0) return;
  const threads = threadsFor(jobs.length);
  if (threads > 1) return yield* produceInThreads(jobs, task, threads);
  // Imported here because the charts and the checks take longer to load than an unchanged fleet takes altogether.
  const { produce } = await import('./produce.ts');
  for (const job of jobs) yield [job, await produce(job, task)];
}
