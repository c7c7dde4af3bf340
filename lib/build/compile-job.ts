import { compileCluster, type Compiled } from '../compile/cluster.ts';
import { compileMeta } from '../compile/meta.ts';
import type { Job } from './build.ts';
import type { OpenFleet } from './owners.ts';

/** Compiles one owner. Pure but for its arguments: a worker thread may do it as well. */
export function compileJob({ owner, of, lock, meta }: Job, open: Pick<OpenFleet, 'fleet' | 'sealing'>): Compiled {
  const common = { definition: owner.definition, of, images: open.fleet.images, file: owner.file };
  return owner.kind === 'meta' ? compileMeta(common) : compileCluster({ ...common, meta, lock, sealing: open.sealing });
}
