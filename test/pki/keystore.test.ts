import { Decrypter, armor, generateIdentity, identityToRecipient } from 'age-encryption';
import { expect, test } from 'vitest';

import { checkRecipients, encryptKeystore, openKeystore } from '../../lib/pki/keystore.ts';
import { Secret } from '../../lib/pki/secret.ts';
import { issuedCluster } from './fixtures.ts';

const { keystore: KEYSTORE } = await issuedCluster();
const IDENTITY = await generateIdentity();
const OTHER = await generateIdentity();
const TEXT = await encryptKeystore(KEYSTORE, [await identityToRecipient(IDENTITY), await identityToRecipient(OTHER)]);
const fileOf = (...lines: string[]) => new Secret(['# created: 2026-01-01', '# public key: age1…', ...lines, ''].join('\n'));

test.for([IDENTITY, OTHER])('everybody it is encrypted to opens it', async (identity) => {
  const opened = await openKeystore(TEXT, fileOf(identity), 'prod');
  if (!opened.ok) throw new Error('it stayed closed');
  expect([...opened.keystore.keys.keys()]).toEqual(['client-ca', 'key1', 'server-ca', 'service-account']);
  for (const [name, key] of opened.keystore.keys) expect(KEYSTORE.keys.get(name)?.equals(key)).toBe(true);
});

test('it is an armored age file with sorted JSON in it', async () => {
  expect(TEXT).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----\n/);
  const decrypter = new Decrypter();
  decrypter.addIdentity(IDENTITY);
  const content = await decrypter.decrypt(armor.decode(TEXT), 'text');
  expect(content.slice(0, 60)).toBe('{"apiVersion":"kubewright.dev/v1","cluster":"prod","keys":{"');
});

test('several identities in one file are all tried', async () => {
  expect((await openKeystore(TEXT, fileOf(await generateIdentity(), IDENTITY), 'prod')).ok).toBe(true);
});

test.for([
  { given: 'an identity of a stranger', file: fileOf(await generateIdentity()), code: 'pki/identity-wrong' },
  { given: 'an empty file', file: fileOf(), code: 'pki/identity-wrong' },
  { given: 'a broken identity', file: fileOf('AGE-SECRET-KEY-1QQQ'), code: 'pki/identity-wrong' },
])('$given opens nothing', async ({ file, code }) => {
  const opened = await openKeystore(TEXT, file, 'prod');
  expect(opened).toMatchObject({ ok: false, problems: [{ code }] });
  expect(JSON.stringify(opened)).not.toContain('AGE-SECRET-KEY-1');
});

test.for([
  { damage: 'a missing end', text: TEXT.slice(0, -200) },
  { damage: 'a changed letter', text: TEXT.replace(/.(?=.{3}\n-----END)/s, (letter) => (letter === 'A' ? 'B' : 'A')) },
  { damage: 'no age file at all', text: 'hello' },
])('$damage is a torn keystore', async ({ text }) => {
  expect(await openKeystore(text, fileOf(IDENTITY), 'prod')).toMatchObject({ ok: false, problems: [{ code: 'pki/keystore-torn' }] });
});

test('the keystore of another cluster is refused', async () => {
  expect(await openKeystore(TEXT, fileOf(IDENTITY), 'copy')).toMatchObject({ ok: false, problems: [{ code: 'pki/keystore-torn', what: 'The keystore holds the keys of prod.' }] });
});

test('recipients are judged before anything is made', async () => {
  expect(checkRecipients('prod', [await identityToRecipient(IDENTITY)])).toEqual([]);
  expect(checkRecipients('prod', [])).toMatchObject([{ code: 'pki/keystore-none', severity: 'warning' }]);
  const pasted = checkRecipients('prod', [IDENTITY]);
  expect(pasted).toMatchObject([{ code: 'pki/recipient-invalid', at: { path: 'keystore.recipients[0]' } }]);
  expect(JSON.stringify(pasted)).not.toContain('AGE-SECRET-KEY');
});
