import { readdirSync } from 'node:fs';
import { readWords, UsageError } from './asked.ts';
import { buildModule, exitOnSignals } from './binaries/build.ts';
import { MODULES } from './binaries/modules.ts';
import { compileFleet, layStories } from './fleet.ts';
import { endMeta, startMeta, type MetaCluster } from './clusters/meta.ts';
import { installPackages, missingPrerequisites, readHost } from './host/prerequisites.ts';
import { describe } from './host/problem.ts';
import { claimHost, endAll, STATE } from './host/state.ts';
import { inLanes } from './host/together.ts';
import { tablesOf, type Desk, type Figures, type Story } from './story.ts';
import { secondsSince } from './host/until.ts';
import { waysIn } from './clusters/ways-in.ts';

/** Stories that are told together: more of them would only wait for each other's processors. */
const LANES = 2;

/** Tells the stories that are named, or all; those that need machines are told on one meta cluster. */
async function main(words: readonly string[]): Promise<boolean> {
  const all = await allStories();
  const asked = readWords(words, all.map(({ name }) => name), all.filter(({ byNameOnly }) => byNameOnly === true).map(({ name }) => name));
  const stories = asked.stories.flatMap((name) => all.filter((story) => story.name === name));
  const needs = { machines: stories.some(({ machines = true }) => machines !== false), kernels: stories.some(({ kernels }) => kernels === true) };
  if (asked.install || process.env['CI'] === 'true') await installPackages(needs);
  const missing = missingPrerequisites(needs, readHost());
  if (missing.length > 0) throw new Error(missing.join('\n'));

  claimHost();
  if (!asked.keep) process.once('exit', endAll);
  exitOnSignals();
  const untold = all.filter((story) => !stories.includes(story));
  const idle = untold.flatMap(({ modules = [] }) => modules);
  for (const { name } of MODULES.filter((module) => !idle.includes(module.name))) await buildModule(name);
  return tellAll(stories, untold.flatMap(({ clusters = [] }) => clusters), asked.keep);
}

async function allStories(): Promise<Story[]> {
  const files = readdirSync(new URL('stories/', import.meta.url)).filter((file) => file.endsWith('.ts')).sort();
  return Promise.all(files.map(async (file) => ((await import(new URL(`stories/${file}`, import.meta.url).href)) as { readonly story: Story }).story));
}

/**
 * First those without machines, two at a time. Then on the same machines: one after another those that want them for
 * themselves, then the others, two at a time, since these mostly wait. At last those that have machines of their own.
 * A story that fails does not keep the next one from being told.
 */
async function tellAll(stories: readonly Story[], leftOut: readonly string[], keep: boolean): Promise<boolean> {
  const figures: Figures = new Map();
  const start = Date.now();
  const say = (line: string): void => console.log(`${secondsSince(start).toFixed(1).padStart(7)}  ${line}`);

  const deskOf = ({ name }: Story): Desk => ({
    say: (line) => say(`  ${name}: ${line}`),
    figure: (subject, what, value) => {
      say(`  ${name}: ${subject}, ${what} ${value}`);
      figures.set(subject, (figures.get(subject) ?? new Map<string, string | number>()).set(what, value));
    },
  });
  let started: Promise<MetaCluster> | undefined;
  const failed: string[] = [];
  const tell = async (story: Story): Promise<void> => {
    const desk = deskOf(story);
    if (story.machines === 'own') return compileFleet(story.fleet).then(() => story.tell(desk));
    if (story.machines === false) return story.tell(desk);
    started ??= startLab(desk, keep);
    return story.tell({ ...desk, meta: await started });
  };
  const tellWhole = async (story: Story): Promise<void> => {
    say(`${story.name}: ${story.shows}`);
    await tell(story).then(() => say(`${story.name} holds`), (problem: unknown) => {
      failed.push(story.name);
      say(`${story.name} FAILED\n${describe(problem)}`);
    });
  };

  const tellInLanes = (some: readonly Story[]): Promise<void> => inLanes(LANES, some.map((story) => () => tellWhole(story)));
  const [without, apart] = [stories.filter(({ machines }) => machines === false), stories.filter(({ machines }) => machines === 'own')];
  const common = stories.filter((story) => !without.includes(story) && !apart.includes(story));
  if (without.length + common.length > 0) await compileFleet(layStories(leftOut)).then(() => say('the fleet is compiled'));
  await tellInLanes(without);
  for (const story of common.filter(({ amongOthers }) => amongOthers !== true)) await tellWhole(story);
  await tellInLanes(common.filter(({ amongOthers }) => amongOthers === true));
  if (apart.length > 0 && !keep) await started?.then(endMeta, () => undefined);
  for (const story of apart) await tellWhole(story);
  console.log(`\n${tablesOf(figures)}\n\n${failed.length === 0 ? 'All stories hold.' : `Failed: ${failed.join(', ')}.`}`);
  if (keep && started !== undefined) console.log(await started.then(waysIn).then((ways) => `\nEverything is left as it is; the next run ends it.\n${ways}`, describe));
  return failed.length === 0;
}

/** The meta cluster of every story that asks for one, started when the first does. */
async function startLab({ figure, say }: Desk, keep: boolean): Promise<MetaCluster> {
  const meta = await startMeta('lab', { keeps: keep });
  for (const [step, seconds] of Object.entries(meta.seconds)) figure('meta cluster', `${step} (s)`, seconds);
  say(`the meta cluster is ready on ${meta.machines.length} machines; their disks and logs are below ${STATE}`);
  return meta;
}

main(process.argv.slice(2)).then((ok) => process.exit(ok ? 0 : 1), (problem: unknown) => {
  console.error(describe(problem));
  process.exit(problem instanceof UsageError ? 2 : 1);
});
