import { createCipheriv, createHash } from 'node:crypto';
import { armor, Encrypter } from 'age-encryption';
import { isoSeconds } from '../dates.ts';
import { byCodeUnit } from '../digest.ts';
import type { SopsSecret } from '../plan.ts';
import type { Secret } from '../secret.ts';
import type { Entropy } from './entropy.ts';

const KEY_BYTES = 32;
const NONCE_BYTES = 32;

/** What a message authentication code of encrypted values alone begins with: https://github.com/getsops/sops/blob/v3.11.0/sops.go */
const ONLY_ENCRYPTED = Buffer.from('8a3fd2ad54ce66527b1034f3d147be0b0b975b3bf44f72c6fdadec8176f27d69', 'hex');

/** The key of one Secret, and the same for each recipient. */
export interface DataKey {
  readonly key: Buffer;
  readonly age: SopsSecret['age'];
}

/** age brings its own randomness, so that a key is never wrapped twice alike. */
export async function makeDataKey(recipients: readonly string[], entropy: Entropy): Promise<DataKey> {
  const key = Buffer.from(entropy.bytes(KEY_BYTES));
  const age = await Promise.all(recipients.map(async (recipient) => ({ recipient, enc: await wrapKey(key, recipient) })));
  return { key, age };
}

async function wrapKey(key: Buffer, recipient: string): Promise<string> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return armor.encode(await encrypter.encrypt(key));
}

/**
 * All values below `data` of a Secret, as SOPS encrypts them: AES-256-GCM under the data key with a nonce of 32 bytes,
 * bound to the path. The code over all of them leaves the metadata out, since a build writes that.
 * Format: https://github.com/getsops/sops#encryption-protocol
 */
export function encryptSecret(secret: string, contents: ReadonlyMap<string, Secret>, { key, age }: DataKey, now: Date, entropy: Entropy): SopsSecret {
  const encrypt = (text: string, boundTo: string): string => encryptText(text, boundTo, key, entropy.bytes(NONCE_BYTES));
  const values = [...contents].map(([name, value]) => [name, Buffer.from(value.reveal()).toString('base64')] as const).toSorted(([a], [b]) => byCodeUnit(a, b));
  const data = Object.fromEntries(values.map(([name, text]) => [name, encrypt(text, `data:${name}:`)]));
  const code = createHash('sha512').update(ONLY_ENCRYPTED).update(values.map(([, text]) => text).join('')).digest('hex').toUpperCase();
  const lastModified = isoSeconds(now);
  return { secret, data, age, lastModified, mac: encrypt(code, lastModified) };
}

function encryptText(text: string, boundTo: string, key: Buffer, nonce: Uint8Array): string {
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(boundTo));
  const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  const [shown, iv, tag] = [data, Buffer.from(nonce), cipher.getAuthTag()].map((bytes) => bytes.toString('base64'));
  return `ENC[AES256_GCM,data:${shown},iv:${iv},tag:${tag},type:str]`;
}
