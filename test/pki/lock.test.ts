import { expect, test } from 'vitest';
import { parse } from 'yaml';

import { checkLock, dueCertificates } from '../../lib/pki/coverage.ts';
import { parseLock, serializeLock } from '../../lib/pki/lock.ts';
import type { PkiPlan } from '../../lib/pki/plan.ts';
import { statusRows } from '../../lib/pki/status.ts';
import { days, issue, issuedCluster, PLAN, planWith, SEALING } from './fixtures.ts';

const { lock: LOCK, keystore: KEYSTORE } = await issuedCluster();
const TEXT = serializeLock(LOCK);
const codes = (problems: readonly { code: string }[]) => problems.map(({ code }) => code);

test('a lock is read back as it was written', () => {
  expect(parseLock(TEXT, 'prod')).toEqual({ ok: true, lock: LOCK });
  expect(TEXT.split('\n').slice(0, 6)).toEqual([
    '# Written by `kubewright pki issue`, never by hand. Private keys in here are sealed to the meta cluster.',
    'apiVersion: kubewright.dev/v1', 'kind: PkiLock', 'certificates:', '  admin:', '    certificate: |',
  ]);
});

test.for([
  { damage: 'half of the file', text: TEXT.slice(0, TEXT.length / 2) },
  { damage: 'an edited name', text: TEXT.replace('api.example.com', 'api.example.org') },
  { damage: 'two versions merged', text: TEXT.replace(/serial: .*\n/, (line) => `<<<<<<< ours\n    ${line}=======\n    ${line}>>>>>>> theirs\n`) },
  { damage: 'a swapped sealed value', text: TEXT.replace(/value: .*/, 'value: AAAA') },
  { damage: 'an empty file', text: '' },
  { damage: 'a list', text: '- a\n' },
  { damage: 'a key twice', text: `${TEXT}namespace: cp-prod\n` },
])('$damage is a torn lock', ({ text }) => {
  const parsed = parseLock(text, 'prod');
  expect(parsed).toMatchObject({ ok: false, problems: [{ code: 'pki/lock-torn', severity: 'error' }] });
  expect(!parsed.ok && parsed.problems[0]?.fix).toContain('kubewright pki issue prod');
});

test.for([
  { given: 'no file', text: null, cluster: 'prod', code: 'pki/lock-missing' },
  { given: 'a lock of another cluster', text: TEXT, cluster: 'copy', code: 'pki/lock-of-another-cluster' },
  { given: 'a lock of another version', text: TEXT.replace('kubewright.dev/v1', 'kubewright.dev/v9'), cluster: 'prod', code: 'pki/lock-version' },
])('$given is told apart', ({ text, cluster, code }) => {
  const parsed = parseLock(text, cluster);
  expect(parsed).toMatchObject({ ok: false, problems: [{ code }] });
  expect(!parsed.ok && parsed.problems[0]?.fix).toContain(`kubewright pki issue ${cluster}`);
});

test('no private key stands in the lock, sealed values aside', () => {
  const content = JSON.stringify(parse(TEXT));
  for (const key of KEYSTORE.keys.values()) expect(content).not.toContain(key.reveal().split('\n').at(1));
  expect(content).not.toContain('PRIVATE KEY');
});

test('a lock that covers its plan has no problems', () => {
  expect(checkLock(PLAN, LOCK, SEALING.sealing)).toEqual([]);
  expect(checkLock(PLAN, LOCK, null)).toEqual([]);
});

const withoutAdmin = { ...LOCK, certificates: LOCK.certificates.filter(({ spec }) => spec.name !== 'admin'), keys: LOCK.keys.slice(1) };
const renewed = await issue(planWith('server-ca', { days: 4000 }), LOCK, KEYSTORE, { now: days(1) });
const mixed = { ...LOCK, certificates: LOCK.certificates.map((entry) => renewed.lock.certificates.find(({ spec }) => spec.name === 'server-ca' && entry.spec.name === 'server-ca') ?? entry) };

test.for<[PkiPlan, typeof LOCK | null, string[], RegExp]>([
  [PLAN, null, ['pki/lock-missing'], /Nothing was issued for prod yet/],
  [{ ...PLAN, cluster: 'copy' }, LOCK, ['pki/lock-of-another-cluster'], /was issued for prod/],
  [{ ...PLAN, namespace: 'cp-x' }, LOCK, ['pki/namespace-differs'], /cp-prod.*cp-x/],
  [PLAN, withoutAdmin, ['pki/certificate-missing', 'pki/certificate-missing'], /no certificate admin/],
  [planWith('apiserver', { dnsNames: ['kubernetes', 'b.example.com'] }), LOCK, ['pki/certificate-differs'], /names: adds b.example.com; drops api.example.com/],
  [planWith('admin', { organizations: ['staff'] }), LOCK, ['pki/certificate-differs'], /subject: drops O=kubeadm:cluster-admins/],
  [planWith('client-ca', { sealed: false }), LOCK, ['pki/certificate-differs'], /delivery of the key/],
  [planWith('server-ca', { days: 4000 }), mixed, ['pki/certificate-differs'], /apiserver was signed by another certificate of server-ca/],
])('build says what a lock lacks (%#)', ([plan, lock, expected, what]) => {
  const problems = checkLock(plan, lock, SEALING.sealing);
  expect(codes(problems)).toEqual(expected);
  expect(problems[0]?.what).toMatch(what);
  for (const { fix, severity } of problems) expect([severity, fix.includes(`kubewright pki issue ${plan.cluster}`)]).toEqual(['error', true]);
});

test('build sees another sealing certificate', () => {
  expect(codes(checkLock(PLAN, LOCK, { fingerprint: 'f'.repeat(64) }))).toEqual(['pki/sealing-differs']);
});

test('whatever checkLock finds, issuing mends', async () => {
  for (const plan of [{ ...PLAN, namespace: 'cp-x' }, planWith('client-ca', { sealed: false }), planWith('server-ca', { days: 4000 }), planWith('apiserver', { issuer: 'client-ca' })]) {
    const { lock } = await issue(plan, LOCK, KEYSTORE, { now: days(1) });
    expect(checkLock(plan, lock, SEALING.sealing)).toEqual([]);
  }
});

test('dates are looked at only when asked', () => {
  expect(dueCertificates(PLAN, LOCK, days(1))).toEqual([]);
  expect(dueCertificates(PLAN, LOCK, days(300)).map(({ code, at, what }) => [code, at.path, what])).toContainEqual(
    ['pki/certificate-due', 'certificates.admin', 'Certificate admin ends on 2027-03-01T10:00:00Z.']);
  expect(dueCertificates(PLAN, LOCK, days(4000)).map(({ what }) => what)).toContain('Certificate client-ca ended on 2036-02-27T10:00:00Z, and with it all that it signed.');
});

test('status puts what ends first on top', () => {
  const rows = statusRows([{ plan: PLAN, lock: LOCK }], days(300));
  expect(rows.map(({ name, state, daysLeft }) => `${name} ${state} ${daysLeft}`)).toEqual(['admin due 64', 'apiserver due 64', 'scheduler due 64', 'client-ca ok 3349', 'server-ca ok 3349']);
  expect(rows[0]).toMatchObject({ cluster: 'prod', subject: 'O=kubeadm:cluster-admins, O=staff, CN=kubernetes-admin', issuer: 'client-ca', notAfter: '2027-03-01T10:00:00Z' });
  expect(statusRows([{ plan: PLAN, lock: LOCK }], days(400))[0]).toMatchObject({ state: 'expired', daysLeft: -36 });
});
