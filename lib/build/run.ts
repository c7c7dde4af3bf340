import type { DistError } from '../emit/disk.ts';
import { openDist, type DistSession, type WriteReport } from '../emit/dist.ts';
import { checkDist, listOwners, type CheckReport, type WantedOwner } from '../emit/write.ts';
import { hasErrors, type Problem } from '../problem.ts';
import type { Claims } from '../validate/claims.ts';
import { conflicts } from '../validate/conflicts.ts';
import { commonOf, hasOwnName, indexOf, inputOf, unjudgedJobs, withReadableMetas, type Common, type Job } from './build.ts';
import { readFindings, writeFindings, type Finding } from './cache.ts';
import { keptNow, readKept } from './kept-file.ts';
import type { OpenFleet } from './owners.ts';
import { goneProblems } from './past.ts';
import { produceAll } from './produce-all.ts';
import type { Product } from './produce.ts';

/** What a run did, or would have done. */
export interface Outcome<Report> {
  readonly problems: readonly Problem[];
  /** Null when problems kept it from being made. */
  readonly report: Report | null;
  readonly owners: number;
  /** Owners that were compiled; the others were as an earlier run had left them. */
  readonly compiled: number;
  /** Of each owner that is as it should be: when the first of its certificates is due. */
  readonly due: ReadonlyMap<string, string | null>;
}

/** Called after each owner, for a progress bar. */
export type Progress = (done: number, total: number) => void;

/** Makes `dist/` what the definitions say: all of it, or, with an error anywhere, nothing. */
export async function buildFleet(open: OpenFleet, progress: Progress): Promise<Outcome<WriteReport>> {
  // It finishes what a killed build had begun. Only then does `dist/` tell which owners are as an earlier run left them.
  const opened = openDist(open.root);
  if (!opened.ok) return failed({ jobs: open.owners, stale: [] }, opened.errors.map(distProblem));
  const session = opened.value;
  const staged = await stageFleet(session, open, progress).catch((cause: unknown) => {
    session.abort();
    throw cause;
  });
  const { survey, gathered, problems } = staged;
  if (hasErrors(problems)) {
    session.abort();
    return failed(survey, problems);
  }
  const written = session.commit(survey.fresh.size === 0);
  if (!written.ok) return failed(survey, [...problems, ...written.errors.map(distProblem)]);
  keepFindings(open, survey, gathered);
  return { problems, report: written.value, owners: survey.jobs.length, compiled: survey.stale.length, due: dueOf(survey, gathered) };
}

interface Staged {
  readonly survey: JobSurvey;
  readonly gathered: Gathered;
  readonly problems: readonly Problem[];
}

/** Hands to a session what must change, and tells all that is wrong. */
async function stageFleet(session: DistSession, open: OpenFleet, progress: Progress): Promise<Staged> {
  const survey = surveyJobs(open, true);
  const gathered = gather(survey);
  for await (const [job, product] of produceAll(survey.stale, { root: open.root, purpose: 'stage', common: survey.common })) {
    gathered.add(job, product);
    if (product.staged !== null) session.adopt(product.staged);
    progress(survey.fresh.size + gathered.count, survey.jobs.length);
  }
  const gone = departed(open, survey);
  for (const owner of gone) session.remove(owner);
  return { survey, gathered, problems: [...open.problems, ...gathered.problems, ...goneProblems(open.root, gone), ...conflicts(gathered.claims)] };
}

/**
 * Tells how `dist/` differs from what the definitions say, and changes nothing of it. Every byte is read. What was found of
 * owners whose files differ is forgotten: a build reads no files of those that it takes for fresh.
 */
export async function checkFleet(open: OpenFleet, progress: Progress): Promise<Outcome<CheckReport>> {
  const survey = surveyJobs(open, false);
  const gathered = gather(survey);
  const wanted = async function* (): AsyncGenerator<WantedOwner> {
    for (const { owner } of survey.fresh.keys()) yield { owner: owner.name, asIndexed: true };
    for await (const [job, product] of produceAll(survey.stale, { root: open.root, purpose: 'compare', common: survey.common })) {
      gathered.add(job, product);
      if (product.compared !== null) yield { owner: job.owner.name, compared: product.compared };
      progress(survey.fresh.size + gathered.count, survey.jobs.length);
    }
  };
  const gone = departed(open, survey);
  const checked = await checkDist(open.root, wanted(), { whole: true, removedOwners: gone });
  const problems = [...open.problems, ...gathered.problems, ...goneProblems(open.root, gone), ...conflicts(gathered.claims)];
  if (!checked.ok) return failed(survey, [...problems, ...checked.errors.map(distProblem)]);
  if (hasErrors(problems)) return failed(survey, problems);
  const { report, differing } = checked.value;
  keepFindings(open, survey, gathered, differing);
  return { problems, report, owners: survey.jobs.length, compiled: survey.stale.length, due: dueOf(survey, gathered) };
}

/** Whether `dist/` is, to the byte, what the definitions say. Foreign files do not count: they are not ours. */
export const isClean = ({ missing, changed, edited, stale }: CheckReport): boolean => missing.length + changed.length + edited.length + stale.length === 0;

interface JobSurvey {
  readonly common: Common;
  readonly jobs: readonly Job[];
  readonly stale: readonly Job[];
  /** Those that are as an earlier run had left them, with what it found. */
  readonly fresh: ReadonlyMap<Job, Finding>;
}

/** Which owners must be compiled. With `trust`, a file whose stamp is that of an earlier run is not read again. */
function surveyJobs(open: OpenFleet, trust: boolean): JobSurvey {
  const common = commonOf(open);
  const before = readFindings(open.root);
  const jobs = unjudgedJobs(open);
  const fresh = new Map(jobs.flatMap((job) => {
    const finding = findingNow(open.root, job, common, before.get(job.owner.name), trust);
    return finding === null ? [] : [[job, finding] as const];
  }));
  return { common, jobs, fresh, stale: withReadableMetas(jobs.filter((job) => !fresh.has(job))) };
}

/** What an earlier run found, if it made from this same input what `dist/` holds now, as far as its index tells. */
function findingNow(root: string, job: Job, common: Common, finding: Finding | undefined, trust: boolean): Finding | null {
  if (finding === undefined || !hasOwnName(job) || (finding.lock === null) !== (job.lock === null)) return null;
  const lock = job.lock === null || finding.lock === null ? null : keptNow(job.lock, finding.lock, trust);
  const index = keptNow(indexOf(root, job.owner.name), finding.index, trust);
  if (finding.input !== inputOf(job, common, lock?.digest ?? '') || finding.index.digest !== index.digest) return null;
  return lock === finding.lock && index === finding.index ? finding : { ...finding, lock, index };
}

interface Gathered {
  readonly problems: Problem[];
  readonly claims: Claims[];
  readonly found: Map<string, Omit<Finding, 'index'>>;
  count: number;
  add(job: Job, product: Product): void;
}

/** What is known of the whole fleet: from an earlier run for those that did not change, from this one for the others. */
function gather({ fresh }: JobSurvey): Gathered {
  const before = [...fresh.values()];
  return {
    problems: before.flatMap((finding) => finding.warnings),
    claims: before.flatMap((finding) => finding.claims ?? []),
    found: new Map(),
    count: 0,
    add(job, { input, lock, problems, claims, due }) {
      this.count += 1;
      this.problems.push(...problems);
      if (claims !== null) this.claims.push(claims);
      this.found.set(job.owner.name, { input, lock, warnings: problems, claims, due });
    },
  };
}

function keepFindings(open: OpenFleet, { fresh }: JobSurvey, { found }: Gathered, differing: ReadonlySet<string> = new Set()): void {
  const kept = [...fresh].map(([{ owner }, finding]) => [owner.name, finding] as const);
  const made = [...found].map(([owner, finding]) => [owner, { ...finding, index: readKept(indexOf(open.root, owner)).kept }] as const);
  writeFindings(open.root, new Map([...kept, ...made].filter(([owner]) => !differing.has(owner))));
}

function dueOf({ fresh }: JobSurvey, { found }: Gathered): ReadonlyMap<string, string | null> {
  const before = [...fresh].map(([{ owner }, { due }]) => [owner.name, due] as const);
  return new Map([...before, ...[...found].map(([owner, { due }]) => [owner, due] as const)]);
}

/** Owners of files that the fleet no longer has. */
function departed(open: OpenFleet, { jobs }: JobSurvey): string[] {
  const present = new Set(jobs.map(({ owner }) => owner.name));
  const listed = listOwners(open.root);
  return listed.ok ? listed.value.filter((owner) => !present.has(owner)) : [];
}

const failed = ({ jobs, stale }: Readonly<Record<'jobs' | 'stale', readonly unknown[]>>, problems: readonly Problem[]): Outcome<never> =>
  ({ problems, report: null, owners: jobs.length, compiled: stale.length, due: new Map() });

/** The disk's refusals in the form that all problems have. */
export function distProblem({ code, what, why, fix, paths }: DistError): Problem {
  return { code, severity: 'error', at: { of: paths[0] ?? 'dist', path: '' }, what, why, fix };
}
