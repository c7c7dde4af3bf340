import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { jobsOf } from '../lib/build/build.ts';
import { compileAll } from '../lib/build/compile-all.ts';
import { openFleet } from '../lib/build/owners.ts';
import type { Compiled } from '../lib/compile/cluster.ts';
import type { Locate } from '../lib/load/loaded.ts';
import { renderProblems } from '../lib/load/render-problems.ts';
import { hasErrors, type Problem } from '../lib/problem.ts';
import { conflicts } from '../lib/validate/conflicts.ts';

/** The app that `cdk8s synth` runs: every manifest of the fleet, laid out as in `dist/`, below the folder that cdk8s names. */
async function synthesize(root: string, folder: string): Promise<boolean> {
  const open = await openFleet(root);
  if (!('fleet' in open) || hasErrors(open.problems)) return tell(open.problems, 'fleet' in open ? await open.locator() : open.locate);
  const compiled: Compiled[] = [];
  for await (const [, made] of compileAll(jobsOf(open), open)) compiled.push(made);
  const problems = [...open.problems, ...compiled.flatMap((made) => made.problems), ...conflicts(compiled.flatMap(({ claims }) => claims ?? []))];
  if (hasErrors(problems)) return tell(problems, await open.locator());
  // Records are for the compiler itself and for reviewers: they stay in dist/.
  for (const { path, text } of compiled.flatMap(({ files }) => files).filter(({ path }) => path.endsWith('.yaml'))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return tell(problems, await open.locator());
}

function tell(problems: readonly Problem[], locate: Locate): boolean {
  if (problems.length > 0) console.error(renderProblems(problems, locate, { color: false }));
  return !hasErrors(problems);
}

const folder = process.env['CDK8S_OUTDIR'] ?? '';
if (folder === '' || resolve(folder) === resolve('dist')) {
  console.error('Run `npx cdk8s synth` without --output: cdk8s empties its output folder first, and dist/ is written by `npm run synth` alone.');
  process.exitCode = 2;
} else if (!(await synthesize('.', folder))) {
  process.exitCode = 1;
}
