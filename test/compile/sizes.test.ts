import { expect, test } from 'vitest';
import { oversized } from '../../lib/compile/sizes.ts';

const file = (path: string, bytes: number) => ({ path, text: 'ä'.repeat(bytes / 2) });

test('a part that Argo CD would not read is refused, by its bytes and with all that is below it', () => {
  const files = [file('m/clusters/a/tenant/dns/x.yaml', 6_000_000), file('m/clusters/a/tenant/addons/y.yaml', 4_000_002), file('m/clusters/a/tenant-crds/z.yaml', 10_000_000)];
  const told = oversized('a', ['m/clusters/a/tenant', 'm/clusters/a/tenant-crds'], files);
  expect(told.map(({ code, what }) => [code, what])).toEqual([['delivery/too-large', 'dist/m/clusters/a/tenant holds 10000002 bytes of manifests, and Argo CD takes at most 10000000 in one Application.']]);
});
