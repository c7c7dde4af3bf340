import { readFileSync } from 'node:fs';
import { X509Certificate } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { OIDS, readStated } from '../../lib/checks/secrets/stated.ts';
import { formatAddress } from '../../lib/net.ts';
import { parseLock } from '../../lib/pki/lock.ts';

const CLUSTERS = ['batch', 'billing-legacy', 'payments-prod', 'sandbox', 'search-prod'];

const certificates = CLUSTERS.flatMap((cluster) => {
  const parsed = parseLock(readFileSync(new URL(`../../clusters/${cluster}/pki.lock.yaml`, import.meta.url), 'utf8'), cluster);
  return parsed.ok ? parsed.lock.certificates.map(({ spec, certificate }) => ({ at: `${cluster}/${spec.name}`, certificate })) : [];
});

test('what is read from the DER is what OpenSSL reads', () => {
  expect(certificates.length).toBeGreaterThan(60);
  for (const { at, certificate } of certificates) {
    const stated = readStated(certificate);
    const openssl = new X509Certificate(certificate);
    const names = [...(stated?.dnsNames ?? [])].map((name) => `DNS:${name}`);
    const addresses = [...(stated?.addresses ?? [])].map((hex) => `IP Address:${formatOpenssl(hex)}`);
    expect([...names, ...addresses].sort(), at).toEqual((openssl.subjectAltName ?? '').split(', ').filter((text) => text !== '').sort());
    const usages = openssl.keyUsage as readonly string[] | undefined;
    expect(stated?.usages.has(OIDS.serverAuth), at).toBe(usages?.includes('1.3.6.1.5.5.7.3.1') === true);
    expect(stated?.usages.has(OIDS.clientAuth), at).toBe(usages?.includes('1.3.6.1.5.5.7.3.2') === true);
  }
});

/** OpenSSL writes eight groups of IPv6, in capitals and without their zeros. */
function formatOpenssl(hex: string): string {
  if (hex.length === 8) return formatAddress({ family: 4, value: BigInt(`0x${hex}`) });
  return (hex.match(/..../g) ?? []).map((group) => parseInt(group, 16).toString(16).toUpperCase()).join(':');
}

test('a certificate that was cut or changed is never a mistake of ours', () => {
  const [{ certificate } = { certificate: '' }] = certificates;
  fc.assert(fc.property(fc.nat(certificate.length), fc.nat(8), fc.constantFrom('', 'A', '/', '\n'), (at, removed, inserted) => {
    readStated(certificate.slice(0, at) + inserted + certificate.slice(at + removed));
  }), { seed: 1, numRuns: 2_000 });
});
