import type { Compiled } from '../compile/cluster.ts';
import type { Job } from './build.ts';
import type { OpenFleet } from './owners.ts';

/** Compiles owners one after another, so that the texts of one, not of a fleet, are in memory. */
export async function* compileAll(jobs: readonly Job[], open: OpenFleet): AsyncGenerator<readonly [Job, Compiled]> {
  if (jobs.length === 0) return;
  // Imported here because the charts and the checks take longer to load than an unchanged fleet takes altogether.
  const { compileJob } = await import('./compile-job.ts');
  for (const job of jobs) yield [job, compileJob(job, open)];
}
