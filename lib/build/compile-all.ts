import type { Compiled } from '../compile/cluster.ts';
import { compileJob, type Job } from './build.ts';
import type { OpenFleet } from './owners.ts';

/** Compiles owners one after another, so that the texts of one, not of a fleet, are in memory. */
export async function* compileAll(jobs: readonly Job[], open: OpenFleet): AsyncGenerator<readonly [Job, Compiled]> {
  for (const job of jobs) yield [job, compileJob(job, open)];
}
