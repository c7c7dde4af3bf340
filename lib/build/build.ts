import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashText, indexPath } from '../emit/index-file.ts';
import type { MetaClusterDefinition } from '../model/definition.ts';
import { readPkiFiles } from '../pki/files.ts';
import { digestOf } from './digest.ts';
import type { Finding } from './cache.ts';
import type { OpenFleet, Owner } from './owners.ts';

/** An owner with everything that its files follow from, and the digest of it all. */
export interface Job {
  readonly owner: Owner;
  readonly input: string;
  /** What problems call it. */
  readonly of: string;
  readonly lock: string | null;
  readonly meta: MetaClusterDefinition | null;
}

/** One job for each owner of a fleet. Reading the locks is all that touches the disk. */
export function jobsOf(open: OpenFleet): Job[] {
  const metas = new Map(open.fleet.metaClusters.map((meta) => [meta.name, meta]));
  const names = countNames(open.owners);
  const common = JSON.stringify([open.fleet.images ?? null, open.sealing?.fingerprint ?? null]);
  return open.owners.map((owner) => {
    const isCluster = owner.kind === 'cluster';
    const meta = isCluster ? metas.get((owner.definition as { meta: string }).meta) ?? null : null;
    const lock = isCluster && names.get(owner.name) === 1 ? readPkiFiles(join(open.root, 'clusters'), owner.name).lock : null;
    const input = digestOf(common, owner.file, JSON.stringify(owner.definition), JSON.stringify(meta), lock ?? '');
    return { owner, input, of: names.get(owner.name) === 1 ? owner.name : owner.place, lock, meta };
  });
}

/** A name that two have means nobody: problems name their places, and no lock is read for them. */
function countNames(owners: readonly Owner[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { name } of owners) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** Whether an earlier run made from this same input what `dist/` holds now, as far as its index tells. */
export function isFresh(root: string, job: Job, finding: Finding | undefined): finding is Finding {
  return finding?.input === job.input && finding.index === indexDigest(root, job.owner.name);
}

/** Digest of the index of an owner's files; empty when there is none. */
export function indexDigest(root: string, owner: string): string {
  try {
    return hashText(readFileSync(join(root, 'dist', indexPath(owner))));
  } catch {
    return '';
  }
}
