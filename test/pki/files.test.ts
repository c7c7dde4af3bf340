import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { generateIdentity, identityToRecipient } from 'age-encryption';
import { afterAll, expect, test } from 'vitest';

import { exportPlaintext } from '../../lib/pki/export.ts';
import { readIdentityFile, readPkiFiles, writeExport, writePkiFiles } from '../../lib/pki/files.ts';
import { encryptKeystore, openKeystore } from '../../lib/pki/keystore.ts';
import { parseLock, serializeLock } from '../../lib/pki/lock.ts';
import { Secret } from '../../lib/pki/secret.ts';
import { days, issue, issuedCluster, PLAN, planWith } from './fixtures.ts';

const ROOT = mkdtempSync(join(tmpdir(), 'pki-'));
afterAll(() => rmSync(ROOT, { recursive: true }));
const { lock: LOCK, keystore: KEYSTORE } = await issuedCluster();
const FILES = exportPlaintext(KEYSTORE, LOCK);
const fresh = (name: string): string => join(ROOT, name);

test('lock and keystore are written beside the definition, and only when they change', () => {
  const clusters = fresh('clusters');
  expect(readPkiFiles(clusters, 'prod')).toEqual({ lock: null, keystore: null });
  expect(writePkiFiles(clusters, 'prod', { lock: 'lock', keystore: 'keystore' })).toEqual([join(clusters, 'prod/pki.keystore.age'), join(clusters, 'prod/pki.lock.yaml')]);
  expect(readPkiFiles(clusters, 'prod')).toEqual({ lock: 'lock', keystore: 'keystore' });
  expect(writePkiFiles(clusters, 'prod', { lock: 'lock', keystore: null })).toEqual([]);
  expect(writePkiFiles(clusters, 'prod', { lock: 'lock 2', keystore: null })).toEqual([join(clusters, 'prod/pki.lock.yaml')]);
  expect(readdirSync(join(clusters, 'prod')).toSorted()).toEqual(['pki.keystore.age', 'pki.lock.yaml']);
});

test('when one file cannot be written, neither is', () => {
  const clusters = fresh('broken');
  writePkiFiles(clusters, 'prod', { lock: 'lock', keystore: 'keystore' });
  mkdirSync(join(clusters, 'prod/pki.lock.yaml.new'));
  expect(() => writePkiFiles(clusters, 'prod', { lock: 'lock 2', keystore: 'keystore 2' })).toThrow();
  expect(readPkiFiles(clusters, 'prod')).toEqual({ lock: 'lock', keystore: 'keystore' });
  expect(existsSync(join(clusters, 'prod/pki.keystore.age.new'))).toBe(false);
});

test('an identity file is a secret as soon as it is read', () => {
  writeFileSync(fresh('identity'), 'AGE-SECRET-KEY-1X');
  expect(`${readIdentityFile(fresh('identity'))}`).toBe('[secret]');
});

test('an export has the layout of kubeadm', () => {
  expect(FILES.map(({ path }) => path).toSorted()).toEqual([
    'pki/admin.crt', 'pki/apiserver.crt', 'pki/ca.crt', 'pki/ca.key', 'pki/client-ca.crt', 'pki/client-ca.key',
    'pki/encryption/key1', 'pki/sa.key', 'pki/sa.pub', 'pki/scheduler.crt',
  ]);
  expect(JSON.stringify(FILES)).not.toContain('BEGIN');
});

test('an export is for its owner only', () => {
  expect(writeExport(fresh('out/deep'), fresh('clusters'), FILES)).toEqual([]);
  expect(readFileSync(fresh('out/deep/pki/ca.key'), 'utf8')).toMatch(/^-----BEGIN (RSA) PRIVATE KEY-----\n/);
  expect(statSync(fresh('out/deep/pki/ca.key')).mode & 0o777).toBe(0o600);
  expect(statSync(fresh('out/deep/pki')).mode & 0o777).toBe(0o700);
  expect(writeExport(fresh('out/deep'), fresh('clusters'), FILES)).toMatchObject([{ code: 'pki/export-not-empty' }]);
});

test('an open folder is closed before keys go in', () => {
  mkdirSync(fresh('open'));
  chmodSync(fresh('open'), 0o777);
  expect(writeExport(fresh('open'), fresh('clusters'), FILES)).toEqual([]);
  expect(statSync(fresh('open')).mode & 0o777).toBe(0o700);
});

test('an export takes the place of no file', () => {
  writeFileSync(fresh('a-file'), 'of somebody');
  expect(writeExport(fresh('a-file'), fresh('clusters'), FILES)).toMatchObject([{ code: 'pki/out-in-the-way' }]);
  expect(writeExport(fresh('a-file/below'), fresh('clusters'), FILES)).toMatchObject([{ code: 'pki/out-not-writable' }]);
  expect(readFileSync(fresh('a-file'), 'utf8')).toBe('of somebody');
});

test('of an export that fails midway, no key stays', () => {
  const failing = [...FILES, { path: `pki/${'x'.repeat(300)}`, text: new Secret('too long a name for any disk') }];
  mkdirSync(fresh('given'));
  for (const directory of ['given', 'made/by/the/export']) {
    expect(writeExport(fresh(directory), fresh('clusters'), failing)).toMatchObject([{ code: 'pki/out-not-writable', what: expect.stringContaining('ENAMETOOLONG') as string }]);
  }
  expect(readdirSync(fresh('given'))).toEqual([]);
  expect(existsSync(fresh('made'))).toBe(false);
  expect(writeExport(fresh('given'), fresh('clusters'), FILES)).toEqual([]);
});

test('nothing is exported into the repository, whatever the way there', () => {
  const repository = fresh('repository');
  mkdirSync(repository);
  symlinkSync(repository, fresh('link'));
  for (const directory of [repository, join(repository, 'a/b'), join(fresh('link'), 'keys'), `${ROOT}/other/../repository/keys`]) {
    expect(writeExport(directory, repository, FILES)).toMatchObject([{ code: 'pki/export-inside-repository' }]);
    expect(writeExport(directory, fresh('link'), FILES)).toMatchObject([{ code: 'pki/export-inside-repository' }]);
  }
  expect(readdirSync(repository)).toEqual([]);
  expect(writeExport(fresh('repository-keys'), repository, FILES)).toEqual([]);
});

test('a life on disk: issue, write, read, open, and a second run that touches neither file', async () => {
  const clusters = fresh('life');
  const identity = await generateIdentity();
  const recipients = [await identityToRecipient(identity)];
  const first = await issue(PLAN, null, null, { recipients });
  if (first.keystore === null) throw new Error('a new cluster has a keystore');
  writePkiFiles(clusters, 'prod', { lock: serializeLock(first.lock), keystore: await encryptKeystore(first.keystore, first.lock.keystore.recipients) });

  const files = readPkiFiles(clusters, 'prod');
  const lock = parseLock(files.lock, 'prod');
  const opened = await openKeystore(files.keystore ?? '', new Secret(identity), 'prod');
  if (!lock.ok || !opened.ok) throw new Error('what was written cannot be read');
  const second = await issue(PLAN, lock.lock, opened.keystore, { recipients, now: days(1) });
  expect(second).toMatchObject({ issued: [], keystore: null });
  expect(writePkiFiles(clusters, 'prod', { lock: serializeLock(second.lock), keystore: null })).toEqual([]);

  const third = await issue(planWith('admin', { organizations: [] }), lock.lock, opened.keystore, { recipients, now: days(1) });
  expect(third.keystore).toBeNull();
  expect(writePkiFiles(clusters, 'prod', { lock: serializeLock(third.lock), keystore: null })).toEqual([join(clusters, 'prod/pki.lock.yaml')]);
});
