import { createPublicKey, hash } from 'node:crypto';

import { sortedKeys } from '../model/manifest.ts';
import type { CertificateSpec } from './plan.ts';

/** SHA-256 in lower-case hexadecimal. */
export function sha256(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex');
}

/** JSON with sorted keys: the same value always has the same text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sortKeys(value));
}

/** The same plain data with its keys in code-unit order, all the way down. What has that order, as all that we wrote, is not copied. */
export function sortKeys(value: unknown): unknown {
  if (isSorted(value)) return value;
  if (Array.isArray(value)) return value.map(sortKeys);
  return isRecord(value) ? Object.fromEntries(sortedKeys(value).map((key) => [key, sortKeys(value[key])])) : value;
}

function isSorted(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isSorted);
  let last = '';
  for (const key in value) {
    if (key < last || !isSorted((value as Record<string, unknown>)[key])) return false;
    last = key;
  }
  return true;
}

/** Code-unit order. Never localeCompare: its answer depends on the machine. */
export function byCodeUnit(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** A certificate's DER. OpenSSL would read what is in it as well, which takes far longer. */
export const certificateDer = (pem: string): Buffer => Buffer.from(pem.replace(/-----(BEGIN|END) CERTIFICATE-----/g, ''), 'base64');

/** SHA-256 of a certificate's DER. */
export function certificateFingerprint(pem: string): string {
  return sha256(certificateDer(pem));
}

/** SHA-256 of the SubjectPublicKeyInfo of a certificate, a public or a private key: kubeadm's `--discovery-token-ca-cert-hash`. */
export function publicKeyDigest(pem: string): string {
  return sha256(createPublicKey(pem).export({ type: 'spki', format: 'der' }));
}

/** What a certificate was issued for: its spec, and the certificate of the authority that signed it. */
export function specDigest(spec: CertificateSpec, issuerPem: string | null, fingerprintOf = certificateFingerprint): string {
  const lists = {
    organizations: spec.organizations.toSorted(byCodeUnit),
    usages: spec.usages.toSorted(byCodeUnit),
    dnsNames: spec.dnsNames.toSorted(byCodeUnit),
    ipAddresses: spec.ipAddresses.toSorted(byCodeUnit),
  };
  const signedBy = issuerPem === null ? null : fingerprintOf(issuerPem);
  return sha256(canonicalJson({ ...spec, ...lists, signedBy }));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
