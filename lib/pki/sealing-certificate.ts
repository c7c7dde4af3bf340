import { X509Certificate } from 'node:crypto';

import type { Place, Problem } from '../problem.ts';
import { isoSeconds } from './dates.ts';
import { certificateFingerprint } from './digest.ts';

const LEAST_BITS = 2048;
const FIX = 'fetch it with `kubeseal --controller-namespace sealed-secrets --fetch-cert` from the meta cluster and save it as it is.';

/** The public certificate of a Sealed Secrets controller: whom secrets are sealed to. */
export interface SealingCertificate {
  readonly fingerprint: string;
  readonly publicKeyPem: string;
  readonly bits: number;
  readonly notAfter: string;
}

export type ParsedSealingCertificate =
  | { readonly ok: true; readonly sealing: SealingCertificate }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads the PEM file that `kubeseal --fetch-cert` writes. */
export function parseSealingCertificate(pem: string, at: Place): ParsedSealingCertificate {
  if (pem.includes('PRIVATE KEY')) return invalid(at, PRIVATE_KEY);
  const first = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/.exec(pem)?.[0];
  const certificate = first === undefined ? null : readCertificate(first);
  if (first === undefined || certificate === null) return invalid(at, NO_CERTIFICATE);

  const { publicKey: key, validTo } = certificate;
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType !== 'rsa') return invalid(at, notRsa(key.asymmetricKeyType ?? 'unknown'));
  if (bits < LEAST_BITS) return invalid(at, tooShort(bits));
  const publicKeyPem = key.export({ type: 'spki', format: 'pem' }).toString();
  return { ok: true, sealing: { fingerprint: certificateFingerprint(first), publicKeyPem, bits, notAfter: isoSeconds(new Date(validTo)) } };
}

/** A warning when the sealing certificate has ended. Its key still opens what is sealed; people should know. */
export function sealingExpiry(sealing: SealingCertificate, now: Date, at: Place): Problem[] {
  if (new Date(sealing.notAfter) > now) return [];
  return [{
    code: 'pki/sealing-certificate-expired', severity: 'warning', at,
    what: `The sealing certificate ended on ${sealing.notAfter}.`,
    why: 'the controller has newer keys by now, and this one may be among those that it no longer keeps.',
    fix: `${FIX.slice(0, -1)}; then issue again.`,
  }];
}

function readCertificate(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem);
  } catch {
    return null;
  }
}

type Sentences = Pick<Problem, 'what' | 'why' | 'fix'>;

const PRIVATE_KEY: Sentences = {
  what: 'The sealing certificate comes with a private key.',
  why: 'whoever reads the repository could open every secret in it.',
  fix: 'keep only the certificate here, and take the private key for known to others: make a new one.',
};

const NO_CERTIFICATE: Sentences = {
  what: 'The sealing certificate is not an X.509 certificate in PEM form.',
  why: 'nothing can be sealed without it.',
  fix: FIX,
};

function notRsa(type: string): Sentences {
  return { what: `The sealing certificate has a key of type ${type}, not RSA.`, why: 'the controller opens only what is sealed to an RSA key.', fix: FIX };
}

function tooShort(bits: number): Sentences {
  return {
    what: `The sealing certificate has an RSA key of ${bits} bits.`,
    why: `less than ${LEAST_BITS} bits do not protect private keys that are committed.`,
    fix: 'let the controller make a new sealing key; its own default is 4096 bits.',
  };
}

function invalid(at: Place, sentences: Sentences): ParsedSealingCertificate {
  return { ok: false, problems: [{ code: 'pki/sealing-certificate-invalid', severity: 'error', at, ...sentences }] };
}
