import { planOf } from '../pki/certificates.ts';
import { dueCertificates } from '../pki/coverage.ts';
import { parseLock } from '../pki/lock.ts';
import type { PkiLock, PkiPlan } from '../pki/plan.ts';
import type { Problem } from '../problem.ts';
import type { ResolvedCluster } from '../model/resolved.ts';
import { metaView, resolve } from '../resolve/resolve.ts';
import { judgeCluster } from '../validate/validate.ts';
import { hasErrors } from '../problem.ts';
import { jobsOf, type Job } from './build.ts';
import { readKept } from './kept-file.ts';
import type { OpenFleet } from './owners.ts';

/** A cluster with its plan of certificates and what was issued of it. */
export interface ClusterPki {
  readonly cluster: ResolvedCluster;
  readonly plan: PkiPlan;
  /** Null when nothing was issued, or when the lock cannot be read. */
  readonly lock: PkiLock | null;
  readonly problems: readonly Problem[];
}

/**
 * Certificates that have ended or soon will. The day is an argument: a build never asks for it. `known` says from when on
 * a cluster has some, so that the locks of all others are left alone.
 */
export function dueProblems(open: OpenFleet, now: Date, known: ReadonlyMap<string, string | null> = new Map()): Problem[] {
  const isQuiet = (name: string): boolean => known.has(name) && !(now > new Date(known.get(name) ?? Infinity));
  return pkiOf(open, (name) => !isQuiet(name)).flatMap(({ plan, lock }) => (lock === null ? [] : dueCertificates(plan, lock, now)));
}

/** Every cluster, or those that are asked for, whose definition is right. */
export function pkiOf(open: OpenFleet, isWanted: (name: string) => boolean = () => true): ClusterPki[] {
  return jobsOf(open).filter(({ owner }) => isWanted(owner.name)).flatMap((job) => clusterPki(job, open));
}

function clusterPki(job: Job, open: OpenFleet): ClusterPki[] {
  if (job.owner.kind === 'meta' || job.meta === null) return [];
  const { definition, problems } = judgeCluster(job.owner.definition, { meta: job.meta, delivery: open.fleet.delivery }, job.of);
  if (definition === null || hasErrors(problems)) return [];
  const cluster = resolve(definition, { meta: metaView(job.meta), images: open.fleet.images, delivery: open.fleet.delivery });
  const parsed = parseLock(job.lock === null ? null : readKept(job.lock).text, cluster.name);
  return [{ cluster, plan: planOf(cluster), lock: parsed.ok ? parsed.lock : null, problems: parsed.ok ? [] : parsed.problems }];
}
