import { X509Certificate } from 'node:crypto';
import { parseAddress } from '../../net.ts';
import type { Finding } from '../finding.ts';
import type { CertificateUse, Serving } from '../input.ts';
import type { Scope } from '../scope.ts';
import { OIDS, readStated, type Stated } from './stated.ts';

const USAGE_OIDS = { serverAuth: '1.3.6.1.5.5.7.3.1', clientAuth: '1.3.6.1.5.5.7.3.2' } as const;

/** A certificate: what it states, for the usual answer, and OpenSSL's reading of it, for every other. */
interface Reading {
  readonly stated: Stated | null;
  /** Null when OpenSSL cannot read it. */
  readonly parsed: () => X509Certificate | null;
}

/** Every certificate covers the hosts by which it is reached, and allows what its holder does with it. */
export function checkCertificates({ context }: Scope): Finding[] {
  const read = readOnce();
  return [
    ...context.servings.flatMap((serving) => servingFindings(serving, read(serving.certificate))),
    ...context.usages.flatMap((held) => usageFindings(held, read(held.certificate))),
  ];
}

function servingFindings(serving: Serving, { stated, parsed }: Reading): Finding[] {
  const hosts = serving.hosts.filter((host) => stated === null || !names(stated, host));
  if (stated !== null && hosts.length === 0) return [];
  const certificate = parsed();
  if (certificate === null) return [unreadable(serving)];
  return hosts.filter((host) => !covers(certificate, host)).map((host) => notCovered(serving, host, certificate));
}

function usageFindings(held: CertificateUse, { stated, parsed }: Reading): Finding[] {
  if (stated?.usages.has(OIDS[held.use]) === true) return [];
  const certificate = parsed();
  if (certificate === null) return [unreadable(held)];
  return allows(certificate, held.use) ? [] : [wrongUsage(held)];
}

/** Most certificates are asked several times, and OpenSSL takes longer to read one than all questions to it. */
function readOnce(): (pem: string) => Reading {
  const known = new Map<string, Reading>();
  return (pem) => {
    const reading = known.get(pem) ?? readingOf(pem);
    known.set(pem, reading);
    return reading;
  };
}

function readingOf(pem: string): Reading {
  let parsed: { readonly certificate: X509Certificate | null } | undefined;
  return { stated: readStated(pem), parsed: () => (parsed ??= { certificate: parse(pem) }).certificate };
}

/** Whether a host stands there word for word; a wildcard may cover it all the same. */
function names({ dnsNames, addresses }: Stated, host: string): boolean {
  if (!isAddress(host)) return dnsNames.has(host.replace(/\.$/, ''));
  const address = parseAddress(host.replace(/^\[(.*)\]$/, '$1'));
  return address.ok && addresses.has(address.value.value.toString(16).padStart(address.value.family === 4 ? 8 : 32, '0'));
}

function parse(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem);
  } catch {
    return null;
  }
}

/** Names count only in subjectAltName: Go's TLS, which every client here uses, ignores the common name. */
function covers(certificate: X509Certificate, host: string): boolean {
  if (isAddress(host)) return certificate.checkIP(host.replace(/^\[(.*)\]$/, '$1')) !== undefined;
  return certificate.checkHost(host.replace(/\.$/, ''), { subject: 'never' }) !== undefined;
}

const isAddress = (host: string): boolean => /^[0-9.]+$/.test(host) || host.includes(':');

/** Node calls the extended key usages `keyUsage`. */
function allows(certificate: X509Certificate, use: CertificateUse['use']): boolean {
  const usages = certificate.keyUsage as readonly string[] | undefined;
  return usages?.includes(USAGE_OIDS[use]) === true;
}

const subject = ({ name, source }: { readonly name: string; readonly source: string }) => ({ object: `certificate ${name}`, source, path: '' });

function notCovered(serving: Serving, host: string, certificate: X509Certificate): Finding {
  const names = certificate.subjectAltName ?? 'no name at all';
  return { code: 'certificate/does-not-cover', ...subject(serving), what: `does not cover ${host}, by which clients connect; it covers ${names}` };
}

function wrongUsage(held: CertificateUse): Finding {
  return { code: 'certificate/wrong-usage', ...subject(held), what: `is used for ${held.use}, which its extended key usages do not allow` };
}

function unreadable(holder: Serving | CertificateUse): Finding {
  return { code: 'certificate/unreadable', ...subject(holder), what: 'cannot be read as an X.509 certificate in PEM' };
}
