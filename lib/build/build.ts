import { join } from 'node:path';
import type { ClusterInput } from '../compile/cluster.ts';
import type { MetaInput } from '../compile/meta.ts';
import { indexPath } from '../emit/index-file.ts';
import { serialOf } from '../load/cache/serial.ts';
import type { Delivery, Images, MetaClusterDefinition } from '../model/definition.ts';
import type { Sealing } from '../pki/sealing.ts';
import { judgeMeta } from '../validate/validate.ts';
import { digestOf } from './digest.ts';
import type { OpenFleet, Owner } from './owners.ts';

/** An owner with everything that its files follow from, its lock aside. Plain data: it crosses threads. */
export interface Job {
  readonly owner: Owner;
  /** What problems call it. */
  readonly of: string;
  /** Where its lock is; null for a meta cluster, and where two owners have one name. */
  readonly lock: string | null;
  readonly meta: MetaClusterDefinition | null;
}

/** What all owners of a fleet have in common. */
export interface Common {
  readonly images: Images | undefined;
  readonly delivery: Delivery | undefined;
  readonly sealing: Pick<Sealing, 'fingerprint'> | null;
}

export const commonOf = ({ fleet, sealing }: Pick<OpenFleet, 'fleet' | 'sealing'>): Common =>
  ({ images: fleet.images, delivery: fleet.delivery, sealing: sealing === null ? null : { fingerprint: sealing.fingerprint } });

/** One job for each owner of a fleet. It touches no disk. */
export const jobsOf = (open: OpenFleet): Job[] => withReadableMetas(unjudgedJobs(open));

/** A cluster is not judged against a meta cluster that nobody can read. */
export function withReadableMetas(jobs: readonly Job[]): Job[] {
  const metas = new Set(jobs.map(({ meta }) => meta));
  const unreadable = new Set([...metas].filter((meta) => meta !== null && judgeMeta(meta, 'fleet').definition === null));
  return jobs.map((job) => (unreadable.has(job.meta) ? { ...job, meta: null } : job));
}

/** Enough to see whether an owner was made from the same before; to judge all meta clusters takes longer. */
export function unjudgedJobs(open: OpenFleet): Job[] {
  const metas = new Map(open.fleet.metaClusters.map((meta) => [meta.name, meta]));
  const names = countNames(open.owners);
  return open.owners.map((owner) => {
    const isCluster = owner.kind === 'cluster';
    const isUnique = names.get(owner.name) === 1;
    return {
      owner,
      of: isUnique ? owner.name : owner.place,
      lock: isCluster && isUnique ? join(open.root, 'clusters', owner.name, 'pki.lock.yaml') : null,
      meta: isCluster ? metas.get((owner.definition as { meta: string }).meta) ?? null : null,
    };
  });
}

/** A name that two have means nobody: problems name their places, and no lock is read for them. */
function countNames(owners: readonly Owner[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { name } of owners) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** What the compiler takes of a job, with what `dist/` says of its past. */
export const metaInput = ({ owner, of }: Job, past: string | null, { images, delivery }: Common): MetaInput =>
  ({ definition: owner.definition, of, images, delivery, past, file: owner.file });

/** The same for a cluster, with the text of its lock. */
export const clusterInput = (job: Job, lock: string | null, past: string | null, common: Common): ClusterInput =>
  ({ ...metaInput(job, past, common), meta: job.meta, lock, sealing: common.sealing });

/** The digest of everything that an owner's files follow from. */
export function inputOf({ owner, meta }: Job, { images, delivery, sealing }: Common, lock: string): string {
  return digestOf(JSON.stringify([images ?? null, delivery ?? null, sealing?.fingerprint ?? null]), owner.file, serialOf(owner.definition).sha256, serialOf(meta).sha256, lock);
}

/** Whether nobody else has its owner's name. Of those who share one, no files are written, compared or taken for fresh. */
export const hasOwnName = ({ owner, of }: Job): boolean => of === owner.name;

/** Where the index of an owner's files is. */
export const indexOf = (root: string, owner: string): string => join(root, 'dist', indexPath(owner));
