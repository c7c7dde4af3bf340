import { createPublicKey, privateEncrypt } from 'node:crypto';

import forge from 'node-forge';

import { isoSeconds } from '../dates.ts';
import type { CertificateLock, CertificateSpec } from '../plan.ts';
import type { Secret } from '../secret.ts';
import { isPrintable } from '../subject.ts';
import type { Entropy } from './entropy.ts';

/** One certificate to sign. */
export interface SigningOrder {
  readonly spec: CertificateSpec;
  /** The private key whose public half is certified. */
  readonly key: Secret;
  /** Null for an authority, which signs itself. */
  readonly issuer: { readonly issued: Pick<CertificateLock, 'certificate' | 'notAfter'>; readonly key: Secret } | null;
  /** In whole seconds. */
  readonly now: Date;
  /** The end that is wished for. It never comes later than the authority's. */
  readonly until: Date;
  readonly entropy: Entropy;
}

export type Signed = Pick<CertificateLock, 'serial' | 'notBefore' | 'notAfter' | 'certificate'>;

/** X.509 v3 as kubeadm makes it. Valid from five minutes ago, for clocks that are behind; never longer than its authority. */
export function signCertificate({ spec, key, issuer, now, until, entropy }: SigningOrder): Signed {
  const signer = issuer === null ? null : forge.pki.certificateFromPem(issuer.issued.certificate);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicPemOf(key));
  certificate.serialNumber = serialFrom(entropy);
  certificate.validity.notBefore = new Date(now.getTime() - 300_000);
  certificate.validity.notAfter = issuer === null ? until : earlier(until, new Date(issuer.issued.notAfter));
  certificate.setSubject(subjectOf(spec));
  certificate.setIssuer(signer === null ? certificate.subject.attributes : readSubject(signer));
  certificate.setExtensions(extensionsOf(spec, (signer ?? certificate).generateSubjectKeyIdentifier().getBytes()));
  certificate.sign(signingKey(issuer === null ? key : issuer.key), forge.md.sha256.create());
  const { notBefore, notAfter } = certificate.validity;
  const pem = forge.pki.certificateToPem(certificate).replaceAll('\r\n', '\n');
  return { serial: certificate.serialNumber, notBefore: isoSeconds(notBefore), notAfter: isoSeconds(notAfter), certificate: pem };
}

const earlier = (one: Date, other: Date): Date => (one < other ? one : other);

/** The public half, as SubjectPublicKeyInfo. */
export function publicPemOf(privateKey: Secret): string {
  return createPublicKey(privateKey.reveal()).export({ type: 'spki', format: 'pem' }).toString();
}

/** What PKCS#1 puts before a SHA-256 hash (RFC 8017, 9.2). */
const DIGEST_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** A key of node-forge that signs with OpenSSL: the same bytes in a tenth of the time. */
function signingKey(secret: Secret): forge.pki.rsa.PrivateKey {
  const key = forge.pki.privateKeyFromPem(secret.reveal());
  key.sign = (digest) => {
    if (typeof digest === 'string') throw new Error('unreachable: a certificate is signed over a digest');
    const hash = Buffer.from(digest.digest().getBytes(), 'binary');
    return privateEncrypt(secret.reveal(), Buffer.concat([DIGEST_INFO, hash])).toString('binary');
  };
  return key;
}

/** A serial is a signed integer: the first bit stays clear, or it reads back negative; the second is set, or it shrinks. */
function serialFrom(entropy: Entropy): string {
  const bytes = Buffer.from(entropy.bytes(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

/** As plain numbers: the types of node-forge mistake them for classes. */
const STRINGS: Readonly<Record<'printable' | 'utf8', number>> = { printable: forge.asn1.Type.PRINTABLESTRING, utf8: forge.asn1.Type.UTF8 };

function subjectOf(spec: CertificateSpec): forge.pki.CertificateField[] {
  const organizations = spec.organizations.map((value) => attributeOf('organizationName', value));
  return [...organizations, attributeOf('commonName', spec.commonName)];
}

/** Left to itself, node-forge takes a PrintableString for any text. */
function attributeOf(name: string, value: string): forge.pki.CertificateField {
  return { name, value, valueTagClass: isPrintable(value) ? STRINGS.printable : STRINGS.utf8 };
}

/** node-forge reads a UTF8String as bytes, and would encode them once more when it writes them. */
function readSubject({ subject }: forge.pki.Certificate): forge.pki.CertificateField[] {
  return subject.attributes.map((attribute) =>
    (attribute.valueTagClass === STRINGS.utf8 ? { ...attribute, value: forge.util.decodeUtf8(String(attribute.value)) } : attribute));
}

function extensionsOf(spec: CertificateSpec, authorityKeyId: string): object[] {
  const isAuthority = spec.issuer === null;
  const usages = Object.fromEntries(spec.usages.map((usage) => [usage, true]));
  const altNames = [...spec.dnsNames.map((value) => ({ type: 2, value })), ...spec.ipAddresses.map((ip) => ({ type: 7, ip }))];
  return [
    { name: 'basicConstraints', critical: true, cA: isAuthority },
    { name: 'keyUsage', critical: true, digitalSignature: true, keyEncipherment: true, keyCertSign: isAuthority },
    ...(spec.usages.length > 0 ? [{ name: 'extKeyUsage', ...usages }] : []),
    { name: 'subjectKeyIdentifier' },
    { name: 'authorityKeyIdentifier', keyIdentifier: authorityKeyId },
    ...(altNames.length > 0 ? [{ name: 'subjectAltName', altNames }] : []),
  ];
}
