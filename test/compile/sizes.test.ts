import { expect, test } from 'vitest';
import { oversized, withRootBytes } from '../../lib/compile/sizes.ts';
import type { Claims } from '../../lib/validate/claims.ts';
import { conflicts } from '../../lib/validate/conflicts.ts';

const file = (path: string, bytes: number) => ({ path, text: 'ä'.repeat(bytes / 2) });

test('a part that Argo CD would not read is refused, by its bytes and with all that is below it', () => {
  const files = [file('m/clusters/a/tenant/dns/x.yaml', 6_000_000), file('m/clusters/a/tenant/addons/y.yaml', 4_000_002), file('m/clusters/a/tenant-crds/z.yaml', 10_000_000)];
  const told = oversized('a', ['m/clusters/a/tenant', 'm/clusters/a/tenant-crds'], files);
  expect(told.map(({ code, what }) => [code, what])).toEqual([['delivery/too-large', 'dist/m/clusters/a/tenant holds 10000002 bytes of manifests, and Argo CD takes at most 10000000 in one Application.']]);
});

test('clusters whose Applications the root of their meta cluster would no longer read are refused, from the first that is too many', () => {
  const claims = (of: string, kind: Claims['kind'], meta: string): Claims => ({ of, kind, meta, claims: [], routed: [] });
  const weighed = (of: string, meta: string, bytes: number): Claims =>
    withRootBytes(claims(of, of === meta ? 'meta' : 'cluster', meta), meta, [file(`${meta}/argocd/${of}/application-x.yaml`, bytes), file(`${meta}/flux/${of}/x.yaml`, 9_000_000)]) ?? claims('', 'meta', '');
  const fleet = [weighed('m', 'm', 2_000_000), weighed('n', 'n', 2_000_000), weighed('a', 'm', 8_000_000), weighed('b', 'n', 8_000_002), weighed('c', 'n', 2)];
  expect(conflicts(fleet).map(({ code, at, what }) => [code, at, what])).toEqual([['delivery/too-large', { of: 'b', path: 'meta' },
    'with this cluster dist/n/argocd holds 10000002 bytes, and Argo CD takes at most 10000000 in one Application.']]);
});
