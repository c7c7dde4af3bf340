import { expect, test } from 'vitest';
import { runChecks } from '../../lib/checks/check.ts';
import type { Manifest } from '../../lib/model/manifest.ts';
import { MINORS } from '../../lib/versions/minor.ts';
import { changed, GOOD, GOOD_CONTEXT, partOf } from './good.ts';

test.for(MINORS)('every check approves of a good control plane for %s', (target) => {
  const part = { ...partOf(Object.values(GOOD)), target };
  expect(runChecks('a', [part], GOOD_CONTEXT)).toEqual([]);
});

test('members of an etcd that sleeps are still selected by their names', () => {
  const asleep = changed<Manifest>(GOOD.etcd, 'spec.replicas', 0);
  const manifests = Object.values(GOOD).map((manifest): Manifest => (manifest === GOOD.etcd ? asleep : manifest));
  expect(runChecks('a', [partOf(manifests)], GOOD_CONTEXT)).toEqual([]);
});
