import { X509Certificate } from 'node:crypto';
import type { Finding } from '../finding.ts';
import type { CertificateUse, Serving } from '../input.ts';
import type { Scope } from '../scope.ts';

const USAGE_OIDS = { serverAuth: '1.3.6.1.5.5.7.3.1', clientAuth: '1.3.6.1.5.5.7.3.2' } as const;

/** Every certificate covers the hosts by which it is reached, and allows what its holder does with it. */
export function checkCertificates({ context }: Scope): Finding[] {
  const parse = parseOnce();
  return [
    ...context.servings.flatMap((serving) => servingFindings(serving, parse(serving.certificate))),
    ...context.usages.flatMap((held) => usageFindings(held, parse(held.certificate))),
  ];
}

function servingFindings(serving: Serving, certificate: X509Certificate | null): Finding[] {
  if (certificate === null) return [unreadable(serving)];
  return serving.hosts.filter((host) => !covers(certificate, host)).map((host) => notCovered(serving, host, certificate));
}

function usageFindings(held: CertificateUse, certificate: X509Certificate | null): Finding[] {
  if (certificate === null) return [unreadable(held)];
  return allows(certificate, held.use) ? [] : [wrongUsage(held)];
}

/** Reading a certificate takes longer than all questions to it, and most are asked several. */
function parseOnce(): (pem: string) => X509Certificate | null {
  const known = new Map<string, X509Certificate | null>();
  return (pem) => {
    const certificate = known.has(pem) ? (known.get(pem) ?? null) : parse(pem);
    known.set(pem, certificate);
    return certificate;
  };
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
