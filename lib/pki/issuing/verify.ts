import { createPrivateKey, X509Certificate } from 'node:crypto';

import { publicKeyDigest } from '../digest.ts';
import type { Materials } from './materials.ts';
import type { CertificateLock, PkiLock, Usage } from '../plan.ts';

const EXTENDED_KEY_USAGE: Record<Usage, string> = {
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
};

/**
 * Judges every certificate of a lock with OpenSSL, a second implementation beside the one that made them.
 * @throws Error that names the first certificate that is not what its spec says: our own broken promise.
 */
export function verifyLock(lock: PkiLock, materials: Materials): void {
  const parsed = new Map(lock.certificates.map(({ spec, certificate }) => [spec.name, new X509Certificate(certificate)]));
  for (const entry of lock.certificates) {
    const certificate = parsed.get(entry.spec.name);
    const issuer = parsed.get(entry.spec.issuer ?? entry.spec.name);
    if (!certificate || !issuer) throw new Error(`unreachable: ${entry.spec.name} is in the lock without its authority`);
    const broken = CHECKS.filter(({ holds }) => !holds({ entry, certificate, issuer, materials })).map(({ name }) => name);
    if (broken.length > 0) throw new Error(`the certificate ${entry.spec.name} of ${lock.cluster} is wrong: ${broken.join(', ')}`);
  }
}

interface Case {
  readonly entry: CertificateLock;
  readonly certificate: X509Certificate;
  readonly issuer: X509Certificate;
  readonly materials: Materials;
}

const CHECKS: readonly { readonly name: string; readonly holds: (it: Case) => boolean }[] = [
  { name: 'issuer', holds: ({ certificate, issuer }) => certificate.checkIssued(issuer) && issuer.ca },
  { name: 'signature', holds: ({ certificate, issuer }) => certificate.verify(issuer.publicKey) },
  { name: 'names', holds: ({ entry, certificate }) => entry.spec.dnsNames.every((name) => certificate.checkHost(name, { subject: 'never' })) },
  { name: 'addresses', holds: ({ entry, certificate }) => entry.spec.ipAddresses.every((address) => certificate.checkIP(address)) },
  { name: 'usages', holds: ({ entry, certificate }) => hasUsages(entry, certificate) },
  { name: 'authority or leaf', holds: ({ entry, certificate }) => certificate.ca === (entry.spec.issuer === null) },
  { name: 'lifetime', holds: ({ certificate, issuer }) => new Date(certificate.validTo) <= new Date(issuer.validTo) },
  { name: 'first day in the lock', holds: ({ entry, certificate }) => sameTime(certificate.validFrom, entry.notBefore) },
  { name: 'last day in the lock', holds: ({ entry, certificate }) => sameTime(certificate.validTo, entry.notAfter) },
  { name: 'serial', holds: ({ entry, certificate }) => certificate.serialNumber.toLowerCase() === entry.serial },
  { name: 'public key', holds: ({ entry }) => publicKeyDigest(entry.certificate) === entry.publicKeyDigest },
  { name: 'private key', holds: ({ entry, certificate, materials }) => ownsKey(entry, certificate, materials) },
];

function hasUsages({ spec }: CertificateLock, certificate: X509Certificate): boolean {
  const oids: readonly string[] = certificate.keyUsage ?? []; // node:crypto calls the extended key usage so.
  const wanted = spec.usages.map((usage) => EXTENDED_KEY_USAGE[usage]);
  return oids.length === wanted.length && wanted.every((oid) => oids.includes(oid));
}

function sameTime(left: string, right: string): boolean {
  return new Date(left).getTime() === new Date(right).getTime();
}

function ownsKey({ spec }: CertificateLock, certificate: X509Certificate, materials: Materials): boolean {
  const key = materials.get(spec.name);
  return key === undefined || certificate.checkPrivateKey(createPrivateKey(key.reveal()));
}
