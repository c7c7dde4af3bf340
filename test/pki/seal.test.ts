import { generateKeyPairSync } from 'node:crypto';

import forge from 'node-forge';
import { expect, test } from 'vitest';

import { Secret } from '../../lib/pki/secret.ts';
import { drawSession, sealValue } from '../../lib/pki/issuing/seal.ts';
import { parseSealingCertificate, sealingExpiry } from '../../lib/pki/sealing-certificate.ts';
import { seededEntropy, unseal, unsealWithForge } from '../support/pki.ts';
import { days, SEALING } from './fixtures.ts';

const AT = { of: 'fleet', path: 'sealing.certificate' };
const TARGET = { namespace: 'cp-prod', secret: 'apiserver', key: 'tls.key' };
const sealText = (text: string, seed = 'a') => sealValue(new Secret(text), TARGET, SEALING.sealing, drawSession(seededEntropy(seed)));

test.for(['', 'x', 'snow ☃ and 𝄞', 'line\n'.repeat(4000)])('a value comes back in two implementations', (text) => {
  const sealed = sealText(text);
  expect(sealed).toMatchObject({ secret: 'apiserver', key: 'tls.key' });
  expect(unseal(SEALING.privateKeyPem, 'cp-prod', sealed)).toBe(text);
  expect(unsealWithForge(SEALING.privateKeyPem, 'cp-prod', sealed)).toBe(text);
});

test('the same entropy gives the same bytes, other entropy gives others', () => {
  expect(sealText('x')).toEqual(sealText('x'));
  expect(sealText('x').value).not.toBe(sealText('x', 'b').value);
});

test('it is laid out as the controller reads it', () => {
  const raw = Buffer.from(sealText('four').value, 'base64');
  expect(raw.readUInt16BE(0)).toBe(256);
  expect(raw).toHaveLength(2 + 256 + 'four'.length + 16);
});

test.for([
  { moved: 'another namespace', namespace: 'cp-other', secret: 'apiserver' },
  { moved: 'another Secret', namespace: 'cp-prod', secret: 'etcd-server' },
])('$moved does not open it', ({ namespace, secret }) => {
  expect(() => unseal(SEALING.privateKeyPem, namespace, { ...sealText('x'), secret })).toThrow();
});

test('our OAEP is the one that node-forge makes from the same seed', () => {
  const entropy = seededEntropy('a');
  const sessionKey = Buffer.from(entropy.bytes(32)).toString('binary');
  const seed = Buffer.from(entropy.bytes(32)).toString('binary');
  const key = forge.pki.publicKeyFromPem(SEALING.sealing.publicKeyPem);
  const scheme = { md: forge.md.sha256.create(), mgf1: { md: forge.md.sha256.create() }, label: 'cp-prod/apiserver', seed };
  const wrapped = Buffer.from(key.encrypt(sessionKey, 'RSA-OAEP', scheme), 'binary');
  expect(Buffer.from(sealText('x').value, 'base64').subarray(2, 258).equals(wrapped)).toBe(true);
});

const SOME_KEY = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

function smallCertificate(): string {
  const { publicKey, privateKey } = forge.pki.rsa.generateKeyPair({ bits: 1024 });
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = publicKey;
  certificate.sign(privateKey, forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate);
}

test.for([
  { given: 'nothing', pem: '', what: 'The sealing certificate is not an X.509 certificate in PEM form.' },
  { given: 'a public key', pem: SEALING.sealing.publicKeyPem, what: 'The sealing certificate is not an X.509 certificate in PEM form.' },
  { given: 'a damaged certificate', pem: SEALING.certificatePem.replace(/[A-Z]/g, 'A'), what: 'The sealing certificate is not an X.509 certificate in PEM form.' },
  { given: 'a short key', pem: smallCertificate(), what: 'The sealing certificate has an RSA key of 1024 bits.' },
  { given: 'a private key beside it', pem: SEALING.certificatePem + SOME_KEY, what: 'The sealing certificate comes with a private key.' },
])('$given is refused as sealing certificate', ({ pem, what }) => {
  expect(parseSealingCertificate(pem, AT)).toMatchObject({ ok: false, problems: [{ code: 'pki/sealing-certificate-invalid', severity: 'error', at: AT, what }] });
});

test('the sealing certificate is read, comments around it or not', () => {
  const parsed = parseSealingCertificate(`# production\n${SEALING.certificatePem}\n`, AT);
  expect(parsed).toEqual({ ok: true, sealing: SEALING.sealing });
  expect(SEALING.sealing).toMatchObject({ bits: 2048, notAfter: '2120-01-01T00:00:00Z' });
  expect(SEALING.sealing.fingerprint).toMatch(/^[0-9a-f]{64}$/);
});

test('it may end, with a warning', () => {
  expect(sealingExpiry(SEALING.sealing, days(0), AT)).toEqual([]);
  expect(sealingExpiry(SEALING.sealing, new Date('2121-01-01'), AT)).toMatchObject([{ code: 'pki/sealing-certificate-expired', severity: 'warning' }]);
});
