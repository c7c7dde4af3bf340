import { expect, test } from 'vitest';
import { runChecks } from '../../lib/checks/check.ts';
import type { Flow } from '../../lib/checks/input.ts';
import { judge, policyOf, type PolicyWorld } from '../../lib/checks/selectors/network-policies.ts';
import type { JsonObject } from '../../lib/model/manifest.ts';
import { lines } from './breaking.ts';
import { address, flow, GOOD, GOOD_CONTEXT, partOf, pods } from './good.ts';

const world = (...specs: readonly JsonObject[]): PolicyWorld => ({
  policies: specs.map((spec) => policyOf({ metadata: { namespace: 'cp-a' }, spec })),
  labelsOf: (namespace) => ({ 'kubernetes.io/metadata.name': namespace, team: namespace === 'mon' ? 'sre' : 'dev' }),
  portsNamed: (_, name) => (name === 'web' ? [80] : []),
});

const end = (name: string, namespace = 'cp-a') => ({ labels: { app: name }, namespace, address: null });
const app = (name: string) => ({ matchLabels: { app: name } });
const into = (...rules: readonly JsonObject[]): JsonObject => ({ podSelector: {}, policyTypes: ['Ingress'], ingress: rules });
const web: Flow = flow(end('a'), end('b'), 80);

test.for<{ shows: string; policies: JsonObject[]; flow: Flow; egress?: boolean; ingress: boolean }>([
  { shows: 'no policy', policies: [], flow: web, ingress: true },
  { shows: 'deny', policies: [into()], flow: web, ingress: false },
  { shows: 'deny for others', policies: [{ ...into(), podSelector: app('c') }], flow: web, ingress: true },
  { shows: 'rules add up', policies: [into(), into({})], flow: web, ingress: true },
  { shows: 'an empty rule', policies: [into({})], flow: web, ingress: true },
  { shows: 'a peer', policies: [into({ from: [{ podSelector: app('a') }] })], flow: web, ingress: true },
  { shows: 'another peer', policies: [into({ from: [{ podSelector: app('z') }] })], flow: web, ingress: false },
  { shows: 'a peer of another namespace without namespaceSelector', policies: [into({ from: [{ podSelector: {} }] })], flow: flow(end('a', 'mon'), end('b'), 80), ingress: false },
  { shows: 'a peer of another namespace by its label', policies: [into({ from: [{ namespaceSelector: { matchLabels: { team: 'sre' } } }] })], flow: flow(end('a', 'mon'), end('b'), 80), ingress: true },
  { shows: 'both selectors must hold', policies: [into({ from: [{ namespaceSelector: {}, podSelector: app('z') }] })], flow: web, ingress: false },
  { shows: 'a port', policies: [into({ ports: [{ port: 80, protocol: 'TCP' }] })], flow: web, ingress: true },
  { shows: 'another protocol', policies: [into({ ports: [{ port: 80, protocol: 'UDP' }] })], flow: web, ingress: false },
  { shows: 'a named port', policies: [into({ ports: [{ port: 'web' }] })], flow: web, ingress: true },
  { shows: 'a range', policies: [into({ ports: [{ port: 70, endPort: 90 }] })], flow: web, ingress: true },
  { shows: 'beside a range', policies: [into({ ports: [{ port: 81, endPort: 90 }] })], flow: web, ingress: false },
  { shows: 'any port of a protocol', policies: [into({ ports: [{ protocol: 'TCP' }] })], flow: web, ingress: true },
  { shows: 'an address in a block', policies: [into({ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] })], flow: flow(address('10.1.1.1'), end('b'), 80), ingress: true },
  { shows: 'an address in the exception', policies: [into({ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }] })], flow: flow(address('10.1.1.1'), end('b'), 80), ingress: false },
  { shows: 'an IPv6 address', policies: [into({ from: [{ ipBlock: { cidr: 'fd00::/8' } }] })], flow: flow(address('fd00::1'), end('b'), 80), ingress: true },
  { shows: 'Pods of no known address are in no block', policies: [into({ from: [{ ipBlock: { cidr: '0.0.0.0/0' } }] })], flow: web, ingress: false },
  { shows: 'types by default: egress rules make egress', policies: [{ podSelector: {}, egress: [{ to: [{ podSelector: app('b') }] }] }], flow: web, egress: true, ingress: false },
  { shows: 'egress only', policies: [{ podSelector: {}, policyTypes: ['Egress'] }], flow: web, egress: false, ingress: true },
])('$shows', ({ policies, flow: asked, egress = true, ingress }) => {
  expect(judge(world(...policies), asked)).toEqual({ egress, ingress });
});

test('a connection that must work names the side that blocks it', () => {
  const flows = [flow(pods('etcd-backup'), pods('etcd'), 2379), flow(pods('kube-apiserver'), pods('etcd'), 2381)];
  expect(lines(runChecks('a', [partOf(Object.values(GOOD))], { ...GOOD_CONTEXT, flows }))).toEqual([
    'policy/flow-blocked: the connection from Pods app.kubernetes.io/name=etcd-backup in cp-a to Pods app.kubernetes.io/name=etcd in cp-a, TCP 2379, must work, but no egress rule at its source and no ingress rule at its destination allows it.',
    'policy/flow-blocked: the connection from Pods app.kubernetes.io/name=kube-apiserver in cp-a to Pods app.kubernetes.io/name=etcd in cp-a, TCP 2381, must work, but no egress rule at its source and no ingress rule at its destination allows it.',
  ]);
});

test('a connection that must not work is told when it does', () => {
  const denied = [flow(pods('kube-apiserver'), pods('etcd'), 2379)];
  const [problem, ...rest] = runChecks('a', [partOf(Object.values(GOOD))], { ...GOOD_CONTEXT, denied });
  expect(problem).toMatchObject({ code: 'policy/flow-open', at: { of: 'a', path: 'network' } });
  expect(rest).toEqual([]);
});
