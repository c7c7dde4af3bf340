import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openFleet, type OpenFleet } from '../../lib/build/owners.ts';
import { buildFleet, checkFleet } from '../../lib/build/run.ts';
import { metaClusters } from '../bench/definitions.ts';
import { project } from '../load/fixture.ts';
import { testSealing } from '../support/pki.ts';

vi.setConfig({ testTimeout: 120_000 });

const ROOT = new URL('../../', import.meta.url).pathname;
const OWNERS = 30;

/** Owners that need no certificates. Here, in a process that runs no TypeScript in threads, they are made one after another. */
function manyMetas(): string {
  const metas = Array.from({ length: OWNERS }, (_, number) => {
    const text = JSON.stringify(metaClusters(100)).replaceAll('meta-0', `meta-${number}`).replaceAll('192.168.0.', `192.168.${number}.`).replaceAll('172.16.', `172.${number}.`);
    return (JSON.parse(text) as object[])[0];
  });
  const fleet = { name: 'f', metaClusters: metas, clusters: [], sealing: { certificate: 'sealing.pem' } };
  return project({ 'clusters/fleet.ts': `export const fleet = ${JSON.stringify(fleet)};`, 'clusters/sealing.pem': testSealing().certificatePem });
}

/** The command line as its own process, which has threads. */
function inThreads(root: string, command: string): { readonly compiled: number; readonly problems: readonly unknown[]; readonly written?: readonly string[] } {
  try {
    return JSON.parse(execFileSync(process.execPath, ['--import', 'tsx', join(ROOT, 'lib/cli/bin.ts'), command, '--json', '--root', root], { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }));
  } catch (cause) {
    return JSON.parse((cause as { stdout: string }).stdout);
  }
}

async function open(root: string): Promise<OpenFleet> {
  const opened = await openFleet(root);
  if (!('fleet' in opened)) throw new Error(JSON.stringify(opened.problems));
  return opened;
}

const treeOf = (root: string): Record<string, string> => {
  const files = readdirSync(join(root, 'dist'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(files.map((entry) => join(entry.parentPath, entry.name)).sort().map((path) => [path.slice(root.length), readFileSync(path, 'utf8')]));
};

test('threads make what one after another makes, and tell it in the same order', async () => {
  const [one, many] = [manyMetas(), manyMetas()];
  const { problems, report } = await buildFleet(await open(one), () => undefined);
  const answer = inThreads(many, 'build');
  expect(answer.compiled).toBe(OWNERS);
  expect(answer.written).toEqual(report?.written);
  expect(answer.problems).toHaveLength(problems.length);
  expect(treeOf(many)).toEqual(treeOf(one));
  expect(readdirSync(join(many, '.kubewright')).sort()).toEqual(['.gitignore', 'findings.txt']);
});

test('threads find what differs, and a build in threads mends it', async () => {
  const root = manyMetas();
  inThreads(root, 'build');
  const tree = treeOf(root);
  const path = Object.keys(tree).find((file) => file.endsWith('namespace-sealed-secrets.yaml')) ?? '';
  writeFileSync(join(root, path), 'edited: true\n');
  cpSync(join(root, '.kubewright'), join(root, 'kept'), { recursive: true });
  writeFileSync(join(root, '.kubewright/findings.txt'), 'torn');
  expect(inThreads(root, 'check')).toMatchObject({ ok: false, compiled: OWNERS, edited: [path.slice('/dist/'.length)], changed: [], missing: [], stale: [] });
  expect(inThreads(root, 'build').written).toEqual([path.slice('/dist/'.length)]);
  expect(treeOf(root)).toEqual(tree);
});

test('an error in one of many keeps all of them from being written', async () => {
  const root = manyMetas();
  const file = join(root, 'clusters/fleet.ts');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"kubernetes":"1.33.13"', '"kubernetes":"1.12.0"'));
  mkdirSync(join(root, 'dist'));
  const answer = inThreads(root, 'build');
  const { problems } = await checkFleet(await open(root), () => undefined);
  expect(problems.length).toBeGreaterThan(0);
  expect(answer.problems).toHaveLength(problems.length);
  expect(readdirSync(join(root, 'dist'))).toEqual([]);
  expect(readdirSync(join(root, '.kubewright'))).toEqual(['.gitignore']);
});
