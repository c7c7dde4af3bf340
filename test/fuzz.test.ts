import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { jobsOf, type Job } from '../lib/build/build.ts';
import { openFleet, type OpenFleet } from '../lib/build/owners.ts';
import { buildFleet } from '../lib/build/run.ts';
import { compileCluster } from '../lib/compile/cluster.ts';
import { compileMeta } from '../lib/compile/meta.ts';
import { hashText, indexPath, readIndex } from '../lib/emit/index-file.ts';
import { renderProblems } from '../lib/load/render-problems.ts';
import { hasErrors, PROBLEM_CODES, type Problem } from '../lib/problem.ts';
import { fleetWithOwnKeys, ROOT } from './support/compiled.ts';
import { isOpen } from './support/fleets.ts';
import { filesBelow, prepare, temporaryFolder, writeFiles } from './support/folders.ts';
import { linkPackages } from './support/packages.ts';
import { mutate, seededRandom } from './support/mutations.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 3000);
const BUILDS = Math.max(12, Math.round(RUNS / 200));
const SEED = Number(process.env['FUZZ_SEED'] ?? 1);
/** A value that no message may repeat. */
const SECRET = 'correct-horse-battery-staple';

let open: OpenFleet;
let jobs: readonly Job[];

prepare(async (ends) => {
  open = await fleetWithOwnKeys(ends);
  jobs = jobsOf(open).map((job) => ({ ...job, owner: { ...job.owner, definition: job.owner.kind === 'cluster' ? withSecret(job.owner.definition) : job.owner.definition } }));
}, 120_000);

function withSecret(definition: unknown): unknown {
  const { components, ...rest } = definition as { components?: { apiserver?: object } };
  return { ...rest, components: { ...components, apiserver: { ...components?.apiserver, env: [{ name: 'TOKEN', value: SECRET }] } } };
}

function compile({ owner, lock, meta }: Job, definition: unknown) {
  const common = { definition, of: 'prod', images: open.fleet.images, delivery: open.fleet.delivery, past: null, file: owner.file };
  return owner.kind === 'meta' ? compileMeta(common) : compileCluster({ ...common, meta, lock, sealing: open.sealing });
}

/** What everything that is told must be, whatever caused it. */
function expectWhole(problems: readonly Problem[], about: string): void {
  for (const { code, severity, at, what, why, fix } of problems) {
    expect(PROBLEM_CODES, about).toContain(code);
    expect([severity === 'error' || severity === 'warning', at.of !== '', what.trim() !== '', why.trim() !== '', fix.trim() !== ''], `${code} ${about}`).toEqual([true, true, true, true, true]);
    const text = `${what} ${why} ${fix}`;
    expect(text.length, `${code} ${about}`).toBeLessThan(3000);
    expect(text, about).not.toMatch(/\n\s+at |\bundefined\b|\bNaN\b|\[object |node_modules/);
  }
}

/** Where the secret may be told from everything else: it stands once, where it was put. */
const isSecretInPlace = (text: string): boolean => text.split(SECRET).length === 2 && text.includes(`"value":"${SECRET}"`);

test(`${RUNS} definitions with something wrong: problems, never an exception, and no files beside errors`, () => {
  const random = seededRandom(SEED);
  let good = 0;
  for (let run = 0; run < RUNS; run += 1) {
    const job = jobs[random(jobs.length)];
    if (job === undefined) throw new Error('the fleet is empty');
    let definition = job.owner.definition;
    for (let left = 1 + random(3); left > 0; left -= 1) definition = mutate(definition, random);
    // What the loader lets through is plain JSON.
    const json = JSON.stringify(definition) ?? 'null';
    definition = JSON.parse(json) as unknown;
    const about = `run ${run}: ${json.slice(0, 20_000)}`;
    let compiled: ReturnType<typeof compile>;
    try {
      compiled = compile(job, definition);
    } catch (cause) {
      throw new Error(`${job.owner.name}, ${about}`, { cause });
    }
    expectWhole(compiled.problems, about);
    if (hasErrors(compiled.problems)) expect(compiled.files, about).toEqual([]);
    else good += compiled.files.length > 0 ? 1 : 0;
    if (isSecretInPlace(json)) expect(renderProblems(compiled.problems, () => ({ file: 'x' }), { color: false }), about).not.toContain(SECRET);
  }
  expect(good, 'some are still right').toBeGreaterThan(RUNS / 100);
}, 600_000);

/** A tree is whole when it is exactly what its indices list, file by file and byte by byte. The indices that it has. */
function expectWholeTree(dist: string): string[] {
  const paths = existsSync(dist) ? filesBelow(dist) : [];
  const indices = paths.filter((path) => path.endsWith('.files.txt'));
  const listed = indices.flatMap((path) => {
    const read = readIndex(readFileSync(join(dist, path), 'utf8'));
    return read.ok ? [...read.index] : [];
  });
  expect(listed.map(([path]) => path).sort()).toEqual(paths.filter((path) => !indices.includes(path)));
  for (const [path, digest] of listed) expect(hashText(readFileSync(join(dist, path))), path).toBe(digest);
  return indices;
}

const treeOf = (dist: string): Record<string, string> => Object.fromEntries(filesBelow(dist).map((path) => [path, readFileSync(join(dist, path), 'utf8')]));

test(`${BUILDS} whole builds of a spoilt fleet: dist/ is the old tree or the new one`, async () => {
  const random = seededRandom(SEED + 1);
  const root = temporaryFolder();
  cpSync(join(open.root, 'clusters'), join(root, 'clusters'), { recursive: true });
  cpSync(join(ROOT, 'clusters/fleet.ts'), join(root, 'clusters/original.ts'));
  linkPackages(root);
  let written = 0;
  for (let run = -1; run < BUILDS; run += 1) {
    // The first builds are right or nearly so; the later ones lose whole members.
    const fleet = run < 0 ? open.fleet : mutate(run % 3 === 0 ? { ...open.fleet, clusters: open.fleet.clusters.slice(0, 1 + random(5)) } : open.fleet, random);
    writeFiles(root, { 'clusters/fleet.ts': `export const fleet = JSON.parse(${JSON.stringify(JSON.stringify(fleet) ?? 'null')});\n` });
    const before = existsSync(join(root, 'dist')) ? treeOf(join(root, 'dist')) : {};
    const found = await openFleet(root);
    const outcome = isOpen(found) && !hasErrors(found.problems) ? await buildFleet(found, () => undefined) : { problems: found.problems, report: null };
    expectWhole(outcome.problems, `build ${run}: ${JSON.stringify(fleet)?.slice(0, 20_000)}`);
    const owners = expectWholeTree(join(root, 'dist'));
    if (outcome.report === null) expect(existsSync(join(root, 'dist')) ? treeOf(join(root, 'dist')) : {}).toEqual(before);
    else {
      if (!isOpen(found)) throw new Error('a fleet that cannot be opened was built');
      expect(owners, 'each owner has an index, and nobody else').toEqual(found.owners.map(({ name }) => indexPath(name)).sort());
      written += 1;
    }
  }
  expect(written).toBeGreaterThan(0);
}, 600_000);

test.for([{ clusters: [null] }, { clusters: [[]] }, { clusters: ['x'] }, { clusters: [{ name: '../../x' }] }, { clusters: [{ name: '__proto__', meta: 'constructor' }] }, { metaClusters: [null] }, { metaClusters: [{}] }, { clusters: null }])(
  'a fleet with %j', async (change) => {
    const root = temporaryFolder();
    cpSync(join(open.root, 'clusters'), join(root, 'clusters'), { recursive: true });
    writeFiles(root, { 'clusters/fleet.ts': `export const fleet = JSON.parse(${JSON.stringify(JSON.stringify({ ...open.fleet, ...change }))});\n` });
    const found = await openFleet(root);
    const problems = isOpen(found) && !hasErrors(found.problems) ? (await buildFleet(found, () => undefined)).problems : found.problems;
    expect(hasErrors(problems)).toBe(true);
    expectWhole(problems, JSON.stringify(change));
    expect(existsSync(join(root, 'dist'))).toBe(false);
  },
);
