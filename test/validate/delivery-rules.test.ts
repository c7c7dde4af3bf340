import { expect, test } from 'vitest';
import type { Delivery } from '../../lib/model/definition.ts';
import { deliveryRules } from '../../lib/validate/rules/fleet/delivery-rules.ts';
import { validateCluster } from '../../lib/validate/validate.ts';
import { cluster, meta } from './definitions.ts';

const GOOD: Delivery = { tool: 'argocd', repository: 'https://git.example.com/platform/clusters.git', branch: 'main' };
const told = (change: Partial<Delivery>): string[] => deliveryRules({ delivery: { ...GOOD, ...change } }).map(({ code, at }) => `${code} ${at.path}`);

test.for<Partial<Delivery>>([
  {}, { path: '.' }, { path: 'platform/dist' }, { argocd: { namespace: 'gitops' } }, { tool: 'both', flux: {} },
  { repository: 'ssh://git@git.example.com/platform/clusters.git' }, { branch: 'release/2026.11' }, { branch: 'a' },
])('nothing is said of %j', (change) => {
  expect(told(change)).toEqual([]);
});

test.for<{ change: Partial<Delivery>; code: string; path: string }>([
  { change: { repository: 'git@git.example.com:platform/clusters.git' }, code: 'delivery/repository', path: 'delivery.repository' },
  { change: { repository: 'https://git.example.com' }, code: 'delivery/repository', path: 'delivery.repository' },
  { change: { repository: 'https://token@git.example.com/clusters.git' }, code: 'delivery/repository', path: 'delivery.repository' },
  { change: { repository: 'ssh://git:hunter2@git.example.com/clusters.git' }, code: 'delivery/repository', path: 'delivery.repository' },
  { change: { repository: 'git://git.example.com/clusters.git', tool: 'flux' }, code: 'delivery/repository', path: 'delivery.repository' },
  { change: { repository: 'git://git.example.com/clusters.git' }, code: 'delivery/not-encrypted', path: 'delivery.repository' },
  { change: { repository: 'http://git.example.com/clusters.git' }, code: 'delivery/not-encrypted', path: 'delivery.repository' },
  ...['', 'refs/heads/main', 'a..b', 'a b', 'main/', 'x.lock', '-x', 'a/.b'].map((branch) => ({ change: { branch }, code: 'delivery/branch', path: 'delivery.branch' })),
  ...['/dist', 'a/../b', 'a b'].map((path) => ({ change: { path }, code: 'delivery/path', path: 'delivery.path' })),
  { change: { flux: { namespace: 'flux' } }, code: 'delivery/without-effect', path: 'delivery.flux' },
])('$change: $code', ({ change, code, path }) => {
  expect(told(change)).toEqual([`${code} ${path}`]);
});

test('a password is not repeated', () => {
  const [problem] = deliveryRules({ delivery: { ...GOOD, repository: 'https://bot:hunter2@git.example.com/clusters.git' } });
  expect(problem?.code).toBe('delivery/repository');
  expect(JSON.stringify(problem)).not.toContain('hunter2');
});

test('a cluster of a fleet without delivery has nothing to suspend', () => {
  const codes = (delivery: Delivery | undefined): string[] => validateCluster(cluster({ delivery: { suspended: 'a restore' } }), { meta: meta(), delivery }).map(({ code }) => code);
  expect(codes(undefined)).toEqual(['delivery/without-effect']);
  expect(codes(GOOD)).toEqual([]);
});
