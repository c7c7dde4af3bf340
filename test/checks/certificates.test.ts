import { generateKeyPairSync } from 'node:crypto';
import forge from 'node-forge';
import { expect, test } from 'vitest';
import { runChecks } from '../../lib/checks/check.ts';
import { EMPTY_CONTEXT, type CheckContext } from '../../lib/checks/input.ts';
import { lines } from './breaking.ts';

const DNS = 2;
const ADDRESS = 7;

/** Self-signed: only its names and usages matter here. */
function certificate(names: readonly object[], usages: object): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024, privateKeyEncoding: { type: 'pkcs1', format: 'pem' }, publicKeyEncoding: { type: 'pkcs1', format: 'pem' } });
  const key = forge.pki.privateKeyFromPem(privateKey);
  const made = forge.pki.createCertificate();
  made.publicKey = forge.pki.setRsaPublicKey(key.n, key.e);
  made.setSubject([{ name: 'commonName', value: 'common.example.com' }]);
  made.setExtensions([{ name: 'extKeyUsage', ...usages }, ...(names.length === 0 ? [] : [{ name: 'subjectAltName', altNames: names }])]);
  made.sign(key, forge.md.sha256.create());
  return forge.pki.certificateToPem(made);
}

const SERVER = certificate([
  { type: DNS, value: 'api.example.com' }, { type: DNS, value: '*.etcd-peers.cp-a.svc' }, { type: ADDRESS, ip: '10.32.0.1' }, { type: ADDRESS, ip: 'fd00::1' },
], { serverAuth: true });
const NAMELESS = certificate([], { clientAuth: true });

const check = (context: Partial<CheckContext>) => lines(runChecks('a', [], { ...EMPTY_CONTEXT, ...context }));
const serving = (pem: string, ...hosts: readonly string[]) => check({ servings: [{ certificate: pem, hosts, source: 'certificates', name: 'apiserver' }] });

test.for(['api.example.com', 'API.example.com', 'etcd-0.etcd-peers.cp-a.svc', '10.32.0.1', 'fd00::1', '[fd00::1]'])('%s is covered', (host) => {
  expect(serving(SERVER, host)).toEqual([]);
});

test.for(['example.com', 'a.b.etcd-peers.cp-a.svc', 'etcd-peers.cp-a.svc', '10.32.0.2', 'fd00::2', 'common.example.com'])('%s is not covered', (host) => {
  expect(serving(SERVER, host)).toEqual([
    `certificate/does-not-cover: certificate apiserver does not cover ${host}, by which clients connect; it covers DNS:api.example.com, DNS:*.etcd-peers.cp-a.svc, IP Address:10.32.0.1, IP Address:FD00:0:0:0:0:0:0:1.`,
  ]);
});

test('a common name covers nothing', () => {
  expect(serving(NAMELESS, 'common.example.com')).toEqual([
    'certificate/does-not-cover: certificate apiserver does not cover common.example.com, by which clients connect; it covers no name at all.',
  ]);
});

test('a certificate is used for what it was issued for', () => {
  const use = (pem: string, wanted: 'serverAuth' | 'clientAuth') => check({ usages: [{ certificate: pem, use: wanted, source: '', name: 'x' }] });
  expect(use(SERVER, 'serverAuth')).toEqual([]);
  expect(use(NAMELESS, 'clientAuth')).toEqual([]);
  expect(use(SERVER, 'clientAuth')).toEqual(['certificate/wrong-usage: certificate x is used for clientAuth, which its extended key usages do not allow.']);
});

test('what is no certificate is told, not thrown', () => {
  expect(serving('-----BEGIN CERTIFICATE-----', 'a')).toEqual(['certificate/unreadable: certificate apiserver cannot be read as an X.509 certificate in PEM.']);
});
