import { expect, test } from 'vitest';
import { runChecks } from '../../lib/checks/check.ts';
import { addClaims, claimsOf, duplicatesInFleet, removeClaims, type Claims } from '../../lib/checks/objects/identities.ts';
import { EMPTY_CONTEXT } from '../../lib/checks/input.ts';
import type { Manifest } from '../../lib/model/manifest.ts';
import { lines } from './breaking.ts';
import { GOOD, partOf } from './good.ts';

const twice = [partOf([GOOD.ca], 'a/data'), partOf([{ ...GOOD.ca, data: { 'ca.crt': 'other' } }], 'a/control-plane')];

test('an object in two parts', () => {
  expect(lines(runChecks('a', twice, EMPTY_CONTEXT))).toEqual([
    'manifest/duplicate: ConfigMap cp-a/ca is written twice: in a/control-plane, and by etcd in a/data.',
  ]);
});

test('versions of a group are one object, groups are not', () => {
  const scaler = (apiVersion: string): Manifest => ({ ...GOOD.scaler, apiVersion });
  const count = (...manifests: readonly Manifest[]) => addClaims(new Map(), claimsOf('a', [partOf(manifests)])).length;
  expect(count(scaler('autoscaling/v1'), scaler('autoscaling/v2'))).toBe(1);
  expect(count(scaler('autoscaling/v1'), scaler('example.com/v1'))).toBe(0);
});

test('two API servers may each have the object', () => {
  const [first, second] = twice;
  expect(duplicatesInFleet(new Map([['a', [first, { ...second, api: 'a' }] as typeof twice]]))).toEqual([]);
});

test('a fleet finds what two owners write, and forgets an owner', () => {
  const claims: Claims = new Map();
  expect(addClaims(claims, claimsOf('a', [partOf([GOOD.ca])]))).toEqual([]);
  const [problem] = addClaims(claims, claimsOf('b', [partOf([GOOD.ca], 'b/data')]));
  expect(problem).toMatchObject({ at: { of: 'b', path: 'etcd' }, what: 'ConfigMap cp-a/ca is written twice: in b/data, and by a: etcd in a/control-plane.' });
  removeClaims(claims, 'a');
  expect(addClaims(claims, claimsOf('b', [partOf([GOOD.ca], 'b/data')]))).toEqual([]);
});
