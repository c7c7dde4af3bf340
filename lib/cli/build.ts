import { prepare } from '../build/produce-all.ts';
import { locateFor, openFleet, type OpenFleet } from '../build/owners.ts';
import type { CheckReport } from '../emit/write.ts';
import { dueProblems } from '../build/due.ts';
import { hasErrors, type Problem } from '../problem.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { answer, count, type Terminal } from './terminal.ts';

/** Opens the fleet, or tells why not. With errors of the fleet itself nothing further is asked. */
export async function openOrTell(root: string, terminal: Terminal, options: Parameters<typeof openFleet>[1] = {}): Promise<OpenFleet | null> {
  const open = await openFleet(root, options);
  if ('fleet' in open && !hasErrors(open.problems)) return open;
  const locate = 'fleet' in open ? await open.locator() : open.locate;
  terminal.show(open.problems, locate);
  if (terminal.json) terminal.print(answer(false, open.problems, locate, {}));
  return null;
}

/** `kubewright build`: makes `dist/` what the definitions say. */
export async function runBuild(root: string, terminal: Terminal): Promise<ExitCode> {
  const begun = performance.now();
  const open = await openOrTell(root, terminal, { whileBundling: (isWhole) => prepare(root, isWhole), later: setImmediate });
  if (open === null) return EXIT.problems;
  const { buildFleet } = await import('../build/run.ts');
  const { problems, report, owners, compiled } = await buildFleet(open, terminal.progress);
  const locate = await locateFor(open, problems);
  terminal.show(problems, locate);
  const ok = report !== null;
  if (terminal.json) terminal.print(answer(ok, problems, locate, { owners, compiled, ...report }));
  if (report === null) {
    terminal.say(terminal.colors.red(`Nothing was written: ${summary(problems)}.`));
    return EXIT.problems;
  }
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  terminal.say(`${count(open.fleet.clusters.length, 'cluster')} and ${count(open.fleet.metaClusters.length, 'meta cluster')}, ${compiled} of ${owners} compiled, in ${seconds} s.`);
  terminal.say(`dist/: ${count(report.written.length, 'file')} written, ${report.removed.length} removed, ${report.unchanged} as they were.`);
  for (const path of report.foreign) terminal.say(`  left alone, not ours: dist/${path}`);
  if (compiled === 0) terminal.say('Nothing had to be compiled; whether somebody has edited dist/, `kubewright check` tells.');
  return EXIT.done;
}

/** `kubewright check`: fails when `dist/` is not what the definitions say, or when a certificate is due. Writes nothing. */
export async function runCheck(root: string, terminal: Terminal, now: Date | null): Promise<ExitCode> {
  const open = await openOrTell(root, terminal);
  if (open === null) return EXIT.problems;
  const { checkFleet, isClean } = await import('../build/run.ts');
  const { problems: found, report, owners, compiled, due } = await checkFleet(open, terminal.progress);
  const problems = [...found, ...(now === null ? [] : dueProblems(open, now, due))];
  const locate = await locateFor(open, problems);
  terminal.show(problems, locate);
  const asDefined = report !== null && isClean(report);
  const ok = asDefined && !hasErrors(problems);
  if (terminal.json) terminal.print(answer(ok, problems, locate, { owners, compiled, ...report }));
  if (report !== null) tellDifferences(report, terminal);
  terminal.say(ok ? 'dist/ is what the definitions say.' : terminal.colors.red(`Not as it should be: ${report === null || asDefined ? summary(problems) : DIFFERS}.`));
  return ok ? EXIT.done : EXIT.problems;
}

const STATES = {
  missing: 'not written yet',
  changed: 'of an older definition',
  edited: 'edited by hand',
  stale: 'no longer wanted',
  foreign: 'not ours, left alone',
} as const satisfies Record<keyof CheckReport, string>;

/** As many as anybody reads; --json has them all. */
const SHOWN = 20;

function tellDifferences(report: CheckReport, terminal: Terminal): void {
  for (const [state, words] of Object.entries(STATES)) {
    const paths = report[state as keyof CheckReport];
    for (const path of paths.slice(0, SHOWN)) terminal.say(`  ${words}: dist/${path}`);
    if (paths.length > SHOWN) terminal.say(`  ${words}: ${paths.length - SHOWN} more`);
  }
}

const DIFFERS = 'dist/ is not what the definitions say; run `kubewright build` and review the change';

function summary(problems: readonly Problem[]): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  return count(errors, 'error');
}
