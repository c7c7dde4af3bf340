import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

/** Where random bytes and keys come from. An argument of everything that issues, so that tests repeat themselves. */
export interface Entropy {
  bytes(length: number): Uint8Array;
  /** The private key as PKCS#1 (what kubeadm writes), the public one as SubjectPublicKeyInfo; both PEM. */
  rsaKeyPair(bits: number): Promise<{ readonly privateKeyPem: string; readonly publicKeyPem: string }>;
}

const generate = promisify(generateKeyPair);

/** The operating system's randomness. Key pairs are made natively, several at a time. */
export const SYSTEM_ENTROPY: Entropy = {
  bytes: (length) => randomBytes(length),
  rsaKeyPair: async (bits) => {
    const pair = await generate('rsa', {
      modulusLength: bits,
      privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    return { privateKeyPem: pair.privateKey, publicKeyPem: pair.publicKey };
  },
};
