import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { buildFleet, checkFleet } from '../../lib/build/run.ts';
import { opened } from '../support/fleets.ts';
import { fleetOfMetas, treeOf } from './metas.ts';

vi.setConfig({ testTimeout: 120_000 });

const ROOT = new URL('../../', import.meta.url).pathname;
const OWNERS = 30;

/** The command line as its own process, which has threads. */
function inThreads(root: string, command: string): { readonly compiled: number; readonly problems: readonly unknown[]; readonly written?: readonly string[] } {
  try {
    return JSON.parse(execFileSync(process.execPath, ['--import', 'tsx', join(ROOT, 'lib/cli/bin.ts'), command, '--json', '--root', root], { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }));
  } catch (cause) {
    return JSON.parse((cause as { stdout: string }).stdout);
  }
}

test('threads make what one after another makes, and tell it in the same order', async () => {
  const [one, many] = [fleetOfMetas(OWNERS), fleetOfMetas(OWNERS)];
  const { problems, report } = await buildFleet(await opened(one), () => undefined);
  const answer = inThreads(many, 'build');
  expect(answer.compiled).toBe(OWNERS);
  expect(answer.written).toEqual(report?.written);
  expect(answer.problems).toHaveLength(problems.length);
  expect(treeOf(many)).toEqual(treeOf(one));
  expect(readdirSync(join(many, '.kubewright')).sort()).toEqual(['.gitignore', 'findings.txt']);
});

test('threads find what differs where no earlier run is known, and a build in threads mends it', async () => {
  const root = fleetOfMetas(OWNERS);
  inThreads(root, 'build');
  const tree = treeOf(root);
  const path = Object.keys(tree).find((file) => file.endsWith('namespace-sealed-secrets.yaml')) ?? '';
  const forget = (): void => rmSync(join(root, '.kubewright'), { recursive: true });
  writeFileSync(join(root, path), 'edited: true\n');
  forget();
  expect(inThreads(root, 'check')).toMatchObject({ ok: false, compiled: OWNERS, edited: [path.slice('/dist/'.length)], changed: [], missing: [], stale: [] });
  forget();
  expect(inThreads(root, 'build')).toMatchObject({ compiled: OWNERS, written: [path.slice('/dist/'.length)] });
  expect(treeOf(root)).toEqual(tree);
});

test('an error in one of many keeps all of them from being written', async () => {
  const root = fleetOfMetas(OWNERS);
  const file = join(root, 'clusters/fleet.ts');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"kubernetes":"1.33.13"', '"kubernetes":"1.12.0"'));
  mkdirSync(join(root, 'dist'));
  const answer = inThreads(root, 'build');
  const { problems } = await checkFleet(await opened(root), () => undefined);
  expect(problems.length).toBeGreaterThan(0);
  expect(answer.problems).toHaveLength(problems.length);
  expect(readdirSync(join(root, 'dist'))).toEqual([]);
  expect(readdirSync(join(root, '.kubewright'))).toEqual(['.gitignore']);
});
