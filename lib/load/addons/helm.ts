import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Addon } from '../../model/definition.ts';
import { helmStamp } from './helm-stamp.ts';
import { withoutHooks } from './hooks.ts';

type Chart = Extract<Addon['source'], { type: 'chart' }>;
type Rendered = Pick<Chart, 'output' | 'hooks' | 'fault'>;

/** What is rendered alike is rendered once. */
type Known = Map<string, Promise<Rendered>>;

/** Half a day before and after everybody else: what asks for the date is told two. */
const ZONES = ['Pacific/Kiritimati', 'Pacific/Pago_Pago'] as const;

const MINUTE_MS = 60_000;

/** Programs at once: each waits for the next second, and takes little else. */
const LANES = 8;

export interface Rendering {
  /** Which helm was asked, as `helmStamp` tells it; null when there was no chart for it. */
  readonly helm: string | null;
  /** Whether all charts were rendered. */
  readonly isWhole: boolean;
}

/** Renders every chart of a fleet, in place, by the `helm` of this machine. What has no shape yet is left alone: validation tells it. */
export async function renderCharts(root: string, fleet: unknown): Promise<Rendering> {
  const known: Known = new Map();
  const charts = chartsIn(fleet);
  const helm = charts.length === 0 ? null : helmStamp(); // before it runs: a later change has another stamp
  const waiting = charts.values();
  const lane = async (): Promise<void> => {
    for (const { addon, kubernetes } of waiting) Object.assign(addon.source, await rendered(root, addon, kubernetes, known));
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return { helm, isWhole: charts.every(({ addon }) => addon.source.fault === undefined) };
}

interface Wanted {
  readonly addon: Addon & { readonly source: Chart };
  readonly kubernetes: string;
}

function chartsIn(fleet: unknown): Wanted[] {
  const { clusters } = (fleet ?? {}) as { readonly clusters?: unknown };
  return listOf(clusters).flatMap((cluster) => {
    const { addons, kubernetes } = (cluster ?? {}) as { readonly addons?: unknown; readonly kubernetes?: unknown };
    return listOf(addons).filter(isPinnedChart).map((addon) => ({ addon, kubernetes: String(kubernetes) }));
  });
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value as readonly unknown[] : []);

/** Another chart than the one that was reviewed is not even started. */
function isPinnedChart(addon: unknown): addon is Wanted['addon'] {
  const { name, source } = (addon ?? {}) as { readonly name?: unknown; readonly source?: Partial<Chart> };
  return typeof name === 'string' && source?.type === 'chart' && source.digest === source.found && source.lookups?.length === 0;
}

function rendered(root: string, { name, namespace, source }: Wanted['addon'], kubernetes: string, known: Known): Promise<Rendered> {
  const args = ['template', name, join(root, source.chart), '--namespace', namespace ?? 'kube-system', '--kube-version', kubernetes, '--include-crds', '--values', '-'];
  const key = JSON.stringify([args, source.values, source.found]);
  const result = known.get(key) ?? renderTwice(args, JSON.stringify(source.values ?? {}));
  known.set(key, result);
  return result;
}

/** Twice, at two times in two zones: what follows from chart and values alone comes out the same. */
async function renderTwice(args: readonly string[], values: string): Promise<Rendered> {
  const first = await run(args, values, ZONES[0]);
  if ('fault' in first) return first;
  const begun = Date.now();
  while (Math.floor(Date.now() / 1000) === Math.floor(begun / 1000)) await wait(20);
  const second = await run(args, values, ZONES[1]);
  if ('fault' in second) return second;
  const [one, other] = [withoutHooks(first.output), withoutHooks(second.output)];
  return one.output === other.output ? one : { fault: { code: 'unstable', said: firstDifference(one.output, other.output) } };
}

function firstDifference(one: string, other: string): string {
  const others = other.split('\n');
  return (one.split('\n').find((line, index) => line !== others[index]) ?? '').trim();
}

type Answer = { readonly output: string } | { readonly fault: NonNullable<Chart['fault']> };

/** Nothing of this machine's own settings: no plugins, no repositories, no home. */
function run(args: readonly string[], values: string, zone: string): Promise<Answer> {
  const home = mkdtempSync(join(tmpdir(), 'kubewright-helm-'));
  const env = { PATH: process.env['PATH'], TZ: zone, HOME: home, HELM_CACHE_HOME: home, HELM_CONFIG_HOME: home, HELM_DATA_HOME: home };
  return new Promise((resolve) => {
    const child = execFile('helm', args, { env, cwd: home, timeout: MINUTE_MS, maxBuffer: 1 << 27 }, (error, output, said) => {
      rmSync(home, { recursive: true, force: true });
      if (error === null) resolve({ output });
      else resolve({ fault: { code: error.code === 'ENOENT' ? 'missing' : 'failed', said: (said.trim() || error.message).split('\n')[0] ?? '' } });
    });
    // A program that ends before it has read is told by its exit code.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(values);
  });
}
