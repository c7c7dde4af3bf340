import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Job } from './build.ts';
import type { Product, Task } from './produce.ts';
import { produceInThreads, startThreads, threadsFor } from './threads.ts';

/** Begins to load what runs and makes clusters. Whoever then does waits for the same. `isWhole` when all may have to be made. */
export function prepare(root: string, isWhole: boolean): void {
  if (isWhole) startThreads(readdirSync(join(root, 'clusters')).length); // a folder for each of them, and little else
  void import('./run.ts');
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
