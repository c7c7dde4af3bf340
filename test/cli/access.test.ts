import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { parse } from 'yaml';
import { main } from '../../lib/cli/main.ts';
import { fleetAround, writeDefinitions } from '../support/fleets.ts';
import { filesBelow, prepare, temporaryFolder, writeFiles } from '../support/folders.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

/** Commands that hand something out: what goes to standard output, what to standard error, and that nothing else changes. */

let root: string;
let identity: string;
let before: Readonly<Record<string, string>>;

const contents = (): Readonly<Record<string, string>> => Object.fromEntries(filesBelow(root).map((path) => [path, readFileSync(join(root, path), 'utf8')]));

prepare(async (ends) => {
  root = temporaryFolder(ends);
  const key = await generateIdentity();
  const fleet = fleetAround('prod/cluster.ts').replace('sealing:', `keystore: { recipients: ['${await identityToRecipient(key)}'] }, sealing:`);
  const cluster = readFileSync(new URL('../cases/minors/1.35-minimal/cluster.ts', import.meta.url), 'utf8');
  writeDefinitions(root, { 'fleet.ts': fleet, 'prod/cluster.ts': cluster.replace("mode: 'minimal',", "mode: 'minimal',\n  users: [{ name: 'jo', groups: ['staff'] }],") });
  identity = join(temporaryFolder(ends), 'key.txt');
  writeFiles(join(identity, '..'), { 'key.txt': `${key}\n` });
  expect(await run('pki issue')).toMatchObject({ exit: 0 });
  before = contents();
});

interface Said {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

async function run(command: string, { screen = false } = {}): Promise<Said> {
  const said = { out: '', err: '' };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => { said.out += String(text); return true; }),
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => { said.err += String(text); return true; }),
  ];
  const tty = process.stdout.isTTY;
  process.stdout.isTTY = screen;
  try {
    const exit = await main([...command.replaceAll('KEY', identity).split(' '), '--root', root]);
    return { exit, ...said };
  } finally {
    process.stdout.isTTY = tty;
    for (const spy of spies) spy.mockRestore();
  }
}

const untouched = (): void => { expect(contents()).toEqual(before); };

const JOIN = /^kubeadm join \S+:\d+ --token [a-z0-9]{6}\.[a-z0-9]{16} --discovery-token-ca-cert-hash sha256:[0-9a-f]{64}$/m;

describe('kubewright token create', () => {
  test('has the Secret on standard output, and the line for the machine beside it', async () => {
    onTestFinished(untouched);
    const { exit, out, err } = await run('token create prod --ttl 30m --description rack3');
    expect(exit).toBe(0);
    const manifest = parse(out) as { metadata: { name: string }; stringData: Record<string, string> };
    const { 'token-id': id, 'token-secret': secret, expiration } = manifest.stringData;
    expect(manifest).toMatchObject({ kind: 'Secret', metadata: { name: `bootstrap-token-${id}` }, stringData: { description: 'rack3' } });
    expect(Math.abs(Date.parse(expiration ?? '') - Date.now() - 1_800_000)).toBeLessThan(120_000);
    expect(err).toMatch(JOIN);
    expect(err).toContain(`--token ${id}.${secret} `);
  });

  test('answers a program with both', async () => {
    onTestFinished(untouched);
    const { exit, out, err } = await run('token create prod --json');
    const answer = JSON.parse(out) as { joinCommand: string; token: string; manifest: { stringData: Record<string, string> } };
    expect([exit, err]).toEqual([0, '']);
    expect(answer).toMatchObject({ ok: true, cluster: 'prod', applied: false, problems: [], authorities: [expect.stringMatching(/^sha256:/)] });
    expect(answer.joinCommand).toMatch(JOIN);
    expect(answer.token).toBe(`${answer.manifest.stringData['token-id']}.${answer.manifest.stringData['token-secret']}`);
  });

  test('shows no token that the cluster does not have', async () => {
    const { exit, out, err } = await run('token create prod --kubeconfig /nowhere');
    expect([exit, out]).toEqual([1, '']);
    expect(err).toContain('api/kubeconfig');
    expect(err).not.toContain('kubeadm join');
  });

  test.for(['0h', '-1h', '500ms', '8d', '169h', '2', 'soon', ''])('--ttl=%s is refused', async (ttl) => {
    const { exit, out, err } = await run(`token create prod --ttl=${ttl}`);
    expect([exit, out]).toEqual([2, '']);
    expect(err).toMatch(/'--ttl <duration>' argument '.*' is invalid\. \S+/);
  });
});

describe('kubewright pki kubeconfig', () => {
  test('prints a kubeconfig that ends after a working day', async () => {
    onTestFinished(untouched);
    const { exit, out, err } = await run('pki kubeconfig prod jo --identity KEY');
    expect(exit).toBe(0);
    const { users: [{ user }], clusters: [{ cluster }] } = parse(out) as { users: [{ user: Record<string, string> }]; clusters: [{ cluster: Record<string, string> }] };
    const certificate = new X509Certificate(Buffer.from(user['client-certificate-data'] ?? '', 'base64'));
    expect(certificate.subject).toBe('O=staff\nCN=jo');
    expect(certificate.checkPrivateKey(createPrivateKey(Buffer.from(user['client-key-data'] ?? '', 'base64')))).toBe(true);
    expect(Math.abs(Date.parse(certificate.validTo) - Date.now() - 28_800_000)).toBeLessThan(120_000);
    expect(cluster['server']).toMatch(/^https:\/\/[^/]+:\d+$/);
    expect(err).toContain('jo may enter until');
    expect(err).not.toMatch(/PRIVATE|screen/);
  });

  test('warns when a key is on a screen', async () => {
    expect((await run('pki kubeconfig prod admin --identity KEY --ttl 1h', { screen: true })).err).toContain('A private key is on this screen');
  });

  test('writes a file for its owner, again and again, and prints no key', async () => {
    onTestFinished(untouched);
    const out = join(temporaryFolder(), 'kubeconfig');
    for (const ttl of ['1h', '2h']) {
      expect(await run(`pki kubeconfig prod super-admin --identity KEY --ttl ${ttl} --server https://127.0.0.1:16443 --out ${out}`)).toMatchObject({ exit: 0, out: '' });
    }
    expect(statSync(out).mode & 0o777).toBe(0o600);
    expect(parse(readFileSync(out, 'utf8'))).toMatchObject({ clusters: [{ cluster: { server: 'https://127.0.0.1:16443', 'tls-server-name': expect.any(String) as string } }], users: [{ name: 'kubernetes-super-admin' }] });
  });

  test('answers a program, which gets the kubeconfig once', async () => {
    const out = join(temporaryFolder(), 'kubeconfig');
    const printed = JSON.parse((await run('pki kubeconfig prod jo --identity KEY --json')).out) as { kubeconfig: string };
    expect(printed).toMatchObject({ ok: true, cluster: 'prod', user: 'jo', groups: ['staff'], out: null });
    expect(parse(printed.kubeconfig)).toMatchObject({ kind: 'Config' });
    expect(JSON.parse((await run(`pki kubeconfig prod jo --identity KEY --json --out ${out}`)).out)).toMatchObject({ ok: true, out, kubeconfig: null });
    expect(existsSync(out)).toBe(true);
  });

  test.for([['--server http://127.0.0.1:6443', '--server'], ['--ttl 8d', '--ttl']] as const)('%s is refused', async ([flags, option]) => {
    const { exit, out, err } = await run(`pki kubeconfig prod jo --identity KEY ${flags}`);
    expect([exit, out]).toEqual([2, '']);
    expect(err).toContain(`option '${option}`);
  });
});

describe('kubewright pki status', () => {
  test('has every certificate with its end, the first one on top', async () => {
    onTestFinished(untouched);
    const { exit, out, err } = await run('pki status');
    const [head, ...rows] = out.trim().split('\n').map((line) => line.split(/  +/));
    expect(exit).toBe(0);
    expect(head).toEqual(['CLUSTER', 'CERTIFICATE', 'ENDS', 'DAYS', 'STATE']);
    expect(rows.map(([cluster, , , , state]) => `${cluster} ${state}`)).toEqual(rows.map(() => 'prod ok'));
    expect(rows.map(([, name]) => name)).toEqual(expect.arrayContaining(['server-ca', 'etcd-ca', 'apiserver', 'user-jo']));
    expect(rows.map(([, , ends]) => ends)).toEqual(rows.map(([, , ends]) => ends ?? '').toSorted());
    expect(err).toContain(`${rows.length} certificates, 0 due or ended.`);
  });

  test('says which one the definition no longer fits, as a build does', async () => {
    const path = join(root, 'clusters/prod/cluster.ts');
    const written = readFileSync(path, 'utf8');
    onTestFinished(() => writeFileSync(path, written));
    writeFileSync(path, written.replace("mode: 'minimal',", "mode: 'minimal',\n  certificates: { extraHosts: ['api.internal.example.com'] },"));
    const { exit, err } = await run('pki status');
    expect(exit).toBe(1);
    expect(err).toMatch(/pki\/certificate-differs[^]*Certificate apiserver is not what the definition needs[^]*api\.internal\.example\.com/);
  });
});
