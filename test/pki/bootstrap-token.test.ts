import { X509Certificate, createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { bootstrapTokenSecret, joinCommand, makeBootstrapToken, tokenText, type TokenOrder } from '../../lib/pki/credentials/bootstrap-token.ts';
import { SYSTEM_ENTROPY } from '../../lib/pki/issuing/entropy.ts';
import { Secret } from '../../lib/pki/secret.ts';
import { toYaml } from '../../lib/yaml/serialize.ts';
import { seededEntropy } from '../support/pki.ts';
import { issuedCluster, NOW } from './fixtures.ts';

const make = (change: Partial<TokenOrder> = {}) => makeBootstrapToken({ now: NOW, entropy: seededEntropy('token'), seconds: 7200, description: null, ...change });

/** kubeadm's own expression. */
const TOKEN = /^([a-z0-9]{6})\.([a-z0-9]{16})$/;

test('a token has the form that kubeadm reads, and hides itself', () => {
  const token = make();
  expect(tokenText(token).reveal()).toMatch(TOKEN);
  expect(tokenText(token).reveal().startsWith(`${token.id}.`)).toBe(true);
  expect(JSON.stringify(token)).toContain('[secret]');
  expect(tokenText(make()).reveal()).toBe(tokenText(token).reveal());
  expect(tokenText(make({ entropy: SYSTEM_ENTROPY })).reveal()).not.toBe(tokenText(make({ entropy: SYSTEM_ENTROPY })).reveal());
});

test('every character is as likely as any other', () => {
  const firstOf = (byte: number): string => {
    const given = [byte, ...Array<number>(500).fill(0)];
    return make({ entropy: { ...SYSTEM_ENTROPY, bytes: (length) => Uint8Array.from(given.splice(0, length)) } }).id.charAt(0);
  };
  const firsts = Array.from({ length: 252 }, (_, byte) => firstOf(byte));
  expect(firsts.toSorted().join('')).toBe([...'0123456789abcdefghijklmnopqrstuvwxyz'].map((character) => character.repeat(7)).join(''));
  // The other four would be some characters' eighth: they stand for none.
  expect([252, 253, 254, 255].map(firstOf)).toEqual(['a', 'a', 'a', 'a']);
});

test('the Secret is the one that kubeadm would make', () => {
  const token = make({ description: 'machine rack3-n17' });
  expect(bootstrapTokenSecret(token)).toEqual({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `bootstrap-token-${token.id}`, namespace: 'kube-system' },
    type: 'bootstrap.kubernetes.io/token',
    stringData: {
      description: 'machine rack3-n17',
      'token-id': token.id,
      'token-secret': token.secret.reveal(),
      expiration: '2026-03-01T12:00:00Z',
      'usage-bootstrap-authentication': 'true',
      'usage-bootstrap-signing': 'true',
      'auth-extra-groups': 'system:bootstrappers:kubeadm:default-node-token',
    },
  });
  expect(bootstrapTokenSecret(make()).stringData).not.toHaveProperty('description');
});

test.for(['123456', '0x1234', '012345', '1e1234', 'e12345', '123e45', '0o1234', '0b1010', '1_0000'])('%s is a text in both versions of YAML', (id) => {
  const text = toYaml(bootstrapTokenSecret({ id, secret: new Secret('1234567890123456'), expires: NOW, description: 'yes' }));
  for (const version of ['1.1', '1.2'] as const) {
    expect(parse(text, { version })).toMatchObject({ stringData: { 'token-id': id, 'token-secret': '1234567890123456', description: 'yes', expiration: '2026-03-01T10:00:00Z' } });
  }
});

test('the command pins the key of the authority that signs the API server', async () => {
  const { lock } = await issuedCluster();
  const token = make();
  const pem = lock.certificates.find(({ spec }) => spec.name === 'server-ca')?.certificate ?? '';
  const pin = createHash('sha256').update(new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' })).digest('hex');
  expect(joinCommand({ host: 'api.prod.example.com', port: 443 }, token, lock).reveal())
    .toBe(`kubeadm join api.prod.example.com:443 --token ${tokenText(token).reveal()} --discovery-token-ca-cert-hash sha256:${pin}`);
});
