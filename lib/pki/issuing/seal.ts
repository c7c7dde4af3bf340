import { constants, createCipheriv, createHash, createPublicKey, publicEncrypt } from 'node:crypto';

import type { Entropy } from './entropy.ts';
import type { SealedValue } from '../plan.ts';
import type { Secret } from '../secret.ts';
import type { SealingCertificate } from '../sealing-certificate.ts';

const HASH_BYTES = 32;
const SESSION_KEY_BYTES = 32;

/** Where a sealed value may be opened: under this Secret's name, in this namespace, and nowhere else (strict scope). */
export interface SealTarget {
  readonly namespace: string;
  readonly secret: string;
  readonly key: string;
}

/** What is random in one sealed value. */
export interface Session {
  readonly key: Uint8Array;
  readonly seed: Uint8Array;
}

export const drawSession = (entropy: Entropy): Session => ({ key: entropy.bytes(SESSION_KEY_BYTES), seed: entropy.bytes(HASH_BYTES) });

/**
 * Seals one value for the Sealed Secrets controller: length of the wrapped session key (two bytes), the session key
 * under RSA-OAEP with the label `namespace/secret`, then the value under AES-256-GCM. The nonce is zero because the
 * session key is never used twice. Format: https://github.com/bitnami-labs/sealed-secrets/blob/main/docs/developer/crypto.md
 */
export function sealValue(value: Secret, target: SealTarget, sealing: SealingCertificate, session: Session): SealedValue {
  const sessionKey = Buffer.from(session.key);
  const label = Buffer.from(`${target.namespace}/${target.secret}`);
  const wrapped = encryptOaep(sealing, sessionKey, label, session.seed);

  const cipher = createCipheriv('aes-256-gcm', sessionKey, Buffer.alloc(12));
  const body = Buffer.concat([cipher.update(value.reveal(), 'utf8'), cipher.final(), cipher.getAuthTag()]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(wrapped.length);
  return { secret: target.secret, key: target.key, value: Buffer.concat([length, wrapped, body]).toString('base64') };
}

/** RSA-OAEP with SHA-256 (RFC 8017, 7.1.1). Written out because node:crypto does not take the seed as an argument. */
function encryptOaep(sealing: SealingCertificate, message: Buffer, label: Buffer, seed: Uint8Array): Buffer {
  const modulusBytes = Math.ceil(sealing.bits / 8);
  const padding = Buffer.alloc(modulusBytes - message.length - 2 * HASH_BYTES - 2);
  const block = Buffer.concat([hash(label), padding, Buffer.from([1]), message]);

  const maskedBlock = xor(block, mask(seed, block.length));
  const maskedSeed = xor(seed, mask(maskedBlock, HASH_BYTES));
  const encoded = Buffer.concat([Buffer.from([0]), maskedSeed, maskedBlock]);
  return publicEncrypt({ key: createPublicKey(sealing.publicKeyPem), padding: constants.RSA_NO_PADDING }, encoded);
}

/** MGF1 (RFC 8017, B.2.1). */
function mask(seed: Uint8Array, length: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(length / HASH_BYTES) }, (_, index) => {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(index);
    return hash(Buffer.concat([seed, counter]));
  });
  return Buffer.concat(blocks).subarray(0, length);
}

function xor(left: Uint8Array, right: Uint8Array): Buffer {
  return Buffer.from(left.map((byte, index) => byte ^ (right[index] ?? 0)));
}

function hash(data: Uint8Array): Buffer {
  return createHash('sha256').update(data).digest();
}
