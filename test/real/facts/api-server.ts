import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Minor } from '../../../lib/versions/minor.ts';
import { programPath } from '../binaries/build.ts';
import { freePort, start, waitUntil, type Running } from './processes.ts';

/** Asks the API server for a path and gives the JSON it answers. */
export type Ask = (path: string, accept?: string) => Promise<unknown>;

/** Runs a real etcd and a real kube-apiserver on loopback for as long as `use` takes. */
export async function withApiServer<T>(minor: Minor, flags: readonly string[], use: (ask: Ask) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'kubewright-api-'));
  const started: Running[] = [];
  try {
    const etcd = await startEtcd(folder, started);
    const ask = await startApiServer(minor, folder, started, [`--etcd-servers=${etcd}`, ...flags]);
    return await use(ask);
  } finally {
    for (const running of started.reverse()) await running.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startEtcd(folder: string, started: Running[]): Promise<string> {
  const [client, peer] = [`http://127.0.0.1:${await freePort()}`, `http://127.0.0.1:${await freePort()}`];
  const etcd = start('etcd', await programPath('etcd-3.6', 'etcd'), [
    `--data-dir=${join(folder, 'data')}`, '--unsafe-no-fsync',
    `--listen-client-urls=${client}`, `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`, `--initial-advertise-peer-urls=${peer}`, `--initial-cluster=default=${peer}`,
  ], folder);
  started.push(etcd);
  await waitUntil(etcd, async () => (await fetch(`${client}/readyz`)).ok);
  return client;
}

async function startApiServer(minor: Minor, folder: string, started: Running[], flags: readonly string[]): Promise<Ask> {
  const port = await freePort();
  const token = randomBytes(16).toString('hex');
  writeFileSync(join(folder, 'tokens.csv'), `${token},facts,facts\n`);
  writeServiceAccountKey(folder);
  const server = start('kube-apiserver', await programPath(`kubernetes-${minor}`, 'kube-apiserver'), [
    `--secure-port=${port}`, '--bind-address=127.0.0.1', `--cert-dir=${join(folder, 'certs')}`,
    '--service-cluster-ip-range=10.0.0.0/24', '--authorization-mode=AlwaysAllow', '--token-auth-file=tokens.csv',
    '--service-account-issuer=https://kubernetes.default.svc', '--service-account-key-file=sa.key',
    '--service-account-signing-key-file=sa.key', ...flags,
  ], folder);
  started.push(server);
  const ask: Ask = async (path, accept = 'application/json') => JSON.parse(await read(port, path, token, accept));
  await waitUntil(server, async () => (await read(port, '/readyz', token, '*/*')) === 'ok');
  return ask;
}

function writeServiceAccountKey(folder: string): void {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(join(folder, 'sa.key'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
}

/** The server signed its own certificate a moment ago; on loopback there is nobody else to mistake it for. */
function read(port: number, path: string, token: string, accept: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}`, accept };
  return new Promise((done, fail) => {
    get({ host: '127.0.0.1', port, path, headers, rejectUnauthorized: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => (answer.statusCode === 200 ? done(text) : fail(new Error(`${path}: ${answer.statusCode} ${text}`))));
    }).on('error', fail);
  });
}
