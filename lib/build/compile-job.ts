import { compileCluster, type Compiled } from '../compile/cluster.ts';
import { compileMeta } from '../compile/meta.ts';
import { commonOf, type Common, type Job } from './build.ts';
import { readKept } from './kept-file.ts';
import type { OpenFleet } from './owners.ts';

/** Compiles one owner, with the text of its lock. Pure but for its arguments. */
export function compileOwner({ owner, of, meta }: Job, lock: string | null, { images, sealing }: Common): Compiled {
  const input = { definition: owner.definition, of, images, file: owner.file };
  return owner.kind === 'meta' ? compileMeta(input) : compileCluster({ ...input, meta, lock, sealing });
}

/** The same for those who want the files themselves, not `dist/`. */
export function compileJob(job: Job, open: Pick<OpenFleet, 'fleet' | 'sealing'>): Compiled {
  return compileOwner(job, job.lock === null ? null : readKept(job.lock).text, commonOf(open));
}
