import { expect, test } from 'vitest';
import { runChecks } from '../../lib/checks/check.ts';
import { violationsOf } from '../../lib/checks/objects/conformance.ts';
import { EMPTY_CONTEXT } from '../../lib/checks/input.ts';
import { Resolver } from '../../lib/checks/objects/structure.ts';
import type { Manifest } from '../../lib/model/manifest.ts';
import { lines, problemsWith } from './breaking.ts';
import { GOOD, GOOD_CONTEXT, partOf } from './good.ts';

const quota: Manifest = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'quota' }, spec: { hard: { pods: '10' } } };
const widgets: Manifest = {
  apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com', scope: 'Cluster', names: { kind: 'Widget', plural: 'widgets' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties: { size: { type: 'integer', maximum: 3 } } } } } } }],
  },
};
const widget: Manifest = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' }, spec: { size: 4, colour: 'red' } };

test('an object that lives in a namespace needs one', () => {
  expect(lines(problemsWith(quota))).toEqual(['manifest/scope: ResourceQuota quota: metadata.namespace is missing, but this kind lives in a namespace.']);
});

test('custom resources are read with the CRDs that come with them', () => {
  expect(lines(problemsWith(widgets, widget))).toEqual([
    'manifest/bad-value: Widget w: spec.size is 4, but must be at most 3.',
    'manifest/unknown-field: Widget w: spec.colour is no field of this kind.',
  ]);
});

test('a kind that nobody knows is refused, unless somebody else brings it', () => {
  expect(lines(problemsWith(widget))).toEqual(['manifest/unknown-kind: Widget w has apiVersion example.com/v1, which Kubernetes 1.36 does not serve.']);
  expect(runChecks('a', [partOf([widget])], { ...EMPTY_CONTEXT, foreignKinds: ['example.com/v1/Widget'] })).toEqual([]);
});

test('a Secret that SOPS encrypted is not yet what the API server reads', () => {
  const secret: Manifest = {
    apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'cp-a' },
    data: { key: 'ENC[AES256_GCM,data:q83v,iv:q83v,tag:q83v,type:str]' }, sops: { version: '3.10.2' },
  };
  expect(problemsWith(secret)).toEqual([]);
});

test('a wanted finding is waived, and only that one', () => {
  const open = { ...GOOD.apiserver, metadata: { name: 'other', namespace: 'cp-a' } };
  const waivers = [{ code: 'manifest/unknown-field', source: 'etcd', object: 'Deployment cp-a/x' }] as const;
  const broken = [...Object.values(GOOD), { ...widget, kind: 'Other' }, open];
  const codes = (context: typeof GOOD_CONTEXT) => runChecks('a', [partOf(broken)], context).map(({ code }) => code);
  expect(codes(GOOD_CONTEXT)).toEqual(['manifest/unknown-kind', 'selector/not-own-template', 'selector/not-own-template']);
  expect(codes({ ...GOOD_CONTEXT, waivers })).toHaveLength(3);
  expect(codes({ ...GOOD_CONTEXT, waivers: [{ code: 'selector/not-own-template', source: 'etcd', object: null }] })).toEqual(['manifest/unknown-kind']);
});

const shape = new Resolver({
  'x.Node': { type: 'object', properties: { next: { ref: 'x.Node' }, names: { type: 'array', listType: 'set', items: { type: 'string' } }, any: { preserveUnknown: true } } },
}).definition('x.Node');

test.for([
  { shows: 'a shape that has itself', value: { next: { next: { nxt: {} } } }, violations: ['next.next.nxt is no field of this kind. Did you mean next?'] },
  { shows: 'null is absent', value: { next: null }, violations: [] },
  { shows: 'a field that holds anything', value: { any: { of: [1, null] } }, violations: [] },
  { shows: 'a set', value: { names: ['a', 'b', 'a'] }, violations: ['names has the same value in items 0 and 2'] },
  { shows: 'a long set', value: { names: [...Array.from({ length: 40 }, (_, index) => `n${index}`), 'n7'] }, violations: ['names has the same value in items 7 and 40'] },
  { shows: 'no object at all', value: 'x', violations: [' must be an object, not text'] },
])('$shows', ({ value, violations }) => {
  expect(violationsOf(shape, value).map(({ path, what }) => `${path} ${what}`)).toEqual(violations);
});
