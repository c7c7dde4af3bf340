import { checkPrimeSync, constants, createDecipheriv, createHash, createPrivateKey, createPublicKey, privateDecrypt } from 'node:crypto';

import forge from 'node-forge';

import type { Entropy } from '../../lib/pki/issuing/entropy.ts';
import { isSops, type Sealed } from '../../lib/pki/plan.ts';
import { parseSealingCertificate, type SealingCertificate } from '../../lib/pki/sealing-certificate.ts';

/** Two primes make a key pair; ten primes make 45 different ones. Good enough for tests, and for nothing else. */
const PRIMES = 10;
const PUBLIC_EXPONENT = 65537n;

interface KeyPair {
  readonly privateKeyPem: string;
  readonly publicKeyPem: string;
}

/** Entropy that repeats itself: the same seed always gives the same bytes and the same RSA-2048 keys, whatever `bits` says. */
export function seededEntropy(seed: string): Entropy {
  const stream = seededBytes(seed);
  const start = hash(seed).readUInt32BE(0);
  let made = 0;
  return {
    bytes: (length) => stream(length),
    rsaKeyPair: async () => pairAt(start + made++),
  };
}

/** Primes behind the keys of a whole fleet: they make 136 pairs. */
const MORE_PRIMES = 17;

/** Entropy that gives no key twice, whoever asks: with it, what is the same in two places was not drawn for both. */
export function unrepeatedEntropy(seed: string): Entropy {
  const stream = seededBytes(seed);
  const left = pairsOf(makePrimes(MORE_PRIMES));
  return {
    bytes: (length) => stream(length),
    rsaKeyPair: async () => {
      const chosen = left.pop();
      if (!chosen) throw new Error('all pairs of these primes were given away: take more primes');
      return keyPairOf(chosen);
    },
  };
}

/** A Sealed Secrets controller for tests: its certificate, and the key that opens what was sealed to it. */
export interface TestSealing {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
  readonly sealing: SealingCertificate;
}

/** The same controller every time for the same name, valid from 2020 to 2120. */
export function testSealing(name = 'sealed-secrets'): TestSealing {
  const pair = pairAt(hash(name).readUInt32BE(0));
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(pair.publicKeyPem);
  certificate.serialNumber = '01';
  certificate.validity.notBefore = new Date('2020-01-01T00:00:00Z');
  certificate.validity.notAfter = new Date('2120-01-01T00:00:00Z');
  certificate.setSubject([{ name: 'commonName', value: name }]);
  certificate.setIssuer([{ name: 'commonName', value: name }]);
  certificate.sign(forge.pki.privateKeyFromPem(pair.privateKeyPem), forge.md.sha256.create());
  const certificatePem = forge.pki.certificateToPem(certificate);
  const parsed = parseSealingCertificate(certificatePem, { of: 'fleet', path: 'sealing.certificate' });
  if (!parsed.ok) throw new Error('the sealing certificate of the tests is none');
  return { certificatePem, privateKeyPem: pair.privateKeyPem, sealing: parsed.sealing };
}

/** Opens a sealed value with OpenSSL, as the controller would. Throws when it may not be opened under this name. */
export function unseal(privateKeyPem: string, namespace: string, sealed: Sealed): string {
  const { wrapped, body, tag } = takeApart(sealed);
  const oaepLabel = Buffer.from(`${namespace}/${sealed.secret}`);
  const sessionKey = privateDecrypt({ key: privateKeyPem, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256', oaepLabel }, wrapped);
  const decipher = createDecipheriv('aes-256-gcm', sessionKey, Buffer.alloc(12));
  decipher.setAuthTag(tag);
  return Buffer.concat([decipher.update(body), decipher.final()]).toString();
}

/** Opens a sealed value with node-forge: another implementation of every step. */
export function unsealWithForge(privateKeyPem: string, namespace: string, sealed: Sealed): string {
  const { wrapped, body, tag } = takeApart(sealed);
  const label = `${namespace}/${sealed.secret}`;
  const scheme = { md: forge.md.sha256.create(), mgf1: { md: forge.md.sha256.create() }, label };
  const sessionKey = forge.pki.privateKeyFromPem(privateKeyPem).decrypt(wrapped.toString('binary'), 'RSA-OAEP', scheme);
  const decipher = forge.cipher.createDecipher('AES-GCM', sessionKey);
  decipher.start({ iv: '\0'.repeat(12), tag: forge.util.createBuffer(tag.toString('binary')) });
  decipher.update(forge.util.createBuffer(body.toString('binary')));
  if (!decipher.finish()) throw new Error('the tag does not match');
  return decipher.output.toString();
}

function takeApart(sealed: Sealed) {
  if (isSops(sealed)) throw new Error('a Secret that SOPS encrypted is not for the controller');
  const raw = Buffer.from(sealed.value, 'base64');
  const end = 2 + raw.readUInt16BE(0);
  return { wrapped: raw.subarray(2, end), body: raw.subarray(end, -16), tag: raw.subarray(-16) };
}

let primes: readonly bigint[] | undefined;
const pairs = new Map<number, KeyPair>();

function pairAt(index: number): KeyPair {
  const place = index % ((PRIMES * (PRIMES - 1)) / 2);
  const known = pairs.get(place);
  if (known) return known;
  const made = makePair(place);
  pairs.set(place, made);
  return made;
}

function makePair(place: number): KeyPair {
  primes ??= makePrimes(PRIMES);
  const chosen = pairsOf(primes)[place];
  if (!chosen) throw new Error(`there is no pair ${place}`);
  return keyPairOf(chosen);
}

type Pair = readonly [bigint, bigint];

const pairsOf = (all: readonly bigint[]): Pair[] => all.flatMap((p, i) => all.slice(i + 1).map((q): Pair => [p, q]));

function keyPairOf(chosen: Pair): KeyPair {
  const [q, p] = chosen[0] < chosen[1] ? chosen : [chosen[1], chosen[0]];
  const d = invert(PUBLIC_EXPONENT, (p - 1n) * (q - 1n));
  const numbers = { n: p * q, e: PUBLIC_EXPONENT, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: invert(q, p) };
  const jwk = Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name, toBase64Url(number)]));
  const privateKeyPem = createPrivateKey({ key: { kty: 'RSA', ...jwk }, format: 'jwk' }).export({ type: 'pkcs1', format: 'pem' }).toString();
  const publicKeyPem = createPublicKey(privateKeyPem).export({ type: 'spki', format: 'pem' }).toString();
  return { privateKeyPem, publicKeyPem };
}

function makePrimes(count: number): bigint[] {
  const stream = seededBytes('primes for tests');
  return Array.from({ length: count }, () => nextPrime(stream(128)));
}

/** The first prime from a number with its two highest bits set, so that the product of two has 2,048 bits. */
function nextPrime(start: Buffer): bigint {
  start[0] = (start[0] ?? 0) | 0xc0;
  start[127] = (start[127] ?? 0) | 1;
  const candidate = BigInt(`0x${start.toString('hex')}`);
  const steps = SMALL_PRIMES.map((small) => Number(candidate % BigInt(small)));
  for (let step = 0; ; step += 2) {
    if (steps.some((rest, i) => (rest + step) % (SMALL_PRIMES[i] ?? 1) === 0)) continue;
    const number = candidate + BigInt(step);
    if ((number - 1n) % PUBLIC_EXPONENT !== 0n && checkPrimeSync(number)) return number;
  }
}

const SMALL_PRIMES = Array.from({ length: 4000 }, (_, i) => i).filter((n) => n > 2 && n % 2 === 1 && isSmallPrime(n));

function isSmallPrime(n: number): boolean {
  for (let i = 3; i * i <= n; i += 2) if (n % i === 0) return false;
  return true;
}

function invert(a: bigint, modulus: bigint): bigint {
  let [before, rest, x, y] = [modulus, a, 0n, 1n];
  while (rest > 1n) {
    const times = before / rest;
    [before, rest, x, y] = [rest, before % rest, y, x - times * y];
  }
  return y < 0n ? y + modulus : y;
}

function toBase64Url(number: bigint): string {
  const hex = number.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').toString('base64url');
}

function seededBytes(seed: string): (length: number) => Buffer {
  let counter = 0;
  return (length) => {
    const blocks = Array.from({ length: Math.ceil(length / 32) }, () => hash(`${seed}/${counter++}`));
    return Buffer.concat(blocks).subarray(0, length);
  };
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
