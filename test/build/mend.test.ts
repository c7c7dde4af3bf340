import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { bootstrapSteps } from '../../lib/build/bootstrap.ts';
import { checkFleet } from '../../lib/build/run.ts';
import type { CheckReport } from '../../lib/emit/write.ts';
import { opened } from '../support/fleets.ts';
import { built, fleetOfMetas, treeOf } from './metas.ts';

const EDITED = 'meta-0/platform/namespace-sealed-secrets.yaml';
const DELETED = 'meta-1/platform/namespace-sealed-secrets.yaml';

let root = '';
let tree: Readonly<Record<string, string>> = {};

/** A fleet of which no definition changes any more, and whose files somebody then changes. */
beforeEach(async () => {
  root = fleetOfMetas(3);
  await built(root);
  tree = treeOf(root);
  appendFileSync(join(root, 'dist', EDITED), '# by hand\n');
  rmSync(join(root, 'dist', DELETED));
});

const checked = async (): Promise<CheckReport | null> => (await checkFleet(await opened(root), () => undefined)).report;

test('the build after a check mends what was edited and deleted, and compiles nobody else', async () => {
  expect((await built(root)).compiled).toBe(0);
  expect(await checked()).toMatchObject({ edited: [EDITED], missing: [DELETED], changed: [], stale: [] });
  expect(await built(root)).toMatchObject({ compiled: 2, report: { written: [EDITED, DELETED], removed: [] } });
  expect(treeOf(root)).toEqual(tree);
  expect(await checked()).toMatchObject({ edited: [], missing: [], changed: [], stale: [] });
  expect((await built(root)).compiled).toBe(0);
});

test('a build that bootstrap asks for mends what it found', async () => {
  const codes = async (): Promise<readonly string[]> => {
    const steps = bootstrapSteps(await opened(root), 'meta-0', null);
    return steps.ok ? [] : steps.problems.map(({ code, at }) => `${code} ${at.of}`);
  };
  expect(await codes()).toEqual([`bootstrap/edited dist/${EDITED}`]);
  expect(await built(root)).toMatchObject({ compiled: 1, report: { written: [EDITED] } });
  expect(await codes()).toEqual([]);
});
