import { join } from 'node:path';
import { beforeAll, expect, test, vi } from 'vitest';
import { readKubeconfig, type ReadAccess } from '../../lib/client/kubeconfig-file.ts';
import { temporaryFolder, writeFiles } from '../support/folders.ts';
import { kubeconfigOf, localCluster, partsOf, type Parts } from './fixtures.ts';

vi.setConfig({ hookTimeout: 120_000 });

let parts: Parts;
let otherKey: unknown;

beforeAll(async () => {
  parts = await partsOf(await localCluster('prod'), 'https://127.0.0.1:6443');
  otherKey = (await partsOf(await localCluster('other'), 'https://127.0.0.1:6443')).user['client-key-data'];
});

/** A kubeconfig and files beside it, as the client reads them. */
function read(content: unknown, files: Readonly<Record<string, string>> = {}): ReadAccess {
  const folder = temporaryFolder();
  writeFiles(folder, { ...files, kubeconfig: typeof content === 'string' ? content : JSON.stringify(content) });
  return readKubeconfig(join(folder, 'kubeconfig'));
}

const text = (field: unknown): string => Buffer.from(String(field), 'base64').toString();

test('data come before files, and files are meant from the folder of the kubeconfig', () => {
  const { cluster, user } = parts;
  const files = { 'ca.crt': text(cluster['certificate-authority-data']), 'pki/tls.crt': text(user['client-certificate-data']), 'pki/tls.key': text(user['client-key-data']), token: 'abc\n' };
  const byFiles = read(kubeconfigOf({
    cluster: { server: 'https://api.example.com/path', 'certificate-authority': 'ca.crt' },
    user: { 'client-certificate': 'pki/tls.crt', 'client-key': './pki/tls.key', token: 'other', tokenFile: 'token' },
  }), files);
  if (!byFiles.ok) throw new Error('not read');
  const { authorities, certificate, token, server, serverName } = byFiles.access;
  expect([authorities, certificate?.pem, certificate?.key.reveal(), token?.reveal()]).toEqual(Object.values({ ...files, token: 'abc' }));
  expect([server.href, serverName]).toEqual(['https://api.example.com/path', null]);

  const byBoth = read(kubeconfigOf({ cluster: { ...cluster, 'certificate-authority': 'nowhere' }, user: { ...user, 'client-certificate': 'nowhere', 'client-key': 'nowhere' } }));
  expect(byBoth).toMatchObject({ ok: true, access: { authorities, certificate: { pem: certificate?.pem } } });
});

test('no key and no token is shown', () => {
  const known = read(kubeconfigOf({ ...parts, user: { ...parts.user, token: 'abc' } }));
  expect(known.ok).toBe(true);
  expect(JSON.stringify(known)).not.toMatch(/PRIVATE KEY|abc/);
});

/** Each line has the one before it nine times. */
const BOMB = ['a: &a [x]', ...[...'bcdefghij'].map((name, index) => `${name}: &${name} [${Array<string>(9).fill(`*${'abcdefghi'.charAt(index)}`).join(', ')}]`)].join('\n');

const changed = (change: Partial<Parts>): unknown => kubeconfigOf({ ...parts, ...change });

test.for<readonly [string, () => unknown, string]>([
  ['text that is no YAML', () => 'a: [', ''],
  ['aliases without end', () => BOMB, ''],
  ['another kind of document', () => ({ kind: 'Pod' }), ''],
  ['no current context', () => ({ ...kubeconfigOf(parts), 'current-context': 'gone' }), 'current-context'],
  ['a cluster that is not there', () => ({ ...kubeconfigOf(parts), clusters: [] }), 'clusters'],
  ['a user who is not there', () => ({ ...kubeconfigOf(parts), users: null }), 'users'],
  ['no encryption', () => changed({ cluster: { server: 'http://127.0.0.1:6443' } }), 'clusters: server'],
  ['no server', () => changed({ cluster: {} }), 'clusters: server'],
  ['a proxy', () => changed({ cluster: { ...parts.cluster, 'proxy-url': 'socks5://127.0.0.1' } }), 'clusters: proxy-url'],
  ['a program that tells the user', () => changed({ user: { exec: { command: 'login' } } }), 'users: exec'],
  ['an authority that cannot be read', () => changed({ cluster: { server: 'https://127.0.0.1', 'certificate-authority': 'ca.crt' } }), 'certificate-authority'],
  ['a certificate without a key', () => changed({ user: { 'client-certificate-data': parts.user['client-certificate-data'] } }), 'users'],
  ['a key of somebody else', () => changed({ user: { ...parts.user, 'client-key-data': otherKey } }), 'users: client-certificate'],
  ['a token that would end the header', () => changed({ user: { token: 'abc\r\nx: y' } }), 'users: token'],
])('%s is refused', ([, content, path]) => {
  const known = read(content());
  expect(known).toMatchObject({ ok: false, problems: [{ code: 'api/kubeconfig', at: { path } }] });
  expect(JSON.stringify(known)).not.toMatch(/PRIVATE KEY|x: y/);
});
