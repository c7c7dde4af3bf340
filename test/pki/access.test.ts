import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { writePrivate } from '../../lib/pki/files.ts';
import { issueAccess, type AccessOrder } from '../../lib/pki/issuing/access.ts';
import type { Keystore } from '../../lib/pki/keystore.ts';
import { certificateOf, type PkiPlan } from '../../lib/pki/plan.ts';
import { Secret } from '../../lib/pki/secret.ts';
import { seededEntropy } from '../support/pki.ts';
import { days, issuedCluster, NOW, PLAN } from './fixtures.ts';

const { lock: LOCK, keystore: KEYSTORE } = await issuedCluster();

const user = (name: string, organizations: readonly string[]): PkiPlan['certificates'][number] =>
  ({ issuer: 'client-ca', commonName: name, name: `user-${name}`, organizations, usages: ['clientAuth'], dnsNames: [], ipAddresses: [], days: 365, secret: `user-${name}-kubeconfig`, sealed: true });

/** A definition that names users for whom nothing was issued yet. */
const WITH_USERS: PkiPlan = { ...PLAN, certificates: [...PLAN.certificates, user('jo', ['staff']), user('ci', [])] };

const issue = (change: Partial<AccessOrder> = {}, plan = WITH_USERS, keystore = KEYSTORE) =>
  issueAccess(plan, LOCK, keystore, { user: 'jo', server: 'https://api.prod.example.com:443', seconds: 28_800, now: NOW, entropy: seededEntropy('access'), ...change });

async function granted(...args: Parameters<typeof issue>) {
  const access = await issue(...args);
  if (!access.ok) throw new Error(access.problems.map(({ what }) => what).join('\n'));
  const { clusters: [{ cluster }], users: [{ user: client }] } = parse(access.kubeconfig.reveal()) as {
    clusters: [{ cluster: Record<string, string> }]; users: [{ user: Record<string, string> }];
  };
  const text = (field: string | undefined): string => Buffer.from(field ?? '', 'base64').toString();
  return { ...access, cluster, certificate: new X509Certificate(text(client['client-certificate-data'])), key: text(client['client-key-data']), trust: text(cluster['certificate-authority-data']) };
}

describe('a way in', () => {
  test('is a certificate of the cluster for a new key, and ends soon', async () => {
    const { certificate, key, trust, cluster, ...access } = await granted();
    expect(access).toMatchObject({ user: 'jo', groups: ['staff'], notAfter: '2026-03-01T18:00:00Z' });
    expect(JSON.stringify(access)).not.toContain('client-key-data');
    expect(certificate.subject).toBe('O=staff\nCN=jo');
    expect(new Date(certificate.validTo)).toEqual(new Date('2026-03-01T18:00:00Z'));
    expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(certificate.verify(new X509Certificate(certificateOf(LOCK, 'client-ca').certificate).publicKey)).toBe(true);
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(trust).toBe(certificateOf(LOCK, 'server-ca').certificate);
    expect(cluster).toMatchObject({ server: 'https://api.prod.example.com:443' });
    expect(cluster).not.toHaveProperty('tls-server-name');
  });

  test('is for an administrator too, and through a tunnel', async () => {
    const { certificate, cluster } = await granted({ user: 'admin', server: 'https://127.0.0.1:6443', tlsServerName: 'api.prod.example.com' });
    expect(certificate.subject).toBe('O=kubeadm:cluster-admins\nO=staff\nCN=kubernetes-admin');
    expect(cluster).toMatchObject({ server: 'https://127.0.0.1:6443', 'tls-server-name': 'api.prod.example.com' });
  });

  test('is of the user when an administrator has the same name', async () => {
    const { certificate } = await granted({ user: 'admin' }, { ...PLAN, certificates: [user('admin', ['viewers']), ...PLAN.certificates] });
    expect(certificate.subject).toBe('O=viewers\nCN=admin');
  });

  test('never outlives its authority', async () => {
    const end = new Date(certificateOf(LOCK, 'client-ca').notAfter);
    const { notAfter } = await granted({ now: new Date(end.getTime() - 60_000) });
    expect(new Date(notAfter)).toEqual(end);
  });
});

describe('no way in', () => {
  const keystoreWith = (key: Secret | undefined): Keystore => ({ ...KEYSTORE, keys: new Map([...KEYSTORE.keys].flatMap(([name, secret]) => (name !== 'client-ca' ? [[name, secret]] : key === undefined ? [] : [[name, key]]))) });

  test('for whom the definition does not name', async () => {
    expect(await issue({ user: 'jon' })).toMatchObject({ ok: false, problems: [{ code: 'pki/unknown-user', what: 'prod has no user jon. Did you mean jo?', fix: expect.stringContaining('admin, jo, ci') as string }] });
  });

  test.for(['scheduler', 'apiserver', 'client-ca', 'user-jo', ''])('as %s, which is no user', async (name) => {
    expect(await issue({ user: name })).toMatchObject({ ok: false, problems: [{ code: 'pki/unknown-user' }] });
  });

  test.for([
    ['without the key of the authority', undefined],
    ['with the key of another', KEYSTORE.keys.get('server-ca')],
  ] as const)('%s', async ([, key]) => {
    const refused = await issue({}, WITH_USERS, keystoreWith(key));
    expect(refused).toMatchObject({ ok: false, problems: [{ code: 'pki/keystore-torn' }] });
    expect(JSON.stringify(refused)).not.toContain('PRIVATE');
  });

  test('once the authority has ended', async () => {
    expect(await issue({ now: days(3650) })).toMatchObject({ ok: false, problems: [{ code: 'pki/certificate-due' }] });
  });
});

describe('a file for its owner', () => {
  const ROOT = mkdtempSync(join(tmpdir(), 'kubewright-'));
  afterAll(() => rmSync(ROOT, { recursive: true }));
  const repository = join(ROOT, 'repository');
  mkdirSync(repository);
  const write = (path: string, text = '# ours: 1\n') => writePrivate(path, repository, new Secret(text), '# ours');
  const modeOf = (path: string): number => statSync(path).mode & 0o777;

  test('is made with its folder', () => {
    const path = join(ROOT, 'new/deep/kubeconfig');
    expect(write(path)).toEqual([]);
    expect([readFileSync(path, 'utf8'), modeOf(path), modeOf(join(ROOT, 'new'))]).toEqual(['# ours: 1\n', 0o600, 0o700]);
    expect(readdirSync(join(ROOT, 'new/deep'))).toEqual(['kubeconfig']);
  });

  test('replaces an earlier one, and closes it', () => {
    const path = join(ROOT, 'earlier');
    writeFileSync(path, '# ours: 0\n', { mode: 0o644 });
    expect(write(path)).toEqual([]);
    expect([readFileSync(path, 'utf8'), modeOf(path)]).toEqual(['# ours: 1\n', 0o600]);
  });

  test('leaves alone what lies beside it, whatever its name', () => {
    const path = join(ROOT, 'beside/kubeconfig');
    mkdirSync(join(ROOT, 'beside'));
    writeFileSync(`${path}.new`, 'of somebody\n');
    expect(write(path)).toEqual([]);
    rmSync(path);
    mkdirSync(path); // nothing can take its place
    expect(write(path)).toMatchObject([{ code: 'pki/out-not-writable' }]);
    expect(readdirSync(join(ROOT, 'beside')).toSorted()).toEqual(['kubeconfig', 'kubeconfig.new']);
    expect(readFileSync(`${path}.new`, 'utf8')).toBe('of somebody\n');
  });

  test('replaces nothing else', () => {
    const path = join(ROOT, 'config');
    writeFileSync(path, 'apiVersion: v1\n');
    expect(write(path)).toMatchObject([{ code: 'pki/out-in-the-way' }]);
    expect(readFileSync(path, 'utf8')).toBe('apiVersion: v1\n');
  });

  test('is never in the repository, whatever the way there', () => {
    symlinkSync(repository, join(ROOT, 'link'));
    symlinkSync(join(repository, 'later'), join(ROOT, 'dangling'));
    for (const path of [join(repository, 'kubeconfig'), join(ROOT, 'link/a/b'), join(ROOT, 'new/../repository/c')]) {
      expect(write(path)).toMatchObject([{ code: 'pki/export-inside-repository' }]);
    }
    expect(write(join(ROOT, 'dangling'))).toEqual([]);
    expect(readdirSync(repository)).toEqual([]);
  });

  test('is told when it cannot be', () => {
    writeFileSync(join(ROOT, 'file'), '');
    expect(write(join(ROOT, 'file/below'))).toMatchObject([{ code: 'pki/out-not-writable' }]);
    expect(write(ROOT)).toMatchObject([{ code: 'pki/out-not-writable' }]);
  });
});
