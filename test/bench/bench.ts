import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { nameOf } from './definitions.ts';
import { addCluster, DELIVERED, writeFleet } from './fleet.ts';
import { writeInputs } from './inputs.ts';
import { least, median, run, type Run } from './measure.ts';
import { compareOutputs } from './same.ts';

/**
 * `npm run bench`: whole processes, in turn, in one run on one machine, so that ratios mean something where seconds do
 * not. Never a test: what a busy machine does to it is nobody's mistake.
 */
const { values } = parseArgs({ options: { sizes: { type: 'string', default: '10,100,1000' }, runs: { type: 'string', default: '3' }, full: { type: 'boolean', default: false } } });
const ROOT = new URL('../../', import.meta.url).pathname;
const WORK = mkdtempSync(join(tmpdir(), 'kubewright-bench-'));
const NODE = process.execPath;
const CLI = join(ROOT, 'build', 'kubewright.cjs');

type Measured = Record<string, Run[]>;

const LAYOUTS = ['folder-per-chart', 'file-per-resource', 'file-per-chart'] as const;
/** Those layouts walk the whole App again for every chart: a thousand clusters take them many minutes. */
const QUADRATIC: readonly string[] = ['file-per-resource', 'file-per-chart'];

async function main(): Promise<void> {
  execFileSync(NODE, [join(ROOT, 'node_modules/tsx/dist/cli.mjs'), 'tools/bundle.ts'], { cwd: ROOT, stdio: 'ignore' });
  await bundleOthers();
  const cold: Run[][] = [];
  for (const size of values.sizes.split(',').map(Number)) {
    const measured = await measureFleet(size, Number(values.runs));
    cold.push(measured['cold build'] ?? []);
    report(size, measured);
  }
  tellGrowth(values.sizes.split(','), cold);
  if (values.full) await measureClone();
}

/** The programs we are compared with begin as fast as ours does. */
async function bundleOthers(): Promise<void> {
  const banner = { js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);" };
  await build({ absWorkingDir: ROOT, entryPoints: ['test/bench/floor.ts', 'test/bench/stock.ts'], outdir: join(WORK, 'programs'), outExtension: { '.js': '.mjs' }, bundle: true, platform: 'node', target: 'node20', format: 'esm', banner, logLevel: 'error' });
  for (const tables of ['facts', 'schemas']) execFileSync('cp', ['-r', join(ROOT, 'lib/versions', tables), join(WORK, 'programs', tables)]);
}

async function measureFleet(size: number, runs: number): Promise<Measured> {
  const fleet = join(WORK, `fleet-${size}`);
  const delivered = join(WORK, `delivered-${size}`);
  const inputs = join(WORK, `inputs-${size}`);
  const deliveredInputs = join(WORK, `inputs-delivered-${size}`);
  await writeFleet(fleet, size);
  await writeFleet(delivered, size, DELIVERED);
  writeInputs(inputs, fleet, size);
  writeInputs(deliveredInputs, delivered, size, DELIVERED);
  const measured: Measured = {};
  const take = async (name: string, command: readonly string[]): Promise<void> => {
    (measured[name] ??= []).push(await run(command, ROOT));
  };
  const ours = (command: string): string[] => [NODE, CLI, command, '--root', fleet];
  const out = (round: number, name: string): string => join(WORK, 'out', `${size}-${round}-${name}`);
  for (let round = 0; round < runs; round++) {
    for (const layout of LAYOUTS) {
      if (QUADRATIC.includes(layout) && (size > 100 && !values.full || round > 0)) continue;
      await take(`cdk8s ${layout}`, [NODE, join(WORK, 'programs/stock.mjs'), inputs, out(round, layout), layout]);
    }
    await take('floor', [NODE, join(WORK, 'programs/floor.mjs'), inputs, out(round, 'floor')]);
    setAside(fleet);
    await take('cold build', ours('build'));
    // These find in memory what they read, as after a checkout; the last one of a round does not, where a kernel gives back what nobody reads.
    await take('build, nothing to do', ours('build'));
    await take('check', ours('check'));
    if (round === 0) compareOutputs(join(fleet, 'dist'), { floor: out(0, 'floor'), cdk8s: out(0, 'folder-per-chart') });
    edit(fleet, nameOf(size >> 1), round);
    await take('build, one edited', ours('build'));
    await take('floor, delivered', [NODE, join(WORK, 'programs/floor.mjs'), deliveredInputs, out(round, 'floor-delivered')]);
    setAside(delivered);
    await take('cold build, delivered', [NODE, CLI, 'build', '--root', delivered]);
    if (round === 0) compareOutputs(join(delivered, 'dist'), { floor: out(0, 'floor-delivered') });
    await take('check, after other work', ours('check'));
  }
  const added = await addCluster(fleet, size);
  await take('pki issue of a new cluster', [...ours('pki').slice(0, 3), 'issue', added, '--root', fleet]);
  return measured;
}

/** A cold build has no `dist/` and no caches. They are moved away, since creating files right after deleting others is slow. */
function setAside(fleet: string): void {
  const away = mkdtempSync(join(WORK, 'away-'));
  for (const path of ['dist', '.kubewright', 'node_modules/.cache']) if (existsSync(join(fleet, path))) renameSync(join(fleet, path), join(away, path.replaceAll('/', '-')));
}

/** A change that reaches manifests. */
function edit(fleet: string, cluster: string, round: number): void {
  const path = join(fleet, 'clusters', cluster, 'cluster.ts');
  writeFileSync(path, readFileSync(path, 'utf8').replace(/"max-requests-inflight": "\d+"/, `"max-requests-inflight": "${3001 + round}"`));
}

function report(size: number, measured: Measured): void {
  console.log(`\n${size} clusters`);
  console.log('| | seconds, least | median | CPU seconds, least | MiB |\n|---|---|---|---|---|');
  for (const [name, runs] of Object.entries(measured)) {
    const cells = [least(secondsOf(runs)), median(secondsOf(runs)), least(cpuOf(runs))].map((value) => value.toFixed(2));
    console.log(`| ${name} | ${cells.join(' | ')} | ${Math.max(...runs.map(({ memory }) => memory)).toFixed(0)} |`);
  }
  ratio('cold build ÷ floor (≤ 2)', measured['cold build'], measured['floor']);
  for (const layout of LAYOUTS) ratio(`cdk8s ${layout} ÷ cold build${layout === 'folder-per-chart' ? ' (≥ 10)' : ''}`, measured[`cdk8s ${layout}`], measured['cold build']);
  ratio('cold build, delivered ÷ floor, delivered (≤ 2)', measured['cold build, delivered'], measured['floor, delivered']);
  ratio('cold build, delivered ÷ cold build', measured['cold build, delivered'], measured['cold build']);
  ratio('check ÷ cold build (≤ 1/3)', measured['check'], measured['cold build']);
}

const secondsOf = (runs: readonly Run[]): number[] => runs.map(({ seconds }) => seconds);
const cpuOf = (runs: readonly Run[]): number[] => runs.map(({ cpu }) => cpu);

function ratio(name: string, a: readonly Run[] | undefined, b: readonly Run[] | undefined): void {
  if (a === undefined || b === undefined) return;
  const pairs = a.map((one, index) => one.seconds / (b[index]?.seconds ?? NaN));
  console.log(`${name}: ${median(pairs).toFixed(2)} by the clock (median of pairs), ${(least(secondsOf(a)) / least(secondsOf(b))).toFixed(2)} (least), ${(least(cpuOf(a)) / least(cpuOf(b))).toFixed(2)} by CPU time`);
}

function tellGrowth(sizes: readonly string[], cold: readonly (readonly Run[])[]): void {
  console.log('');
  for (let i = 1; i < sizes.length; i++) ratio(`growth of a cold build, ${sizes[i - 1]} → ${sizes[i]} clusters${sizes[i] === '1000' ? ' (≤ 11)' : ''}`, cold[i], cold[i - 1]);
}

/** From a fresh clone to manifests, as whoever comes new meets it. */
async function measureClone(): Promise<void> {
  const clone = join(WORK, 'clone');
  mkdirSync(clone);
  execFileSync('git', ['clone', '--quiet', ROOT, clone]);
  const installed = await run(['npm', 'ci', '--no-audit', '--no-fund'], clone);
  const built = await run(['npm', 'run', 'synth'], clone);
  console.log(`\nfresh clone: npm ci ${installed.seconds.toFixed(1)} s, first build ${built.seconds.toFixed(1)} s`);
}

try {
  await main();
} finally {
  rmSync(WORK, { recursive: true, force: true });
}
