import { expect, test } from 'vitest';
import { addonContext, checkAddons } from '../../lib/checks/addons.ts';
import { runChecks } from '../../lib/checks/check.ts';
import { EMPTY_CONTEXT, type CheckedPart } from '../../lib/checks/input.ts';
import { scopeOf } from '../../lib/checks/scope.ts';
import type { Manifest } from '../../lib/model/manifest.ts';
import type { ResolvedAddon } from '../../lib/model/resolved-addon.ts';
import type { ResolvedCluster } from '../../lib/model/resolved.ts';

const ADDON: ResolvedAddon = { name: 'own', version: '1', namespace: 'own', source: { type: 'construct' }, parameters: {}, foreignKinds: {}, provided: [], acknowledgedRights: [] };

const RBAC = 'rbac.authorization.k8s.io';
const object = (apiVersion: string, kind: string, name: string, rest: object = {}): Manifest => ({ apiVersion, kind, metadata: { name }, ...rest });
const role = (...rules: readonly object[]): Manifest => object(`${RBAC}/v1`, 'ClusterRole', 'wide', { rules });
const binding = (name: string): Manifest =>
  object(`${RBAC}/v1`, 'ClusterRoleBinding', 'own', { roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name }, subjects: [{ kind: 'ServiceAccount', name: 'own', namespace: 'own' }] });

function partOf(manifests: readonly Manifest[], source = 'addons[0]'): CheckedPart {
  return { folder: 'a/tenant/addons', namespace: null, api: 'a', target: '1.35', manifests: manifests.map((manifest) => ({ manifest, source, stage: 'addons' })) };
}

const asked = (...manifests: readonly Manifest[]): string[] => checkAddons(scopeOf('a', [partOf(manifests)], EMPTY_CONTEXT)).map(({ code, what }) => `${code}: ${what}`);

test.for([
  { is: 'cluster-admin', objects: [binding('cluster-admin')], does: 'everything' },
  { is: 'all verbs', objects: [role({ apiGroups: [''], resources: ['pods'], verbs: ['*'] }), binding('wide')], does: 'everything with pods' },
  { is: 'all resources', objects: [role({ apiGroups: ['*'], resources: ['*'], verbs: ['get'] }), binding('wide')], does: 'get with all resources' },
  { is: 'a verb that leads to others', objects: [role({ apiGroups: [RBAC], resources: ['clusterroles'], verbs: ['bind'] }), binding('wide')], does: `bind with clusterroles.${RBAC}` },
  {
    is: 'every rule that is wide, with all that bounds it',
    objects: [role({ apiGroups: ['', 'apps'], resources: ['*'], verbs: ['get'] }, { apiGroups: [''], resources: ['pods'], verbs: ['get'] }, { apiGroups: ['*'], resources: ['users'], resourceNames: ['a', 'b'], verbs: ['impersonate'] }), binding('wide')],
    does: 'get with all resources of the core group, apps, and impersonate with users.* named a, b',
  },
  { is: 'URLs', objects: [role({ nonResourceURLs: ['*'], verbs: ['*'] }), binding('wide')], does: 'everything with URLs *' },
])('addons/cluster-rights: $is', ({ objects, does }) => {
  expect(asked(...objects)).toEqual([`addons/cluster-rights: lets ServiceAccount own/own do ${does} in the whole cluster`]);
});

test('an acknowledged right is no news, and one that is acknowledged for nothing is refused', () => {
  const right = 'ClusterRoleBinding own lets ServiceAccount own/own do everything in the whole cluster';
  const acknowledging = (addon: string) => ({ ...EMPTY_CONTEXT, acknowledged: [{ addon, source: `${addon}.acknowledgedRights[0]`, right }] });
  const told = (manifests: readonly Manifest[], addon = 'addons[0]') => checkAddons(scopeOf('a', [partOf(manifests)], acknowledging(addon))).map(({ code, source }) => `${code}: ${source}`);
  expect(told([binding('cluster-admin')])).toEqual([]);
  expect(told([])).toEqual(['addons/unknown-right: addons[0].acknowledgedRights[0]']);
  expect(told([binding('cluster-admin')], 'addons[1]'), 'of another add-on').toEqual(['addons/cluster-rights: addons[0]', 'addons/unknown-right: addons[1].acknowledgedRights[0]']);
});

test('a narrow right, and a wide one that nobody is given, are no news', () => {
  expect(asked(role({ apiGroups: [''], resources: ['nodes'], verbs: ['get', 'list'] }), binding('wide'))).toEqual([]);
  expect(asked(role({ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }))).toEqual([]);
});

test.for([
  object('v1', 'Namespace', 'default'),
  object(`${RBAC}/v1`, 'ClusterRole', 'edit'),
  object('scheduling.k8s.io/v1', 'PriorityClass', 'system-node-critical'),
  { ...object('v1', 'Service', 'kubernetes'), metadata: { name: 'kubernetes', namespace: 'default' } },
])('addons/system-object: $kind $metadata.name', (manifest) => {
  expect(asked(manifest)).toEqual(['addons/system-object: is made and kept by Kubernetes itself']);
});

test('two names that are one on many file systems', () => {
  const named = (name: string): Manifest => object(`${RBAC}/v1`, 'ClusterRole', name, { rules: [] });
  expect(asked(named('Reader'), named('reader'), named('readers'))).toEqual(['manifest/duplicate: differs from `Reader` by case alone, so that both want one file']);
});

test('a namespace is there, or made by somebody of the cluster', () => {
  const map: Manifest = { ...object('v1', 'ConfigMap', 'a'), metadata: { name: 'a', namespace: 'own' } };
  expect(asked(map)).toEqual(['reference/missing-object: names Namespace `own`, which is nowhere']);
  expect(asked(map, object('v1', 'Namespace', 'own'))).toEqual([]);
});

test('what the house asks of its own Pods, it asks of nobody else\'s', () => {
  const pod: Manifest = {
    ...object('v1', 'Pod', 'own'), metadata: { name: 'own', namespace: 'default' },
    spec: { containers: [{ name: 'own', image: 'example.com/own' }], volumes: [{ name: 'unused', emptyDir: {} }] },
  };
  const context = { ...EMPTY_CONTEXT, ...addonContext({ name: 'a', addons: [ADDON] } as unknown as ResolvedCluster) };
  expect(runChecks('a', [partOf([pod])], context)).toEqual([]);
  expect(runChecks('a', [partOf([pod], 'dns')], context).length).toBeGreaterThan(4);
});

test('a kind of others is taken as it is, but for one whose definition is there', () => {
  const definition = object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'fields.example.com', {
    spec: { group: 'example.com', scope: 'Cluster', names: { kind: 'Field', plural: 'fields' }, versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', properties: { acres: { type: 'integer' } } } } }] },
  });
  const field = object('example.com/v1', 'Field', 'own', { acres: 'many' });
  const context = { ...EMPTY_CONTEXT, foreignKinds: ['example.com/v1/Field'] };
  const codes = (...manifests: readonly Manifest[]): string[] => runChecks('a', [partOf(manifests)], context).map(({ code }) => code);
  expect(codes(field)).toEqual([]);
  expect(codes(definition, field)).toContain('manifest/wrong-type');
});
