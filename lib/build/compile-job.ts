import { compileCluster, type Compiled } from '../compile/cluster.ts';
import { compileMeta } from '../compile/meta.ts';
import { clusterInput, commonOf, metaInput, type Job } from './build.ts';
import { readKept } from './kept-file.ts';
import type { OpenFleet } from './owners.ts';

/** Compiles one owner for those who want its files themselves, not `dist/`: its past is not asked. */
export function compileJob(job: Job, open: Pick<OpenFleet, 'fleet' | 'sealing'>): Compiled {
  const common = commonOf(open);
  if (job.owner.kind === 'meta') return compileMeta(metaInput(job, null, common));
  return compileCluster(clusterInput(job, job.lock === null ? null : readKept(job.lock).text, null, common));
}
