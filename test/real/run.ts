import { readdirSync } from 'node:fs';
import { buildModule } from './binaries/build.ts';
import { MODULES } from './binaries/modules.ts';
import { compileFleet } from './fleet.ts';
import { startMeta, type MetaCluster } from './meta.ts';
import { installPackages, missingPrerequisites } from './prerequisites.ts';
import { claimHost, endAll, STATE } from './state.ts';
import { tableOf, type Desk, type Figures, type Story } from './story.ts';
import { secondsSince } from './until.ts';

/**
 * Tells the stories that are named, or all, on one meta cluster. `--install` gets what Debian has, `--keep` leaves the
 * machines running after a failure, for a look inside; the next run ends them.
 */
async function main(words: readonly string[]): Promise<boolean> {
  const [flags, names] = [words.filter((word) => word.startsWith('--')), words.filter((word) => !word.startsWith('--'))];
  if (flags.includes('--install') || process.env['CI'] === 'true') await installPackages();
  const missing = missingPrerequisites();
  if (missing.length > 0) throw new Error(missing.join('\n'));
  const stories = await chosenStories(names);

  for (const { name } of MODULES) await buildModule(name);
  claimHost();
  if (!flags.includes('--keep')) process.once('exit', endAll);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
  return tellAll(stories);
}

async function chosenStories(names: readonly string[]): Promise<Story[]> {
  const files = readdirSync(new URL('stories/', import.meta.url)).filter((file) => file.endsWith('.ts')).sort();
  const all = await Promise.all(files.map(async (file) => ((await import(new URL(`stories/${file}`, import.meta.url).href)) as { readonly story: Story }).story));
  const unknown = names.filter((name) => !all.some((story) => story.name === name));
  if (unknown.length > 0) throw new Error(`There is no story ${unknown.join(', ')}; there are ${all.map(({ name }) => name).join(', ')}.`);
  return names.length === 0 ? all : names.flatMap((name) => all.filter((story) => story.name === name));
}

/** One after another on the same machines. A story that fails does not keep the next one from being told. */
async function tellAll(stories: readonly Story[]): Promise<boolean> {
  const figures: Figures = new Map();
  const figure: Desk['figure'] = (subject, what, value) => {
    say(`  ${subject}: ${what} ${value}`);
    figures.set(subject, (figures.get(subject) ?? new Map<string, string | number>()).set(what, value));
  };
  const start = Date.now();
  const say = (line: string): void => console.log(`${secondsSince(start).toFixed(1).padStart(7)}  ${line}`);

  const desk: Desk = { figure, say: (line) => say(`  ${line}`) };
  let started: Promise<MetaCluster> | undefined;
  const tell = async (story: Story): Promise<void> => {
    if (story.machines === false) return story.tell(desk);
    started ??= startLab(desk);
    return story.tell({ ...desk, meta: await started });
  };

  await compileFleet();
  say('the fleet is compiled');
  const failed: string[] = [];
  for (const story of stories) {
    say(`${story.name}: ${story.shows}`);
    await tell(story).then(() => say(`${story.name} holds`), (problem: unknown) => {
      failed.push(story.name);
      say(`${story.name} FAILED\n${describe(problem)}`);
    });
  }
  console.log(`\n${tableOf(figures)}\n\n${failed.length === 0 ? 'All stories hold.' : `Failed: ${failed.join(', ')}.`}`);
  return failed.length === 0;
}

/** The meta cluster of every story that asks for one, started when the first does. */
async function startLab({ figure, say }: Desk): Promise<MetaCluster> {
  const meta = await startMeta('lab');
  for (const [step, seconds] of Object.entries(meta.seconds)) figure('meta cluster', `${step} (s)`, seconds);
  say(`the meta cluster is ready on ${meta.machines.length} machines; their disks and logs are below ${STATE}`);
  return meta;
}

function describe(problem: unknown): string {
  if (!(problem instanceof Error)) return String(problem);
  return problem.cause === undefined ? problem.message : `${problem.message}\n${describe(problem.cause)}`;
}

main(process.argv.slice(2)).then((ok) => process.exit(ok ? 0 : 1), (problem: unknown) => {
  console.error(describe(problem));
  process.exit(1);
});
