import { expect, test } from 'vitest';
import { runChecks } from '../../lib/checks/check.ts';
import { checkIdentities } from '../../lib/checks/objects/identities.ts';
import { EMPTY_CONTEXT, type CheckedPart } from '../../lib/checks/input.ts';
import { scopeOf } from '../../lib/checks/scope.ts';
import type { Manifest } from '../../lib/model/manifest.ts';
import { lines } from './breaking.ts';
import { GOOD, partOf } from './good.ts';

const duplicates = (...parts: readonly CheckedPart[]) => checkIdentities(scopeOf('a', parts, EMPTY_CONTEXT)).length;

const twice = [partOf([GOOD.ca], 'a/data'), partOf([{ ...GOOD.ca, data: { 'ca.crt': 'other' } }], 'a/control-plane')];

test('an object in two parts', () => {
  expect(lines(runChecks('a', twice, EMPTY_CONTEXT))).toEqual([
    'manifest/duplicate: ConfigMap cp-a/ca is written twice: in a/control-plane, and by etcd in a/data.',
  ]);
});

test('versions of a group are one object, groups are not', () => {
  const scaler = (apiVersion: string): Manifest => ({ ...GOOD.scaler, apiVersion });
  expect(duplicates(partOf([scaler('autoscaling/v1'), scaler('autoscaling/v2')]))).toBe(1);
  expect(duplicates(partOf([scaler('autoscaling/v1'), scaler('example.com/v1')]))).toBe(0);
});

test('two API servers may each have the object', () => {
  const [first, second] = twice as [CheckedPart, CheckedPart];
  expect(duplicates(first, second)).toBe(1);
  expect(duplicates(first, { ...second, api: 'a' })).toBe(0);
});
