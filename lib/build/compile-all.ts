import type { Compiled } from '../compile/cluster.ts';
import type { Job } from './build.ts';
import type { OpenFleet } from './owners.ts';

/** Compiles owners one after another, for those who want their files themselves, not `dist/`. */
export async function* compileAll(jobs: readonly Job[], open: OpenFleet): AsyncGenerator<readonly [Job, Compiled]> {
  const { compileJob } = await import('./compile-job.ts');
  for (const job of jobs) yield [job, compileJob(job, open)];
}
