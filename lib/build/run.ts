import type { Compiled } from '../compile/cluster.ts';
import type { WriteReport } from '../emit/dist.ts';
import type { DistError } from '../emit/disk.ts';
import { openDist } from '../emit/dist.ts';
import { checkDist, listOwners, type CheckReport, type WantedOwner } from '../emit/write.ts';
import { hasErrors, type Problem } from '../problem.ts';
import type { Claims } from '../validate/claims.ts';
import { conflicts } from '../validate/conflicts.ts';
import { indexDigest, isFresh, jobsOf, type Job } from './build.ts';
import { readFindings, writeFindings, type Finding } from './cache.ts';
import { compileAll } from './compile-all.ts';
import type { OpenFleet } from './owners.ts';

/** What a run did, or would have done. */
export interface Outcome<Report> {
  readonly problems: readonly Problem[];
  /** Null when problems kept it from being made. */
  readonly report: Report | null;
  readonly owners: number;
  /** Owners that were compiled; the others were as an earlier run had left them. */
  readonly compiled: number;
}

/** Called after each owner, for a progress bar. */
export type Progress = (done: number, total: number) => void;

/** Makes `dist/` what the definitions say: all of it, or, with an error anywhere, nothing. */
export async function buildFleet(open: OpenFleet, progress: Progress): Promise<Outcome<WriteReport>> {
  const survey = surveyJobs(open);
  const opened = openDist(open.root, { whole: survey.fresh.length === 0 });
  if (!opened.ok) return failed(survey, opened.errors.map(distProblem));
  const session = opened.value;
  const gathered = gather(survey);
  try {
    for await (const [job, compiled] of compileAll(survey.stale, open)) {
      gathered.add(job, compiled);
      if (!hasErrors(gathered.problems)) session.stage({ owner: job.owner.name, files: compiled.files });
      progress(survey.fresh.length + gathered.count, survey.jobs.length);
    }
  } catch (cause) {
    session.abort();
    throw cause;
  }
  const problems = [...open.problems, ...gathered.problems, ...conflicts(gathered.claims)];
  if (hasErrors(problems)) {
    session.abort();
    return failed(survey, problems);
  }
  for (const owner of departed(open, survey)) session.remove(owner);
  const written = session.commit();
  if (!written.ok) return failed(survey, [...problems, ...written.errors.map(distProblem)]);
  keepFindings(open, survey, gathered);
  return { problems, report: written.value, owners: survey.jobs.length, compiled: survey.stale.length };
}

/** Tells how `dist/` differs from what the definitions say, and writes nothing. Every byte is read. */
export async function checkFleet(open: OpenFleet, progress: Progress): Promise<Outcome<CheckReport>> {
  const survey = surveyJobs(open);
  const gathered = gather(survey);
  const wanted = async function* (): AsyncGenerator<WantedOwner> {
    for (const { owner } of survey.fresh) yield { owner: owner.name, asIndexed: true };
    for await (const [job, compiled] of compileAll(survey.stale, open)) {
      gathered.add(job, compiled);
      if (!hasErrors(compiled.problems)) yield { owner: job.owner.name, files: compiled.files };
      progress(survey.fresh.length + gathered.count, survey.jobs.length);
    }
  };
  const checked = await checkDist(open.root, wanted(), { whole: true, removedOwners: departed(open, survey) });
  const problems = [...open.problems, ...gathered.problems, ...conflicts(gathered.claims)];
  if (!checked.ok) return failed(survey, [...problems, ...checked.errors.map(distProblem)]);
  if (hasErrors(problems)) return failed(survey, problems);
  if (isClean(checked.value)) keepFindings(open, survey, gathered);
  return { problems, report: checked.value, owners: survey.jobs.length, compiled: survey.stale.length };
}

/** Whether `dist/` is, to the byte, what the definitions say. Foreign files do not count: they are not ours. */
export const isClean = ({ missing, changed, edited, stale }: CheckReport): boolean => missing.length + changed.length + edited.length + stale.length === 0;

interface JobSurvey {
  readonly jobs: readonly Job[];
  readonly stale: readonly Job[];
  readonly fresh: readonly Job[];
  readonly findings: ReadonlyMap<string, Finding>;
}

function surveyJobs(open: OpenFleet): JobSurvey {
  const findings = readFindings(open.root);
  const jobs = jobsOf(open);
  const fresh = jobs.filter((job) => isFresh(open.root, job, findings.get(job.owner.name)));
  const known = new Set(fresh);
  return { jobs, fresh, stale: jobs.filter((job) => !known.has(job)), findings };
}

interface Gathered {
  readonly problems: Problem[];
  readonly claims: Claims[];
  readonly found: Map<string, Pick<Finding, 'input' | 'warnings' | 'claims'>>;
  count: number;
  add(job: Job, compiled: Compiled): void;
}

/** What is known of the whole fleet: from an earlier run for those that did not change, from this one for the others. */
function gather({ fresh, findings }: JobSurvey): Gathered {
  const before = fresh.flatMap((job) => findings.get(job.owner.name) ?? []);
  return {
    problems: before.flatMap((finding) => finding.warnings),
    claims: before.flatMap((finding) => finding.claims ?? []),
    found: new Map(),
    count: 0,
    add(job, { problems, claims }) {
      this.count += 1;
      this.problems.push(...problems);
      if (claims !== null) this.claims.push(claims);
      this.found.set(job.owner.name, { input: job.input, warnings: problems, claims });
    },
  };
}

function keepFindings(open: OpenFleet, { fresh, findings }: JobSurvey, { found }: Gathered): void {
  const kept = fresh.flatMap(({ owner }) => {
    const finding = findings.get(owner.name);
    return finding === undefined ? [] : [[owner.name, finding] as const];
  });
  const made = [...found].map(([owner, finding]) => [owner, { ...finding, index: indexDigest(open.root, owner) }] as const);
  writeFindings(open.root, new Map([...kept, ...made]));
}

/** Owners of files that the fleet no longer has. */
function departed(open: OpenFleet, { jobs }: JobSurvey): string[] {
  const present = new Set(jobs.map(({ owner }) => owner.name));
  const listed = listOwners(open.root);
  return listed.ok ? listed.value.filter((owner) => !present.has(owner)) : [];
}

const failed = ({ jobs, stale }: JobSurvey, problems: readonly Problem[]): Outcome<never> =>
  ({ problems, report: null, owners: jobs.length, compiled: stale.length });

/** The disk's refusals in the form that all problems have. */
export function distProblem({ code, what, why, fix, paths }: DistError): Problem {
  return { code, severity: 'error', at: { of: paths[0] ?? 'dist', path: '' }, what, why, fix };
}
