import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildFleet, checkFleet, isClean } from '../../lib/build/run.ts';
import { fleetAround, issueLocks, opened, writeDefinitions } from '../support/fleets.ts';
import { filesBelow, temporaryFolder } from '../support/folders.ts';

const CLUSTER = readFileSync(new URL('../cases/minors/1.35-minimal/cluster.ts', import.meta.url), 'utf8');
const WITH = fleetAround('cluster.ts');
const WITHOUT = WITH.replace("import { cluster } from './cluster.ts';\n", '').replace('[cluster]', '[]');
const RECORD = 'dist/records/prod.json';

const quiet = (): void => undefined;
const treeOf = (root: string): Record<string, string> => Object.fromEntries(filesBelow(join(root, 'dist')).map((path) => [path, readFileSync(join(root, 'dist', path), 'utf8')]));

async function build(root: string): Promise<readonly string[]> {
  return (await buildFleet(await opened(root), quiet)).problems.map(({ code }) => code);
}

async function check(root: string): Promise<{ readonly codes: readonly string[]; readonly clean: boolean }> {
  const { problems, report } = await checkFleet(await opened(root), quiet);
  return { codes: problems.map(({ code }) => code), clean: report !== null && isClean(report) };
}

const write = (root: string, fleet: string, state: string | null = null): void => writeDefinitions(root, {
  'fleet.ts': fleet, 'cluster.ts': state === null ? CLUSTER : CLUSTER.replace("mode: 'minimal',", `mode: 'minimal',\n  state: '${state}',`).replace('etcd: {', "etcd: { withoutFinalSnapshot: 'it never held anything',"),
});

test('a cluster goes in two steps, and nothing else takes it away', { timeout: 120_000 }, async () => {
  const root = temporaryFolder();
  write(root, WITH);
  await issueLocks(await opened(root));
  expect(await build(root)).toEqual([]);
  const running = treeOf(root);

  write(root, WITHOUT);
  expect(await check(root)).toEqual({ codes: ['transition/cluster-gone'], clean: false });
  for (const _ of ['once', 'and again']) expect(await build(root)).toEqual(['transition/cluster-gone']);
  expect(treeOf(root), 'dist/ after a refusal').toEqual(running);

  write(root, WITH, 'decommissioning');
  expect(await build(root)).toEqual([]);
  expect(await check(root), 'from what the build has kept').toEqual({ codes: [], clean: true });
  write(root, WITH);
  expect(await build(root), 'it may stay after all').toEqual([]);
  expect(treeOf(root)).toEqual(running);

  write(root, WITH, 'decommissioning');
  expect(await build(root)).toEqual([]);
  write(root, WITHOUT);
  expect(await build(root)).toEqual([]);
  expect(filesBelow(join(root, 'dist')).filter((path) => path.includes('prod'))).toEqual([]);
});

test('what was never applied is let go by hand', { timeout: 120_000 }, async () => {
  const root = temporaryFolder();
  write(root, WITH);
  await issueLocks(await opened(root));
  await build(root);
  const file = join(root, 'clusters/cluster.ts');
  writeFileSync(file, CLUSTER.replace('10.64.0.0/14', '10.68.0.0/14'));
  expect(await build(root)).toEqual(['transition/immutable']);
  expect((await check(root)).codes).toEqual(['transition/immutable']);
  rmSync(join(root, RECORD));
  expect(await build(root)).toEqual([]);
  write(root, WITHOUT);
  rmSync(join(root, RECORD));
  expect(await build(root)).toEqual([]);
  expect(filesBelow(join(root, 'dist')).filter((path) => path.includes('prod'))).toEqual([]);
});
