import { createDecipheriv, createHash } from 'node:crypto';
import { armor, Decrypter } from 'age-encryption';
import type { SopsSecret } from '../../lib/pki/plan.ts';

const ONLY_ENCRYPTED = [0x8a, 0x3f, 0xd2, 0xad, 0x54, 0xce, 0x66, 0x52, 0x7b, 0x10, 0x34, 0xf3, 0xd1, 0x47, 0xbe, 0xb, 0xb, 0x97, 0x5b, 0x3b, 0xf4, 0x4f, 0x72, 0xc6, 0xfd, 0xad, 0xec, 0x81, 0x76, 0xf2, 0x7d, 0x69];

/** Opens a Secret as SOPS does, its code over all values included; throws when anything is not as it was encrypted. The values in clear. */
export async function openSops({ data, age, lastModified, mac }: SopsSecret, identity: string): Promise<ReadonlyMap<string, string>> {
  const key = await dataKey(age, identity);
  const texts = Object.entries(data).map(([name, value]) => [name, openValue(value, `data:${name}:`, key)] as const);
  const code = createHash('sha512').update(Buffer.from(ONLY_ENCRYPTED)).update(texts.map(([, text]) => text).join('')).digest('hex').toUpperCase();
  if (openValue(mac, lastModified, key) !== code) throw new Error('the message authentication code is of other values');
  return new Map(texts.map(([name, text]) => [name, Buffer.from(text, 'base64').toString()]));
}

async function dataKey(age: SopsSecret['age'], identity: string): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  const opened = await Promise.allSettled(age.map(({ enc }) => decrypter.decrypt(armor.decode(enc))));
  const key = opened.find((each) => each.status === 'fulfilled');
  if (key === undefined) throw new Error('encrypted to somebody else');
  return key.value;
}

function openValue(value: string, boundTo: string, key: Uint8Array): string {
  const [, data = '', iv = '', tag = ''] = /^ENC\[AES256_GCM,data:(.+),iv:(.+),tag:(.+),type:str\]$/.exec(value) ?? [];
  const [bytes, nonce, code] = [data, iv, tag].map((text) => Buffer.from(text, 'base64')) as [Buffer, Buffer, Buffer];
  const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(boundTo));
  decipher.setAuthTag(code);
  return Buffer.concat([decipher.update(bytes), decipher.final()]).toString();
}
