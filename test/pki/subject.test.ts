import { X509Certificate } from 'node:crypto';

import forge from 'node-forge';
import { expect, test } from 'vitest';

import { checkLock } from '../../lib/pki/coverage.ts';
import { issueAccess } from '../../lib/pki/issuing/access.ts';
import { certificateOf, type CertificateSpec, type PkiLock, type PkiPlan } from '../../lib/pki/plan.ts';
import { isPrintable, wronglyTyped } from '../../lib/pki/subject.ts';
import { seededEntropy } from '../support/pki.ts';
import { days, issue, NOW, planWith, SEALING } from './fixtures.ts';

const user = (commonName: string, organizations: readonly string[]): CertificateSpec =>
  ({ issuer: 'client-ca', commonName, name: `user-${commonName}`, organizations, usages: ['clientAuth'], dnsNames: [], ipAddresses: [], days: 365, secret: 'kubeconfig', sealed: true });

/** Of every length that DER writes in another way. */
const LONG = [100, 200, 300].map((length) => 'under_score'.repeat(length / 10));
const USERS = [user('jo@example.com', ['on_call', 'staff', 'Jürgens Büro', '日本', 'a*b&c', 'team:a/b (c)', ...LONG]), user('ci', ['x@y'])];
const FOREIGN = planWith('client-ca', { commonName: 'Autorität' });
const WITH_USERS: PkiPlan = { ...FOREIGN, certificates: [...FOREIGN.certificates, ...USERS] };
const { lock: LOCK, keystore: KEYSTORE } = await issue(WITH_USERS, null, null);

const PRINTABLE_STRING = 0x13;
const UTF8_STRING = 0x0c;

interface Attribute {
  readonly type: number;
  readonly bytes: Buffer;
}

/** Issuer and subject, as they stand in the DER: a sequence of sets of one pair each. */
function namesOf(pem: string): Record<'issuer' | 'subject', readonly Attribute[]> {
  const childrenOf = ({ value }: forge.asn1.Asn1): forge.asn1.Asn1[] => value as forge.asn1.Asn1[];
  const certificate = forge.asn1.fromDer(forge.util.createBuffer(new X509Certificate(pem).raw.toString('binary')));
  const [, , , issuer, , subject] = childrenOf(childrenOf(certificate)[0] as forge.asn1.Asn1);
  const attributesOf = (name: forge.asn1.Asn1): Attribute[] => childrenOf(name).flatMap(childrenOf).map((pair) => {
    const { type, value } = childrenOf(pair)[1] as forge.asn1.Asn1;
    return { type, bytes: Buffer.from(value as string, 'binary') };
  });
  return { issuer: attributesOf(issuer as forge.asn1.Asn1), subject: attributesOf(subject as forge.asn1.Asn1) };
}

/** Go's own list, less `*` and `&`, which it bears with although ASN.1 does not. */
const typeFor = (text: string): number => ([...text].every((letter) => /[A-Za-z0-9 ]/.test(letter) || "'()+,-./:=?".includes(letter)) ? PRINTABLE_STRING : UTF8_STRING);

const expected = ({ organizations, commonName }: CertificateSpec): Attribute[] => [...organizations, commonName].map((text) => ({ type: typeFor(text), bytes: Buffer.from(text) }));

test.for(WITH_USERS.certificates)('every text in the subject of $name is a string of a type that allows it', (spec) => {
  const { issuer, subject } = namesOf(certificateOf(LOCK, spec.name).certificate);
  expect(subject).toEqual(expected(spec));
  expect(issuer).toEqual(expected(certificateOf(LOCK, spec.issuer ?? spec.name).spec));
});

test('so it is in a certificate for a few hours', async () => {
  if (KEYSTORE === null) throw new Error('a new cluster has a keystore');
  const order = { user: 'jo@example.com', server: 'https://api.example.com', seconds: 3600, now: NOW, entropy: seededEntropy('access') };
  const access = await issueAccess(WITH_USERS, LOCK, KEYSTORE, order);
  const data = access.ok ? /client-certificate-data: (\S+)/.exec(access.kubeconfig.reveal())?.[1] : undefined;
  expect(namesOf(Buffer.from(data ?? '', 'base64').toString()).subject).toEqual(expected(USERS[0] as CertificateSpec));
});

test('both kinds of text are there', () => {
  const texts = WITH_USERS.certificates.flatMap(({ organizations, commonName }) => [...organizations, commonName]);
  expect(texts.filter((text) => isPrintable(text) !== (typeFor(text) === PRINTABLE_STRING))).toEqual([]);
  expect(new Set(texts.map(typeFor))).toEqual(new Set([PRINTABLE_STRING, UTF8_STRING]));
});

/** The lock with a text of that certificate as a PrintableString. Nobody looks at the signature of what is to be issued anew. */
function mistyped(name: string, text: string): PkiLock {
  const retype = (pem: string): string => {
    const der = Buffer.from(new X509Certificate(pem).raw);
    der[der.lastIndexOf(text) - 2] = PRINTABLE_STRING;
    return `-----BEGIN CERTIFICATE-----\n${(der.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`;
  };
  return { ...LOCK, certificates: LOCK.certificates.map((entry) => (entry.spec.name === name ? { ...entry, certificate: retype(entry.certificate) } : entry)) };
}

test.for([['user-jo@example.com', 'jo@example.com'], ['user-jo@example.com', 'on_call'], ['user-ci', 'x@y']] as const)('%s with %s as a string of a wrong type is found, and issued anew', async ([name, text]) => {
  const lock = mistyped(name, text);
  expect(wronglyTyped(certificateOf(lock, name))).toEqual([text]);
  expect(checkLock(WITH_USERS, lock, SEALING.sealing)).toMatchObject([{ code: 'pki/certificate-differs', at: { path: `certificates.${name}` }, what: expect.stringContaining(`has ${text} in its subject`) as string }]);
  const again = await issue(WITH_USERS, lock, KEYSTORE, { now: days(1), entropy: seededEntropy('second') });
  expect(again.issued.map(({ name: issued }) => issued)).toEqual([name]);
  expect(checkLock(WITH_USERS, again.lock, SEALING.sealing)).toEqual([]);
});

test('a lock that was issued so is left alone', async () => {
  expect(checkLock(WITH_USERS, LOCK, SEALING.sealing)).toEqual([]);
  expect((await issue(WITH_USERS, LOCK, 'closed', { now: days(1) })).issued).toEqual([]);
});
