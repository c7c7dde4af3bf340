import { expect, test } from 'vitest';
import { renderAddon } from '../../lib/addons/render.ts';
import type { AddonSource } from '../../lib/model/definition.ts';

type Chart = Extract<AddonSource, { type: 'chart' }>;

const CHART: Chart = { type: 'chart', chart: 'charts/web.tgz', digest: 'sha256:a', found: 'sha256:a', lookups: [], output: 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n' };
const faultsOf = (change: Partial<Chart>) => renderAddon({ name: 'web', source: { ...CHART, ...change } }).faults;

test('a chart that was rendered is its objects', () => {
  expect(renderAddon({ name: 'web', source: CHART })).toEqual({ manifests: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }], faults: [] });
});

test.for([
  { code: 'addons/helm-digest', change: { found: 'sha256:b' }, what: 'The chart charts/web.tgz is sha256:b, and the definition says sha256:a.' },
  { code: 'addons/helm-digest', change: { digest: '' }, what: 'The chart charts/web.tgz is sha256:a, and no digest is given.' },
  { code: 'addons/helm-lookup', change: { lookups: ['templates/a.yaml'] }, what: 'The chart charts/web.tgz looks up objects in a cluster, in templates/a.yaml.' },
  { code: 'addons/helm-missing', change: { fault: { code: 'missing', said: '' } }, what: 'There is no program helm on this machine to render the chart charts/web.tgz.' },
  { code: 'addons/helm-failed', change: { fault: { code: 'failed', said: 'no host' } }, what: 'helm cannot render the chart charts/web.tgz: no host.' },
  { code: 'addons/helm-failed', change: { output: 'a: [' }, what: expect.stringContaining('helm cannot render the chart charts/web.tgz: ') as string },
  // What changes each time is often a password.
  { code: 'addons/helm-unstable', change: { fault: { code: 'unstable', said: 'password: hunter2' } }, what: 'The chart charts/web.tgz renders something else each time: "password: …".' },
  { code: 'addons/helm-hook', change: { hooks: ['Job a (pre-install)'] }, what: 'The chart charts/web.tgz has hooks, which are left out: Job a (pre-install).' },
] as const)('$code', ({ code, change, what }) => {
  expect(faultsOf(change as Partial<Chart>)).toMatchObject([{ code, what }]);
  expect(faultsOf(change as Partial<Chart>)[0]?.severity).toBe(code === 'addons/helm-hook' ? 'warning' : undefined);
});
