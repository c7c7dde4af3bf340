import { certificateDer } from './digest.ts';
import type { CertificateLock } from './plan.ts';

/** What ASN.1 allows in a PrintableString (X.680, 41.4). Go refuses a certificate in which one holds anything else. */
const PRINTABLE = /^[A-Za-z0-9 '()+,\-./:=?]*$/;

const UTF8_STRING = 0x0c;

/** Whether a text of a subject may stand there as a PrintableString; any other is a UTF8String. */
export const isPrintable = (text: string): boolean => PRINTABLE.test(text);

/** Texts of a certificate's subject that need a UTF8String, and stand there as something else. */
export function wronglyTyped({ spec, certificate }: Pick<CertificateLock, 'spec' | 'certificate'>): string[] {
  const texts = [...spec.organizations, spec.commonName].filter((text) => !isPrintable(text));
  if (texts.length === 0) return [];
  const der = certificateDer(certificate);
  return texts.filter((text) => !der.includes(utf8String(text)));
}

/** As DER has it: type, length, bytes. */
function utf8String(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([UTF8_STRING, ...lengthOctets(bytes.length)]), bytes]);
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}
