import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildFleet, checkFleet } from '../../lib/build/run.ts';
import { opened } from '../support/fleets.ts';
import { writeFiles } from '../support/folders.ts';
import { built, fleetOfMetas, redefine, treeOf } from './metas.ts';

test('two meta clusters of one name are told, whether or not one of them was built before', async () => {
  const root = fleetOfMetas(0);
  const told = async (): Promise<readonly string[]> => {
    const [build, check] = [await buildFleet(await opened(root), () => undefined), await checkFleet(await opened(root), () => undefined)];
    expect(check.problems).toEqual(build.problems);
    expect([build.report, check.report]).toEqual([null, null]);
    return build.problems.map(({ code, at }) => `${code} ${at.of}`);
  };
  redefine(root, [0, 0]);
  expect(await told()).toContain('fleet/duplicate-name metaClusters[1]');
  redefine(root, [0]);
  await built(root);
  redefine(root, [0, 0]);
  expect(await told()).toContain('fleet/duplicate-name metaClusters[1]');
});

test('what nobody can be called by is no index: it is told and left alone', async () => {
  const root = fleetOfMetas(1);
  const strays = ['records/.#meta-0.files.txt', 'records/Meta-0.files.txt'];
  writeFiles(join(root, 'dist'), Object.fromEntries(strays.map((path) => [path, 'mine'])));
  const { report } = await built(root);
  expect(report.foreign).toEqual(strays);
  expect(treeOf(root)).toMatchObject(Object.fromEntries(strays.map((path) => [`/dist/${path}`, 'mine'])));
  expect(existsSync(join(root, '.kubewright/lock'))).toBe(false);
});
