import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { checkTexts, secretIn } from '../../lib/checks/secrets/secrets.ts';
import type { Manifest } from '../../lib/model/manifest.ts';
import { lines, problemsWith } from './breaking.ts';

const key = generateKeyPairSync('ec', { namedCurve: 'P-256', privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });
const base64 = (text: string) => Buffer.from(text).toString('base64');
const token = ['abcdef', '0123456789abcdef'].join('.');

test.for([
  { shows: 'a private key', text: `x\n${key.privateKey}`, secret: 'a private key (PEM)' },
  { shows: 'an RSA key', text: `-----BEGIN RSA ${'PRIVATE'} KEY-----`, secret: 'a private key (PEM)' },
  { shows: 'base64 of a key', text: base64(key.privateKey), secret: 'a private key (PEM in base64)' },
  { shows: 'base64 of a key, one byte later', text: base64(`.${key.privateKey}`), secret: 'a private key (PEM in base64)' },
  { shows: 'base64 of a key, two bytes later', text: base64(`..${key.privateKey}`), secret: 'a private key (PEM in base64)' },
  { shows: 'a bootstrap token', text: `token: ${token}.`, secret: 'a bootstrap token' },
  { shows: 'an age identity', text: `AGE-SECRET-KEY-1${'Q'.repeat(58)}`, secret: 'an age identity' },
  { shows: 'a public key', text: key.publicKey, secret: null },
  { shows: 'base64 of a public key', text: base64(key.publicKey), secret: null },
  { shows: 'a host name', text: 'server.certificaterotat.example.com', secret: null },
  { shows: 'a word that is no token', text: 'policy.authorizationfoo', secret: null },
])('$shows', ({ text, secret }) => {
  expect(secretIn(text)).toBe(secret);
});

test('no message shows the secret', () => {
  const config: Manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', namespace: 'cp-a' }, data: { 'tls.key': key.privateKey, token } };
  const secret: Manifest = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'y', namespace: 'cp-a' }, stringData: { password: 'hunter2-and-more' } };
  const problems = problemsWith(config, secret);
  expect(lines(problems)).toEqual([
    'secret/in-clear: ConfigMap cp-a/x: data["tls.key"] holds a private key (PEM) in clear.',
    'secret/in-clear: ConfigMap cp-a/x: data.token holds a bootstrap token in clear.',
    'secret/in-clear: Secret cp-a/y: stringData is a Secret in clear.',
  ]);
  expect(JSON.stringify(problems)).not.toMatch(new RegExp(`hunter2|${token}|${key.privateKey.split('\n')[1]?.slice(0, 20)}`));
});

test('any file is searched', () => {
  expect(lines(checkTexts('a', [{ path: 'a/notes.txt', text: key.privateKey }, { path: 'a/ca.crt', text: key.publicKey }]))).toEqual([
    'secret/in-clear: a/notes.txt holds a private key (PEM) in clear.',
  ]);
});
