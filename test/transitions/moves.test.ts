import { describe, expect, test } from 'vitest';
import { RECORD_VERSION } from '../../lib/model/record.ts';
import type { ResolvedMetaCluster } from '../../lib/model/resolved-meta.ts';
import type { ResolvedCluster } from '../../lib/model/resolved.ts';
import type { Problem } from '../../lib/problem.ts';
import { judgeClusterMove, judgeGone, judgeMetaMove } from '../../lib/transitions/judge.ts';

/** As much of a cluster as the rules ask for. */
const CLUSTER = {
  name: 'prod',
  namespace: 'cp-prod',
  meta: { name: 'meta' },
  mode: 'standard',
  state: 'running',
  minor: '1.34',
  endpoint: { host: 'api.example.com', port: 6443, expose: { type: 'loadBalancer', class: null } },
  certificates: { apiserverHosts: { dnsNames: ['localhost', 'api.example.com'] } },
  network: { pods: ['10.64.0.0/14'], services: ['10.32.0.0/16'], dnsDomain: 'cluster.local', nodeMasks: [24] },
  datastore: { external: false, prefix: '/registry' },
  etcd: {
    version: '3.5.35',
    minor: '3.5',
    members: [{ generation: 0 }, { generation: 0 }, { generation: 0 }],
    storage: { type: 'local', path: '/srv/etcd', size: '16Gi', hosts: ['a', 'b', 'c'] },
    backup: null,
    events: null,
  },
  components: { apiserver: { replicas: 3, autoscale: null } },
  encryption: { provider: 'secretbox', resources: ['secrets', 'deployments.apps'] },
  storageClasses: [{ name: 'ssd', provisioner: 'disk', parameters: {}, reclaimPolicy: 'Delete', bindingMode: 'Immediate', expandable: false, default: false }],
};

const record = (resolved: object): string => JSON.stringify({ version: RECORD_VERSION, resolved });

const problemsOf = (before: object, after: object): readonly Problem[] => judgeClusterMove(record(before), after as unknown as ResolvedCluster, 'prod');

const codesOf = (before: object, after: object): string[] => problemsOf(before, after).map(({ code, at }) => `${code} ${at.path}`);

const { etcd } = CLUSTER;
const claims = (requestedSize: string) => ({ ...CLUSTER, etcd: { ...etcd, storage: { type: 'claimTemplate', storageClass: null, size: '16Gi', requestedSize } } });

describe('what a cluster may become', () => {
  test.for([
    ['itself', CLUSTER],
    ['one minor newer', { ...CLUSTER, minor: '1.35' }],
    ['one with a newer etcd', { ...CLUSTER, etcd: { ...etcd, minor: '3.6' } }],
    ['one whose member was replaced on another host', { ...CLUSTER, etcd: { ...etcd, members: [{ generation: 0 }, { generation: 0 }, { generation: 1 }], storage: { ...etcd.storage, hosts: ['a', 'b', 'd'] } } }],
    ['one with events of their own', { ...CLUSTER, etcd: { ...etcd, events: { members: [{ generation: 0 }], storage: { type: 'emptyDir' } } } }],
    ['one with another default class that grows', { ...CLUSTER, storageClasses: [{ ...CLUSTER.storageClasses[0], expandable: true, default: true }] }],
    ['one without the class', { ...CLUSTER, storageClasses: [] }],
    ['one that is about to go', { ...CLUSTER, state: 'decommissioning' }],
  ] as const)('%s', ([, after]) => {
    expect(codesOf(CLUSTER, after)).toEqual([]);
  });

  test('one whose claims have grown', () => {
    expect(codesOf(claims('16Gi'), claims('32Gi'))).toEqual([]);
    expect(codesOf(claims('32Gi'), claims('16Gi'))).toEqual(['transition/shrink etcd.storage.claimTemplate.requestedSize']);
  });

  test('one that was about to go, and stays', () => {
    expect(codesOf({ ...CLUSTER, state: 'decommissioning' }, CLUSTER)).toEqual([]);
  });
});

test('Kubernetes and etcd take their steps one after the other', () => {
  const both = { ...CLUSTER, minor: '1.35', etcd: { ...etcd, version: '3.6.16', minor: '3.6' } };
  const [problem, ...others] = problemsOf(CLUSTER, both);
  expect(others).toEqual([]);
  expect(problem).toMatchObject({ code: 'transition/two-steps', at: { path: 'etcd.version' } });
  expect(problem?.fix).toContain("etcd: { version: '3.5.35' }");
  expect(codesOf({ ...CLUSTER, minor: '1.33' }, { ...CLUSTER, minor: '1.34', etcd: { ...etcd, version: '3.5.36' } })).toEqual([]);
});

const dialled = (change: object, ...dnsNames: readonly string[]) => ({ ...CLUSTER, endpoint: { ...CLUSTER.endpoint, ...change }, certificates: { apiserverHosts: { dnsNames } } });
const GATEWAY = { expose: { type: 'gateway' } };
const gateway = (inCluster: object) => ({ expose: { type: 'gateway', inCluster } });
const nodePort = (port: number, expose = port) => ({ port, expose: { type: 'nodePort', nodePort: expose } });

describe('where machines dial the API server', () => {
  test.for([
    ['by a new name beside the former one', dialled({}), dialled({ host: 'new.example.com' }, 'new.example.com', 'api.example.com'), []],
    ['by a new name beside all of the domain', dialled({}), dialled({ host: 'api.example.org' }, 'api.example.org', '*.example.com'), []],
    ['by a new name alone', dialled({}), dialled({ host: 'new.example.com' }, 'new.example.com', '*.com'), ['transition/immutable endpoint.host']],
    ['by a new name behind a gateway', dialled(GATEWAY), dialled({ ...GATEWAY, host: 'new.example.com' }, 'new.example.com', 'api.example.com'), ['transition/immutable endpoint.host']],
    ['by another name for Pods', dialled(gateway({ host: 'a' })), dialled(gateway({ host: 'b' })), ['transition/immutable endpoint.expose.inCluster.host']],
    ['by Pods at another address', dialled(gateway({ address: '192.0.2.1' })), dialled(gateway({ address: '192.0.2.2' })), ['transition/immutable endpoint.expose.inCluster.address']],
    ['by a new name behind a gateway, from which that for Pods follows', dialled(gateway({ host: 'kubernetes.api.example.com' })), dialled({ ...gateway({ host: 'kubernetes.new.example.com' }), host: 'new.example.com' }, 'new.example.com'), ['transition/immutable endpoint.host']],
    ['by a gateway in place of a balancer', dialled({}), dialled(gateway({ host: 'a' })), ['transition/immutable endpoint.expose.type']],
    ['by a gateway no more', dialled(gateway({ host: 'a' })), dialled({}), ['transition/immutable endpoint.expose.type']],
    ['by a gateway in place of the Pods themselves', dialled({ expose: { type: 'dnsRoundRobin' } }), dialled(GATEWAY), ['transition/immutable endpoint.expose.type']],
    ['by Pods, where an earlier compiler had no way for them', dialled(GATEWAY), dialled(gateway({ host: 'a', address: '192.0.2.1' })), []],
    ['at another port', dialled({}), dialled({ port: 443 }), ['transition/immutable endpoint.port']],
    ['at another port while it sleeps', { ...dialled({}), state: 'hibernated' }, { ...dialled({ port: 443 }), state: 'hibernated' }, ['transition/immutable endpoint.port']],
    ['at another node port', dialled(nodePort(30443)), dialled(nodePort(30444)), ['transition/immutable endpoint.expose.nodePort']],
    ['at the same port, whose balancer leads to another node port', dialled(nodePort(6443, 30443)), dialled(nodePort(6443, 30444)), []],
    ['at a node port in place of another port', dialled({}), dialled(nodePort(30443)), ['transition/immutable endpoint.port']],
    ['at the same port, by node ports', dialled({}), dialled(nodePort(6443, 30443)), []],
    ['by a balancer of another class', dialled({}), dialled({ expose: { type: 'loadBalancer', class: 'inside' } }), ['transition/immutable endpoint.expose.class']],
    ['at the Pods themselves', dialled({}), dialled({ expose: { type: 'dnsRoundRobin' } }), ['transition/immutable endpoint.expose.type']],
    ['at the Pods no more', dialled({ expose: { type: 'dnsRoundRobin' } }), dialled({}), ['transition/immutable endpoint.expose.type']],
  ] as const)('%s', ([, before, after, codes]) => {
    expect(codesOf(before, after)).toEqual(codes);
  });

  test('the way to another name is told', () => {
    expect(problemsOf(dialled({}), dialled({ host: 'new.example.com' }))[0]?.fix).toContain("add 'api.example.com' to certificates.extraHosts");
  });
});

/** Everything at one version, and what is pinned. */
const releases = (minor: string, pins: Readonly<Record<string, string>> = {}, state = 'running') => {
  const component = (name: string) => ({ version: `${pins[name] ?? minor}.4`, minor: pins[name] ?? minor });
  return { ...CLUSTER, state, minor, components: { apiserver: component('apiserver'), controllerManager: component('controllerManager'), scheduler: component('scheduler') } };
};
const ALL_OLDER = { apiserver: '1.34', controllerManager: '1.34', scheduler: '1.34' };
const BEHIND = { controllerManager: '1.34' };

describe('components with a version of their own', () => {
  test.for([
    ['all of them follow', releases('1.34'), releases('1.35'), []],
    ['the cluster comes before its API servers', releases('1.34'), releases('1.35', ALL_OLDER), []],
    ['API servers follow', releases('1.35', ALL_OLDER), releases('1.35'), []],
    ['API servers go ahead', releases('1.34'), releases('1.34', { apiserver: '1.35' }), []],
    ['API servers go back when their pin goes', releases('1.34', { apiserver: '1.35' }), releases('1.34'), ['transition/downgrade components.apiserver.version']],
    ['API servers skip a minor when their pin goes', releases('1.35', ALL_OLDER), releases('1.36'), ['transition/minor-skipped components.apiserver.version']],
    ['all of them skip one', releases('1.34'), releases('1.36'), ['transition/minor-skipped kubernetes']],
    ['API servers follow asleep', releases('1.35', ALL_OLDER), releases('1.35', {}, 'hibernated'), ['transition/asleep components.apiserver.version']],
    ['API servers and etcd follow at once', releases('1.35', ALL_OLDER), { ...releases('1.35'), etcd: { ...etcd, minor: '3.6' } }, ['transition/two-steps etcd.version']],
    ['one that stayed behind follows', releases('1.35', BEHIND), releases('1.35'), []],
    ['one stays behind', releases('1.35'), releases('1.35', BEHIND), []],
    ['one that stayed behind skips a minor', releases('1.35', BEHIND), releases('1.36'), ['version/skew components.controllerManager.version']],
    ['one that stayed behind is still behind', releases('1.35', BEHIND), releases('1.36', { controllerManager: '1.35' }), ['version/skew components.controllerManager.version']],
    ['one that stayed behind skips a minor when all wake', releases('1.35', BEHIND, 'hibernated'), releases('1.36'), []],
  ] as const)('%s', ([, before, after, codes]) => {
    expect(codesOf(before, after)).toEqual(codes);
  });
});

describe('who says how many API servers there are', () => {
  const SCALED = { min: 3, max: 9 };
  const replicas = (count: number, autoscale: object | null = null) => ({ ...CLUSTER, components: { apiserver: { replicas: count, autoscale } } });
  test.for([
    ['an autoscaler, all of a sudden', replicas(3), replicas(3, SCALED), ['transition/autoscale components.apiserver.autoscale']],
    ['an autoscaler, after somebody else has held the number', replicas(3), replicas(3, { ...SCALED, handover: 'ann' }), []],
    ['an autoscaler, with other bounds and nobody named any more', replicas(3, { ...SCALED, handover: 'ann' }), replicas(3, { min: 4, max: 5 }), []],
    ['an autoscaler no more', replicas(3, SCALED), replicas(3), []],
    ['an autoscaler beside the one that there is', replicas(1), replicas(1, SCALED), []],
    ['an autoscaler when it wakes', replicas(0), replicas(3, SCALED), []],
  ] as const)('%s', ([, before, after, codes]) => {
    expect(codesOf(before, after)).toEqual(codes);
  });
});

test('fewer members than before are too few', () => {
  expect(codesOf(CLUSTER, { ...CLUSTER, mode: 'minimal', etcd: { ...etcd, members: [{ generation: 0 }] } })).toEqual(['transition/etcd-members mode']);
});

test('a host is not left without a replacement, and an older etcd does not come back', () => {
  const after = { ...CLUSTER, etcd: { ...etcd, storage: { ...etcd.storage, hosts: ['a', 'd', 'c'] } } };
  expect(codesOf(CLUSTER, after)).toEqual(['transition/immutable etcd.storage.local.hosts[1]']);
  expect(codesOf({ ...CLUSTER, etcd: { ...etcd, minor: '3.6' } }, CLUSTER)).toEqual(['transition/downgrade etcd.version']);
});

describe('what is encrypted', () => {
  const [NONE, REFUSED] = [{ provider: 'none' }, 'transition/encryption encryption.resources'];
  const box = (resources: readonly string[], readable: readonly string[] = []) => ({ provider: 'secretbox', resources, readable });
  const kms = (resources: readonly string[], readable: readonly string[] = []) => ({ ...box(resources, readable), provider: 'kms', kms: { name: 'one' } });
  const of = (encryption: object, replicas: number, max?: number) => ({ ...CLUSTER, encryption, components: { apiserver: { replicas, autoscale: max === undefined ? null : { max } } } });
  const moved = (before: object, after: object, replicas: number, max?: number): string[] => codesOf(of(before, replicas, max), of(after, replicas, max));

  test.for([
    ['something, at once', NONE, box(['secrets']), [REFUSED]],
    ['something that is to be readable', NONE, box([], ['secrets']), []],
    ['what was readable', box([], ['secrets']), box(['secrets']), []],
    ['what was readable by its group', box([], ['*.']), box(['secrets']), []],
    ['nothing of what was readable', box([], ['secrets']), NONE, []],
    ['more, at once', box(['secrets']), box(['*.']), [REFUSED]],
    ['more that is to be readable', box(['secrets']), box(['secrets'], ['*.', '*.apps']), []],
    ['more that was readable', box(['secrets'], ['*.', '*.apps']), box(['*.', '*.apps']), []],
    ['another thing than what was readable', box(['secrets'], ['configmaps']), box(['secrets', 'events']), [REFUSED]],
    ['less', box(['secrets', 'configmaps']), box(['secrets'], ['configmaps']), [REFUSED]],
    ['nothing', box(['secrets']), NONE, ['transition/encryption encryption.provider']],
    ['what was readable by another provider', box([], ['secrets']), { ...box(['secrets']), provider: 'aescbc' }, [REFUSED]],
    ['by another provider', box(['secrets']), { ...box(['secrets']), provider: 'aescbc' }, ['transition/encryption encryption.provider']],
    ['more, by a plugin', kms(['secrets']), kms(['secrets', 'configmaps']), [REFUSED]],
  ] as const)('%s', ([, before, after, codes]) => {
    expect(moved(before, after, 3)).toEqual(codes);
  });

  test('one API server alone, and none, learn of it at once', () => {
    expect(moved(NONE, box(['secrets']), 1)).toEqual([]);
    expect(moved(box(['secrets']), box(['*.']), 1)).toEqual([]);
    expect(moved(NONE, box(['secrets']), 1, 3)).toEqual([REFUSED]);
    expect(codesOf(of(kms(['secrets']), 3), of(kms(['secrets', 'configmaps']), 0))).toEqual([]);
    expect(codesOf(of(NONE, 0), of(box(['secrets']), 3))).toEqual([]);
  });

  test('both commits are told, or sleep where a plugin can stand only once', () => {
    const fixOf = (before: object, after: object): string | undefined => problemsOf(of(before, 3), of(after, 3))[0]?.fix;
    expect(fixOf(NONE, box(['secrets']))).toContain("{ provider: 'secretbox', readable: ['secrets'] } in this commit");
    expect(fixOf(box(['secrets']), box(['secrets', 'configmaps']))).toContain("{ provider: 'secretbox', resources: ['secrets'], readable: ['configmaps'] } in this commit");
    expect(fixOf(kms(['secrets']), kms(['secrets', 'configmaps']))).toContain("state: 'hibernated' in this commit");
  });
});

test('a KMS plugin keeps its name', () => {
  const kms = (name: string) => ({ ...CLUSTER, encryption: { provider: 'kms', resources: ['secrets'], kms: { name } } });
  expect(codesOf(kms('one'), kms('two'))).toEqual(['transition/encryption encryption.kms.name']);
});

test('who opens secrets goes on opening them', () => {
  const opened = (decryption: string | null) => ({ ...CLUSTER, delivery: { flux: { namespace: 'flux-system', credentials: null, decryption } } });
  expect(codesOf(CLUSTER, opened('sops-age'))).toEqual(['transition/sealing sealing']);
  expect(codesOf(opened('sops-age'), opened(null))).toEqual(['transition/sealing sealing']);
  expect(codesOf(opened('sops-age'), opened('another-name'))).toEqual([]);
  expect(codesOf(CLUSTER, opened(null))).toEqual([]);
});

test('what an earlier compiler did not write down is not judged', () => {
  expect(codesOf({ name: 'prod', namespace: 'cp-prod' }, CLUSTER)).toEqual([]);
});

/** As much of a meta cluster as the rules ask for. */
const META = {
  name: 'meta',
  minor: '1.34',
  endpoint: { host: 'meta.example.com', port: 6443, address: '10.20.0.5', machinePort: 6443 },
  network: { pods: ['10.40.0.0/14'], services: ['10.48.0.0/16'], dnsDomain: 'cluster.local', machines: ['10.20.0.0/16'] },
  platform: { storageClasses: [] },
};

describe('a meta cluster', () => {
  test.for([
    ['may be another minor', { minor: '1.35' }, []],
    ['may get another address behind its name', { endpoint: { ...META.endpoint, address: '10.20.0.6' } }, []],
    ['may get more machines', { network: { ...META.network, machines: ['10.20.0.0/16', '10.21.0.0/16'] } }, []],
    ['keeps the name that machines dial', { endpoint: { ...META.endpoint, host: 'api.example.com' } }, ['transition/immutable endpoint.host']],
    ['keeps the port that machines dial', { endpoint: { ...META.endpoint, port: 443 } }, ['transition/immutable endpoint.port']],
    ['keeps its Pods', { network: { ...META.network, pods: ['10.64.0.0/14'] } }, ['transition/immutable network.pods']],
    ['keeps its Services', { network: { ...META.network, services: ['10.49.0.0/16'] } }, ['transition/immutable network.services']],
    ['keeps its domain', { network: { ...META.network, dnsDomain: 'meta.local' } }, ['transition/immutable network.dnsDomain']],
    ['skips no minor', { minor: '1.36' }, ['transition/minor-skipped kubernetes']],
  ] as const)('%s', ([, change, told]) => {
    const problems = judgeMetaMove(record(META), { ...META, ...change } as unknown as ResolvedMetaCluster, 'meta');
    expect(problems.map(({ code, at }) => `${code} ${at.path}`)).toEqual(told);
  });
});

describe('who may go', () => {
  test.for([
    ['nobody wrote anything down', null, []],
    ['a cluster that runs', record(CLUSTER), ['transition/cluster-gone']],
    ['a cluster that sleeps', record({ ...CLUSTER, state: 'hibernated' }), ['transition/cluster-gone']],
    ['a cluster that was about to go', record({ ...CLUSTER, state: 'decommissioning' }), []],
    ['a meta cluster', record({ name: 'prod' }), []],
    ['a record of somebody else', record({ ...CLUSTER, name: 'shop' }), ['transition/record']],
    ['a record of another form', JSON.stringify({ version: 'kubewright.dev/record/v2', resolved: CLUSTER }), ['transition/record']],
    ['half a record', record(CLUSTER).slice(0, -1), ['transition/record']],
  ] as const)('%s', ([, past, codes]) => {
    expect(judgeGone(past, 'prod').map(({ code }) => code)).toEqual(codes);
  });
});
