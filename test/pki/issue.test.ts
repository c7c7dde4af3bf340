import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';

import forge from 'node-forge';
import { expect, test } from 'vitest';

import { issueCertificates } from '../../lib/pki/issuing/issue.ts';
import { serializeLock } from '../../lib/pki/lock.ts';
import { certificateOf, keyOf, type CertificateSpec, type PkiLock } from '../../lib/pki/plan.ts';
import { seededEntropy, testSealing, unseal, unsealWithForge } from '../support/pki.ts';
import { contextOf, days, issue, issuedCluster, names, PLAN, planWith, SEALING } from './fixtures.ts';

const ALL = [...PLAN.certificates, ...PLAN.keys].map(({ name }) => name).toSorted();
const { lock: LOCK, keystore: KEYSTORE } = await issuedCluster();
const x509 = (lock: PkiLock, name: string) => new X509Certificate(certificateOf(lock, name).certificate);
const later = { now: days(10), entropy: seededEntropy('second') };

test('a new cluster gets everything at once, and needs no identity', async () => {
  const result = await issue(PLAN, null, null);
  expect(names(result)).toEqual(ALL);
  expect(result.issued.map(({ why }) => why)).toEqual(ALL.map(() => 'is new'));
  expect([...(result.keystore?.keys.keys() ?? [])].toSorted()).toEqual(['client-ca', 'key1', 'server-ca', 'service-account']);
});

test('the same seed and clock give the same bytes', async () => {
  expect(serializeLock((await issue(PLAN, null, null)).lock)).toBe(serializeLock(LOCK));
});

test.for(PLAN.certificates.map(({ name }) => name))('%s is what OpenSSL expects', (name) => {
  const { spec, notBefore, notAfter, serial } = certificateOf(LOCK, name);
  const certificate = x509(LOCK, name);
  const issuer = x509(LOCK, spec.issuer ?? name);
  expect(certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)).toBe(true);
  expect(certificate.ca).toBe(spec.issuer === null);
  expect(certificate.subject).toBe([...spec.organizations.map((o) => `O=${o}`), `CN=${spec.commonName}`].join('\n'));
  expect(certificate.keyUsage).toEqual(spec.usages.length === 0 ? undefined : spec.usages.map((usage) => (usage === 'serverAuth' ? '1.3.6.1.5.5.7.3.1' : '1.3.6.1.5.5.7.3.2')));
  expect(notBefore).toBe('2026-03-01T09:55:00Z');
  expect(notAfter).toBe(spec.issuer === null ? '2036-02-27T10:00:00Z' : '2027-03-01T10:00:00Z');
  expect(serial).toMatch(/^[4-7][0-9a-f]{31}$/);
});

test.for(PLAN.certificates.map(({ name }) => name))('node-forge accepts the signature of %s', (name) => {
  const { spec, certificate } = certificateOf(LOCK, name);
  const issuer = forge.pki.certificateFromPem(certificateOf(LOCK, spec.issuer ?? name).certificate);
  expect(issuer.verify(forge.pki.certificateFromPem(certificate))).toBe(true);
});

test.for([
  { name: 'client-ca', constraints: '0603551d130101ff040530030101ff', usage: '0603551d0f0101ff0404030202a4' },
  { name: 'apiserver', constraints: '0603551d130101ff04023000', usage: '0603551d0f0101ff0404030205a0' },
])('$name has critical constraints and usages in its bytes', ({ name, constraints, usage }) => {
  const der = x509(LOCK, name).raw.toString('hex');
  expect(der).toContain(constraints);
  expect(der).toContain(usage);
});

test('the authority key identifier is the subject key identifier of the authority', () => {
  const keyId = /0603551d0e04160414([0-9a-f]{40})/.exec(x509(LOCK, 'server-ca').raw.toString('hex'))?.[1];
  expect(keyId).toBeDefined();
  expect(x509(LOCK, 'apiserver').raw.toString('hex')).toContain(`0603551d23041830168014${keyId}`);
});

test('names and addresses of both families are in the certificate', () => {
  const { subjectAltName = '' } = x509(LOCK, 'apiserver');
  expect(subjectAltName.split(', ').toSorted()).toEqual(['DNS:api.example.com', 'DNS:kubernetes', 'IP Address:0:0:0:0:0:0:0:1', 'IP Address:10.32.0.1', 'IP Address:FD00:0:0:0:0:0:0:1']);
  expect(x509(LOCK, 'scheduler').subjectAltName).toBeUndefined();
});

test('authorities are not chained to one another', () => {
  const [server, client] = [x509(LOCK, 'server-ca'), x509(LOCK, 'client-ca')];
  expect(server.checkIssued(client) || client.checkIssued(server)).toBe(false);
  expect(x509(LOCK, 'scheduler').verify(server.publicKey)).toBe(false);
});

test('every sealed key opens in two implementations and belongs to its certificate', () => {
  for (const { spec, sealed } of LOCK.certificates) {
    expect(sealed !== null).toBe(spec.sealed);
    if (sealed === null) continue;
    const key = unseal(SEALING.privateKeyPem, 'cp-prod', sealed);
    expect(unsealWithForge(SEALING.privateKeyPem, 'cp-prod', sealed)).toBe(key);
    expect(x509(LOCK, spec.name).checkPrivateKey(createPrivateKey(key))).toBe(true);
  }
});

test('the service account key is a pair, the encryption key is 32 bytes and its id tells nothing', () => {
  const [account, encryption] = [keyOf(LOCK, 'service-account'), keyOf(LOCK, 'key1')];
  if (account.kind !== 'serviceAccount' || encryption.kind !== 'encryption') throw new Error('wrong kinds');
  expect(createPublicKey(unseal(SEALING.privateKeyPem, 'cp-prod', account.sealed)).export({ type: 'spki', format: 'pem' })).toBe(account.publicKey);
  const secret = unseal(SEALING.privateKeyPem, 'cp-prod', encryption.sealed);
  expect(Buffer.from(secret, 'base64')).toHaveLength(32);
  expect(secret).toBe(KEYSTORE.keys.get('key1')?.reveal());
  expect(encryption.id).toMatch(/^[0-9a-f]{16}$/);
});

test.for([KEYSTORE, 'closed', null] as const)('a second run issues nothing and changes no byte', async (keystore) => {
  const again = await issue(PLAN, LOCK, keystore, later);
  expect(again.issued).toEqual([]);
  expect(again.keystore).toBeNull();
  expect(serializeLock(again.lock)).toBe(serializeLock(LOCK));
});

test('names in another order are the same names', async () => {
  const again = await issue(planWith('apiserver', { dnsNames: ['api.example.com', 'kubernetes'] }), LOCK, 'closed', later);
  expect(serializeLock(again.lock)).toBe(serializeLock(LOCK));
});

test.for([
  { change: { dnsNames: ['kubernetes', 'new.example.com'] }, why: 'names: adds new.example.com; drops api.example.com' },
  { change: { ipAddresses: ['10.32.0.1', 'fd00::1'] }, why: 'addresses: drops ::1' },
  { change: { usages: ['serverAuth', 'clientAuth'] }, why: 'usages: adds clientAuth' },
  { change: { commonName: 'apiserver' }, why: 'subject: adds CN=apiserver; drops CN=kube-apiserver' },
  { change: { days: 30 }, why: 'lifetime: adds 30 days; drops 365 days' },
  { change: { secret: 'serving' }, why: 'Secret: adds serving; drops apiserver' },
] as const)('a changed leaf is issued alone, with a new key: $why', async ({ change, why }) => {
  const plan = planWith('apiserver', change);
  const result = await issue(plan, LOCK, KEYSTORE, later);
  expect(result.issued).toEqual([{ name: 'apiserver', action: 'issued', why }]);
  expect(certificateOf(result.lock, 'apiserver').publicKeyDigest).not.toBe(certificateOf(LOCK, 'apiserver').publicKeyDigest);
  expect({ ...result.lock, certificates: [] }).toEqual({ ...LOCK, certificates: [] });
  expect(result.lock.certificates.filter(({ spec }) => spec.name !== 'apiserver')).toEqual(LOCK.certificates.filter(({ spec }) => spec.name !== 'apiserver'));
  expect((await issue(plan, result.lock, 'closed', later)).issued).toEqual([]);
});

test('a certificate that lives shorter than the time to renew is due in the second half of its life', async () => {
  const plan = planWith('admin', { days: 30 });
  const { lock } = await issue(plan, null, null);
  expect(names(await issue(plan, lock, KEYSTORE, { now: days(14) }))).toEqual([]);
  expect(names(await issue(plan, lock, KEYSTORE, { now: days(16) }))).toEqual(['admin']);
});

test('what is due is issued again', async () => {
  expect(names(await issue(PLAN, LOCK, KEYSTORE, { now: days(274) }))).toEqual([]);
  const result = await issue(PLAN, LOCK, KEYSTORE, { now: days(276) });
  expect(names(result)).toEqual(['admin', 'apiserver', 'scheduler']);
  expect(result.issued[0]?.why).toBe('is due: ends on 2027-03-01T10:00:00Z');
});

test('a due authority keeps its key, and what it signed is issued again', async () => {
  const result = await issue(PLAN, LOCK, KEYSTORE, { now: days(3600), entropy: seededEntropy('third') });
  expect(names(result)).toEqual(['admin', 'apiserver', 'client-ca', 'scheduler', 'server-ca']);
  expect(result.issued.find(({ name }) => name === 'scheduler')?.why).toBe('its authority client-ca is issued anew');
  expect(certificateOf(result.lock, 'client-ca').publicKeyDigest).toBe(certificateOf(LOCK, 'client-ca').publicKeyDigest);
  expect(x509(result.lock, 'scheduler').verify(x509(LOCK, 'client-ca').publicKey)).toBe(true);
  expect(x509(LOCK, 'scheduler').checkIssued(x509(result.lock, 'client-ca'))).toBe(true);
});

test('a leaf never outlives its authority, and the report says so', async () => {
  const result = await issue(planWith('scheduler', { days: 5000 }), LOCK, KEYSTORE, later);
  expect(certificateOf(result.lock, 'scheduler').notAfter).toBe('2036-02-27T10:00:00Z');
  expect(result.issued[0]?.why).toContain('ends with its authority client-ca on 2036-02-27T10:00:00Z, not after 5000 days');
  expect((await issue(planWith('scheduler', { days: 5000 }), result.lock, 'closed', later)).issued).toEqual([]);
});

test('a new sealing certificate seals the keystore again and gives leaves new keys', async () => {
  const other = testSealing('next');
  const result = await issue(PLAN, LOCK, KEYSTORE, { ...later, sealing: other.sealing });
  expect(result.issued.map(({ name, action }) => `${name} ${action}`).toSorted()).toEqual(['admin issued', 'apiserver issued', 'client-ca sealed', 'key1 sealed', 'scheduler issued', 'service-account sealed']);
  expect(certificateOf(result.lock, 'client-ca').certificate).toBe(certificateOf(LOCK, 'client-ca').certificate);
  const sealed = [...result.lock.certificates, ...result.lock.keys].flatMap((entry) => entry.sealed ?? []);
  for (const value of sealed) expect(unseal(other.privateKeyPem, 'cp-prod', value)).not.toBe('');
  expect((await issue(PLAN, result.lock, null, { ...later, sealing: other.sealing })).issued).toEqual([]);
});

test('another namespace seals everything again', async () => {
  const result = await issue({ ...PLAN, namespace: 'cp-other' }, LOCK, KEYSTORE, later);
  expect(result.issued.every(({ why }) => why === 'the namespace is now cp-other')).toBe(true);
  for (const value of [...result.lock.certificates, ...result.lock.keys].flatMap((entry) => entry.sealed ?? [])) {
    expect(unseal(SEALING.privateKeyPem, 'cp-other', value)).not.toBe('');
  }
});

test('force issues what it names, and refuses names that are none', async () => {
  expect((await issue(PLAN, LOCK, KEYSTORE, { ...later, force: ['admin'] })).issued).toEqual([{ name: 'admin', action: 'issued', why: 'was asked for' }]);
  const refused = await issueCertificates(PLAN, LOCK, KEYSTORE, contextOf({ force: ['nobody'] }));
  expect(refused).toMatchObject({ ok: false, problems: [{ code: 'pki/certificate-missing' }] });
});

test('what the plan no longer has leaves the lock, not the keystore', async () => {
  const plan = { ...PLAN, certificates: PLAN.certificates.filter(({ issuer, name }) => issuer !== 'server-ca' && name !== 'server-ca'), keys: PLAN.keys.slice(0, 1) };
  const result = await issue(plan, LOCK, 'closed', later);
  expect(result.lock.certificates.map(({ spec }) => spec.name)).toEqual(['admin', 'client-ca', 'scheduler']);
  expect(result.keystore).toBeNull();
});

test('a new leaf needs the identity', async () => {
  const result = await issueCertificates(planWith('apiserver', { dnsNames: [] }), LOCK, 'closed', contextOf(later));
  expect(result).toMatchObject({ ok: false, problems: [{ code: 'pki/identity-needed', what: 'The keystore must be opened: this run needs server-ca.' }] });
  expect(result.problems[0]?.fix).toContain('kubewright pki issue prod --identity FILE');
});

test.for([
  ['a new leaf', planWith('apiserver', { dnsNames: [] }), {}],
  ['a new authority', { ...PLAN, certificates: [...PLAN.certificates, { ...planWith('server-ca', { name: 'etcd-ca', commonName: 'etcd-ca' }).certificates[0] as CertificateSpec }] }, {}],
  ['other recipients', PLAN, { recipients: ['age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg'] }],
] as const)('no identity opens a keystore that is gone: %s', async ([, plan, change]) => {
  const result = await issueCertificates(plan, LOCK, null, contextOf({ ...later, ...change }));
  expect(result).toMatchObject({ ok: false, problems: [{ code: 'pki/keystore-missing', what: expect.stringContaining('There is no file clusters/prod/pki.keystore.age') as string, fix: expect.stringContaining('git') as string }] });
});

test('a keystore without a lock is never overwritten unopened', async () => {
  expect(await issueCertificates(PLAN, null, 'closed', contextOf())).toMatchObject({ ok: false, problems: [{ code: 'pki/identity-needed' }] });
  const found = await issue(PLAN, null, KEYSTORE, later);
  expect(certificateOf(found.lock, 'server-ca').publicKeyDigest).toBe(certificateOf(LOCK, 'server-ca').publicKeyDigest);
});

test('a keystore that lacks a key, or has another one, is torn', async () => {
  const other = (await issue(PLAN, null, null, { entropy: seededEntropy('other') })).keystore;
  const without = { cluster: 'prod', keys: new Map() };
  for (const keystore of [other, without]) {
    const result = await issueCertificates(planWith('apiserver', { days: 1 }), LOCK, keystore, contextOf(later));
    expect(result).toMatchObject({ ok: false, problems: [{ code: 'pki/keystore-torn' }] });
  }
});

test('without recipients the keys are kept nowhere: a warning now, a problem when they are needed', async () => {
  const result = await issue(PLAN, null, null, { recipients: [] });
  expect(result).toMatchObject({ keystore: null, problems: [{ code: 'pki/keystore-none', severity: 'warning' }], lock: { keystore: { recipients: [] } } });
  const later = await issueCertificates(planWith('apiserver', { days: 1 }), result.lock, null, contextOf({ recipients: [] }));
  expect(later.ok).toBe(false);
  expect(later.problems.map(({ code }) => code)).toEqual(['pki/keystore-none', 'pki/identity-needed']);
});

test('other recipients need the keystore open, and get it encrypted again', async () => {
  const recipients = [...contextOf().recipients, 'age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg'];
  expect(await issueCertificates(PLAN, LOCK, 'closed', contextOf({ recipients }))).toMatchObject({ ok: false, problems: [{ code: 'pki/identity-needed' }] });
  const result = await issue(PLAN, LOCK, KEYSTORE, { recipients });
  expect(result.issued).toEqual([]);
  expect(result.keystore?.keys).toEqual(KEYSTORE.keys);
  expect(result.lock.keystore.recipients).toEqual(recipients.toSorted());
});

test('a lock of another cluster is not touched', async () => {
  expect(await issueCertificates({ ...PLAN, cluster: 'copy' }, LOCK, KEYSTORE, contextOf())).toMatchObject({ ok: false, problems: [{ code: 'pki/lock-of-another-cluster' }] });
});

test('an ended sealing certificate is a warning', async () => {
  const sealing = { ...SEALING.sealing, notAfter: '2026-01-01T00:00:00Z' };
  expect((await issue(PLAN, null, null, { sealing })).problems).toMatchObject([{ code: 'pki/sealing-certificate-expired', severity: 'warning' }]);
});

test.for(['2026-03-01T10:00:00Z', '2036-03-01T10:00:00Z', '2049-12-31T23:59:59Z', '2051-06-01T00:00:00Z'])('the clock may say %s', async (now) => {
  const result = await issue(PLAN, null, null, { now: new Date(now) });
  expect(certificateOf(result.lock, 'admin').notAfter > now).toBe(true);
});
