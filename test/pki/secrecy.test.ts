import { inspect } from 'node:util';

import { generateIdentity, identityToRecipient } from 'age-encryption';
import { expect, test } from 'vitest';

import { exportPlaintext } from '../../lib/pki/export.ts';
import { issueCertificates } from '../../lib/pki/issuing/issue.ts';
import { encryptKeystore, openKeystore } from '../../lib/pki/keystore.ts';
import { parseLock, serializeLock } from '../../lib/pki/lock.ts';
import { Secret } from '../../lib/pki/secret.ts';
import { unseal } from '../support/pki.ts';
import { contextOf, issue, issuedCluster, PLAN, SEALING } from './fixtures.ts';

const { lock: LOCK, keystore: KEYSTORE } = await issuedCluster();
const IDENTITY = await generateIdentity();

/** Every private key there is, as the lines a leak would show. */
const PRIVATE_LINES = [
  ...[...KEYSTORE.keys.values()].map((key) => key.reveal()),
  ...LOCK.certificates.flatMap(({ sealed }) => (sealed === null ? [] : [unseal(SEALING.privateKeyPem, 'cp-prod', sealed)])),
  IDENTITY,
].flatMap((text) => text.split('\n').filter((line) => line.length > 40 || text.length < 80).slice(0, 3)).filter((line) => line !== '');

/** As printed, logged, thrown or serialised, in the clear and in base64. */
function shown(value: unknown): string {
  const text = [String(value), JSON.stringify(value) ?? '', inspect(value, { depth: 20, showHidden: true, getters: true }), value instanceof Error ? value.stack : ''].join('\n');
  return text;
}

function leaks(value: unknown): string[] {
  const text = shown(value);
  return PRIVATE_LINES.filter((line) => text.includes(line) || text.includes(Buffer.from(line).toString('base64').slice(4, -4)));
}

test('the scan finds what it looks for', () => {
  expect(PRIVATE_LINES.length).toBeGreaterThan(15);
  expect(leaks({ key: KEYSTORE.keys.get('client-ca')?.reveal() })).not.toEqual([]);
});

test('a secret shows itself only when asked', () => {
  const secret = new Secret('hidden');
  expect([`${secret}`, JSON.stringify({ secret }), inspect(secret), inspect(new Map([['a', secret]])), String(secret), secret.reveal()])
    .toEqual(['[secret]', '{"secret":"[secret]"}', '[secret]', "Map(1) { 'a' => [secret] }", '[secret]', 'hidden']);
  expect({ ...secret }).toEqual({});
  expect(structuredClone({ ...secret })).toEqual({});
});

test('nothing that issuing returns shows a private key', async () => {
  const result = await issue(PLAN, null, null);
  const failed = await issueCertificates(PLAN, LOCK, { cluster: 'prod', keys: new Map([['client-ca', KEYSTORE.keys.get('server-ca') ?? new Secret('')]]) }, contextOf({ force: ['admin', 'apiserver'] }));
  expect([leaks(result), leaks(KEYSTORE), leaks(failed), leaks(exportPlaintext(KEYSTORE, LOCK))]).toEqual([[], [], [], []]);
});

test('nothing that is written shows a private key', async () => {
  const text = await encryptKeystore(KEYSTORE, [await identityToRecipient(IDENTITY)]);
  expect([leaks(serializeLock(LOCK)), leaks(text)]).toEqual([[], []]);
  expect(leaks(await openKeystore(text, new Secret(IDENTITY), 'prod'))).toEqual([]);
  expect(leaks(await openKeystore(text, new Secret(IDENTITY), 'copy'))).toEqual([]);
  expect(leaks(await openKeystore(`${text}x`, new Secret(`${IDENTITY}x`), 'prod'))).toEqual([]);
});

test('a keystore whose content is damaged says so without showing it', async () => {
  const recipient = await identityToRecipient(IDENTITY);
  const { Encrypter, armor } = await import('age-encryption');
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  const text = armor.encode(await encrypter.encrypt(`{"keys": ${KEYSTORE.keys.get('client-ca')?.reveal()}`));
  const opened = await openKeystore(text, new Secret(IDENTITY), 'prod');
  expect(opened).toMatchObject({ ok: false, problems: [{ code: 'pki/keystore-torn' }] });
  expect(leaks(opened)).toEqual([]);
});

test('errors of broken promises show no private key', async () => {
  const upsideDown = { ...PLAN, certificates: PLAN.certificates.toReversed() };
  const error: unknown = await issueCertificates(upsideDown, null, null, contextOf()).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(Error);
  expect(leaks(error)).toEqual([]);
  expect(leaks(parseLock(serializeLock(LOCK).slice(0, -9), 'prod'))).toEqual([]);
});
