import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { namespacedObjects } from '../../charts/tenant/namespaces.ts';
import { runChecks } from '../../lib/checks/check.ts';
import { EMPTY_CONTEXT } from '../../lib/checks/input.ts';
import { isolationOf, providedInTenant } from '../../lib/checks/tenant.ts';
import type { Manifest } from '../../lib/model/manifest.ts';
import type { ResolvedCluster } from '../../lib/model/resolved.ts';

const RECORD = new URL('../../dist/records/search-prod.json', import.meta.url);

/** Two isolated namespaces, as they are committed. */
const cluster = (JSON.parse(readFileSync(RECORD, 'utf8')) as { readonly resolved: ResolvedCluster }).resolved;

const isPolicy = ({ kind }: Manifest): boolean => kind === 'NetworkPolicy';

/** What is told of the namespaces when each of their manifests is replaced by these. */
function problemsWith(replace: (manifest: Manifest) => readonly Manifest[]): string[] {
  const manifests = (namespacedObjects(cluster) as Manifest[]).flatMap(replace);
  const part = { folder: 'tenant/namespaces', namespace: null, api: cluster.name, target: cluster.minor };
  const context = { ...EMPTY_CONTEXT, ...isolationOf(cluster), provided: providedInTenant(cluster) };
  const placed = manifests.map((manifest) => ({ manifest, source: 'namespaces', stage: 'namespaces' }));
  return runChecks(cluster.name, [{ ...part, manifests: placed }], context).map(({ code, what }) => `${code}: ${what}`);
}

const changed = (change: object) => (manifest: Manifest): Manifest[] =>
  [isPolicy(manifest) ? { ...manifest, spec: { ...(manifest['spec'] as object), ...change } } as Manifest : manifest];

test('isolated Pods reach each other and DNS, and nobody else does', () => {
  expect(cluster.namespaces.map(({ name, isolated }) => `${name} ${isolated}`)).toEqual(['index true', 'crawlers true']);
  expect(problemsWith((manifest) => [manifest])).toEqual([]);
});

test('without its policy a namespace is open both ways', () => {
  const problems = problemsWith((manifest) => (isPolicy(manifest) ? [] : [manifest]));
  expect(problems).toHaveLength(6);
  expect(problems.every((problem) => problem.startsWith('policy/flow-open'))).toBe(true);
});

test.for([
  { shows: 'from everywhere', change: { ingress: [{}] }, says: 'policy/flow-open', times: 2 },
  { shows: 'to everywhere', change: { egress: [{}] }, says: 'policy/flow-open', times: 4 },
  { shows: 'without DNS', change: { egress: [{ to: [{ podSelector: {} }] }] }, says: 'policy/flow-blocked', times: 4 },
  { shows: 'not among themselves', change: { ingress: [{ from: [{ podSelector: { matchLabels: { app: 'a' } } }] }] }, says: 'policy/flow-blocked', times: 2 },
])('$shows: told', ({ change, says, times }) => {
  const problems = problemsWith(changed(change));
  expect(problems.filter((problem) => problem.startsWith(says))).toHaveLength(times);
});
