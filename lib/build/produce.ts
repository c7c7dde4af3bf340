import * as fs from 'node:fs';
import { join } from 'node:path';
import type { Compiled } from '../compile/cluster.ts';
import type { DistResult } from '../emit/disk.ts';
import { workplaceAt } from '../emit/journal.ts';
import { compareOwner, stageOwner, type ComparedOwner, type StagedOwner } from '../emit/stage.ts';
import type { OwnerSurvey } from '../emit/survey.ts';
import { hasErrors, type Problem } from '../problem.ts';
import { judgePlaces } from '../transitions/places.ts';
import { clusterInput, hasOwnName, inputOf, metaInput, type Common, type Job } from './build.ts';
import type { Finding } from './cache.ts';
import { readKept } from './kept-file.ts';
import { readRecord } from './past.ts';

/** What is done with the files of an owner that has no errors. */
export type Purpose = 'stage' | 'compare';

/** What is the same for every owner of a run. Plain data. */
export interface Task {
  readonly root: string;
  readonly purpose: Purpose;
  readonly common: Common;
}

/** What became of one owner. Plain data without a text: a thread hands it to the one that asked. */
export interface Product extends Pick<Compiled, 'problems' | 'claims' | 'due'>, Pick<Finding, 'input' | 'lock'> {
  /** Null when it was not asked for, has errors, or shares its name. */
  readonly staged: DistResult<StagedOwner> | null;
  readonly compared: DistResult<ComparedOwner> | null;
}

/** Compiles an owner and holds its files against `dist/`. */
export async function produce(job: Job, { root, purpose, common }: Task): Promise<Product> {
  const lock = job.lock === null ? null : readKept(job.lock);
  const past = readRecord(root, job.owner.name);
  const { files, problems, claims, due } = await compile(job, { lock: lock?.text ?? null, past }, common);
  const owned = hasErrors(problems) || !hasOwnName(job) ? null : { owner: job.owner.name, files };
  const staged = owned !== null && purpose === 'stage' ? stageOwner(fs, workplaceAt(root), owned) : null;
  const compared = owned !== null && purpose === 'compare' ? compareOwner(fs, workplaceAt(root), owned) : null;
  return {
    problems: [...problems, ...placeProblems(root, job, past, staged ?? compared)], claims, due, staged, compared,
    input: inputOf(job, common, lock?.kept.digest ?? ''),
    lock: lock?.kept ?? null,
  };
}

/** What speaks against the way of a cluster's files from where `dist/` has them. */
function placeProblems(root: string, { owner, of }: Job, past: string | null, surveyed: DistResult<OwnerSurvey> | null): readonly Problem[] {
  if (surveyed === null || !surveyed.ok || owner.kind === 'meta') return [];
  const { previous, wanted } = surveyed.value;
  return judgePlaces({ of, name: owner.name, past, before: previous.map(([path]) => path), after: wanted, textOf: (path) => readKept(join(root, 'dist', path)).text });
}

/** Loads what clusters are made with, before the first of them is made. */
export const loadCompiler = async (): Promise<void> => void (await import('../compile/cluster.ts'));

/** What meta clusters are made with takes as long to load as ten clusters to make, and most runs make none of them. */
async function compile(job: Job, { lock, past }: Record<'lock' | 'past', string | null>, common: Common): Promise<Compiled> {
  if (job.owner.kind === 'meta') return (await import('../compile/meta.ts')).compileMeta(metaInput(job, past, common));
  return (await import('../compile/cluster.ts')).compileCluster(clusterInput(job, lock, past, common));
}
