import { describe, expect, test } from 'vitest';
import { validateClusterShape, validateFleetShape, validateMetaShape } from '../../lib/validate/schema.ts';
import { cluster, meta } from './definitions.ts';

test('a good cluster and a good meta cluster have no problem', () => {
  expect(validateClusterShape(cluster(), 'prod')).toEqual([]);
  expect(validateMetaShape(meta(), 'meta')).toEqual([]);
});

describe('each misfit is one problem', () => {
  test.for([
    { change: { kubernetes: undefined, kubernets: '1.34.4' }, code: 'schema/unknown-field', path: 'kubernets', says: 'Did you mean kubernetes?' },
    { change: { etcd: { storage: { claimTemplate: { size: '8Gi', sise: '8Gi' } } } }, code: 'schema/unknown-field', path: 'etcd.storage.claimTemplate.sise', says: 'size' },
    { change: { kubernetes: 1.34 }, code: 'schema/wrong-type', path: 'kubernetes', says: 'a number (1.34), not a text' },
    { change: { kubernetes: undefined }, code: 'schema/missing-field', path: 'kubernetes', says: 'no kubernetes' },
    { change: { mode: 'standart' }, code: 'schema/not-allowed', path: 'mode', says: 'Did you mean standard?' },
    { change: { kubernetes: 'v1.34' }, code: 'schema/bad-format', path: 'kubernetes', says: '1.34.4' },
    { change: { name: 'Prod_1' }, code: 'schema/bad-format', path: 'name', says: 'payments-1' },
    { change: { name: 'a'.repeat(41) }, code: 'schema/out-of-range', path: 'name', says: '41 characters' },
    { change: { components: { apiserver: { replicas: 20 } } }, code: 'schema/out-of-range', path: 'components.apiserver.replicas', says: 'from 1 to 9' },
    { change: { etcd: { storage: {} } }, code: 'schema/choose-one', path: 'etcd.storage', says: 'none of claimTemplate' },
    { change: { etcd: { storage: { emptyDir: {}, hostPath: { path: '/d', size: '1Gi', hosts: ['a'] } } } }, code: 'schema/choose-one', path: 'etcd.storage', says: 'keep emptyDir or hostPath' },
    { change: { users: [{ name: 'a', groups: ['b'] }, { name: 'a', groups: 'b' }] }, code: 'schema/wrong-type', path: 'users[1].groups', says: 'not a list' },
    { change: { components: { apiserver: { args: { 'max-requests-inflight': 3000 } } } }, code: 'schema/wrong-type', path: "components.apiserver.args['max-requests-inflight']", says: "'3000'" },
    { change: { components: { apiserver: { args: { 'tls-cipher-suites': ['a', 5] } } } }, code: 'schema/wrong-type', path: "components.apiserver.args['tls-cipher-suites'][1]", says: 'not a text' },
    { change: { components: { apiserver: { args: { '--v': '2' } } } }, code: 'schema/bad-format', path: "components.apiserver.args['--v']", says: 'write v.' },
    { change: { network: { pods: ['10.0.0.0/8', 'x'], services: '10.32.0.0/16' } }, code: 'schema/bad-format', path: 'network.pods[1]', says: '10.64.0.0/14' },
    { change: { network: { pods: 5, services: '10.32.0.0/16' } }, code: 'schema/wrong-type', path: 'network.pods', says: 'not a text or a list' },
    { change: { audit: { policy: 'metdata' } }, code: 'schema/not-allowed', path: 'audit.policy', says: 'Did you mean metadata?' },
    { change: { audit: { policy: { rules: [] } } }, code: 'schema/out-of-range', path: 'audit.policy.rules', says: 'at least 1' },
    { change: { endpoint: { host: 'a.b', expose: { type: 'loadbalancer' } } }, code: 'schema/not-allowed', path: 'endpoint.expose.type', says: 'Did you mean loadBalancer?' },
    { change: { endpoint: { host: 'a.b', expose: {} } }, code: 'schema/missing-field', path: 'endpoint.expose.type', says: 'no type' },
    { change: { endpoint: { host: 'a.b', expose: { type: 'nodePort' } } }, code: 'schema/missing-field', path: 'endpoint.expose.nodePort', says: 'no nodePort' },
    { change: { certificates: { bits: 1024 } }, code: 'schema/not-allowed', path: 'certificates.bits', says: '2048, 3072 or 4096' },
    { change: { encryption: { provider: 'kms', kms: { name: 'vault', endpoint: '/run/x' } } }, code: 'schema/bad-format', path: 'encryption.kms.endpoint', says: 'unix:///' },
    { change: { images: { mirrors: { 'registry.k8s.io': 'Mirror/' } } }, code: 'schema/bad-format', path: "images.mirrors['registry.k8s.io']", says: 'mirror.example.com/k8s' },
  ])('$code at $path', ({ change, code, path, says }) => {
    const problems = validateClusterShape({ ...cluster(), ...change }, 'prod');
    expect(problems.map((problem) => [problem.code, problem.at.path])).toEqual([[code, path]]);
    const [problem] = problems;
    expect(`${problem?.what} ${problem?.why} ${problem?.fix}`).toContain(says);
  });
});

test('all problems are told at once', () => {
  const problems = validateClusterShape({ ...cluster(), kubernetes: 1.34, mode: 'big', colour: 'red' }, 'prod');
  expect(problems.map((problem) => problem.code).sort()).toEqual(['schema/not-allowed', 'schema/unknown-field', 'schema/wrong-type']);
});

test.for([{ definition: null }, { definition: undefined }, { definition: 'prod' }, { definition: 5 }, { definition: [] }, { definition: () => 1 }])('$definition is no cluster', ({ definition }) => {
  expect(validateClusterShape(definition, 'clusters[0]').map((problem) => problem.code)).toEqual(['schema/wrong-type']);
});

test('values that may be secret are never printed', () => {
  const env = [{ name: 'TOKEN', value: 123456789 }];
  const [problem] = validateClusterShape({ ...cluster(), components: { apiserver: { env } } }, 'prod');
  expect(problem?.code).toBe('schema/wrong-type');
  expect(JSON.stringify(problem)).not.toContain('123456789');
});

test('the password of a URL is never printed', () => {
  const { etcd: _, ...rest } = cluster();
  const [problem] = validateClusterShape({ ...rest, datastore: { external: { endpoints: ['postgres://kine:hunter2@db/kine'] } } }, 'prod');
  expect(problem?.code).toBe('schema/bad-format');
  expect(JSON.stringify(problem)).not.toContain('hunter2');
});

test('long values are cut', () => {
  const [problem] = validateClusterShape({ ...cluster(), kubernetes: 'x'.repeat(5000) }, 'prod');
  expect(problem?.what.length).toBeLessThan(200);
});

test('the fleet is judged without its clusters', () => {
  const fleet = { name: 'f', metaClusters: [{}], clusters: [{ nonsense: 1 }], sealing: { certificate: 'sealing.pem' } };
  expect(validateFleetShape(fleet)).toEqual([]);
  expect(validateFleetShape({ ...fleet, images: { pullPolicy: 'always' }, ring: 1 }).map((problem) => problem.at.path).sort()).toEqual(['images.pullPolicy', 'ring']);
});
