import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ResolvedCluster } from '../../../lib/model/resolved.ts';
import type { Minor } from '../../../lib/versions/minor.ts';
import { programPath } from '../binaries/build.ts';
import { attempt, run } from '../host/command.ts';
import { kubectlOf, type Kubectl } from './kubectl.ts';
import { freePort, start, waitUntil, type Running } from '../host/processes.ts';
import { STATE } from '../host/state.ts';
import { until } from '../host/until.ts';

/** Asks the API server for a path and gives the JSON it answers. */
export type Ask = (path: string, accept?: string) => Promise<unknown>;

/** An API server without machines: it takes and keeps objects, and nothing becomes of them. */
export interface ApiServer {
  readonly ask: Ask;
  /** kubectl of the same release, which may do everything. */
  readonly kubectl: Kubectl;
  /** Starts the controllers of the same release: they write into objects, and make Pods that no node runs. */
  readonly startControllers: () => Promise<void>;
}

/** As kubeadm pairs them. */
const ETCD: Readonly<Record<Minor, string>> = { '1.33': 'etcd-3.5', '1.34': 'etcd-3.6', '1.35': 'etcd-3.6', '1.36': 'etcd-3.6' };

/** Runs a real etcd and a real kube-apiserver on free ports of loopback for as long as `use` takes, with a folder for that time. */
export async function withApiServer<T>(minor: Minor, flags: readonly string[], use: (server: ApiServer) => Promise<T>, parent = tmpdir()): Promise<T> {
  const folder = mkdtempSync(join(parent, 'kubewright-api-'));
  const cleanUp = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', cleanUp);
  const started: Running[] = [];
  try {
    const etcd = await startEtcd(minor, folder, started);
    const ask = await startApiServer(minor, folder, started, [`--etcd-servers=${etcd}`, ...flags]);
    const startControllers = async (): Promise<void> => void started.push(await startManager(minor, folder));
    return await use({ ask, kubectl: await hostKubectl(minor, folder), startControllers });
  } finally {
    for (const running of started.reverse()) await running.stop();
    process.off('exit', cleanUp);
    cleanUp();
  }
}

/** As a cluster's own: of its minor, with its ranges, and with the namespaces that an API server makes by itself. */
export function withApiServerOf<T>({ minor, network, endpoint }: ResolvedCluster, use: (server: ApiServer) => Promise<T>): Promise<T> {
  const flags = [`--service-cluster-ip-range=${network.services.join(',')}`, `--endpoint-reconciler-type=${endpoint.reconciler}`, '--allow-privileged=true'];
  return withApiServer(minor, flags, async (server) => {
    const namespaces = (): Promise<string[]> => server.kubectl.names('namespaces');
    await until('the API server has made its namespaces', 60, async () => (await namespaces()).length === 4, async () => (await namespaces()).join(', '));
    return use(server);
  }, STATE);
}

/** Its discovery is cached beside its kubeconfig: another server may have had the same port. */
async function hostKubectl(minor: Minor, folder: string): Promise<Kubectl> {
  const env = { HOME: folder };
  const host: Parameters<typeof kubectlOf>[0] = {
    run: (command, options) => run(command, { ...options, env }),
    attempt: (command, options) => attempt(command, { ...options, env }),
  };
  return kubectlOf(host, await programPath(`kubernetes-${minor}`, 'kubectl'), join(folder, 'kubeconfig'));
}

async function startManager(minor: Minor, folder: string): Promise<Running> {
  return start('kube-controller-manager', await programPath(`kubernetes-${minor}`, 'kube-controller-manager'), [
    '--kubeconfig=kubeconfig', '--leader-elect=false', '--secure-port=0', '--service-account-private-key-file=sa.key',
    '--horizontal-pod-autoscaler-sync-period=1s',
  ], folder);
}

async function startEtcd(minor: Minor, folder: string, started: Running[]): Promise<string> {
  const [client, peer] = [`http://127.0.0.1:${await freePort()}`, `http://127.0.0.1:${await freePort()}`];
  const etcd = start('etcd', await programPath(ETCD[minor], 'etcd'), [
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
  writeFileSync(join(folder, 'tokens.csv'), `${token},admin,admin\n`);
  writeFileSync(join(folder, 'kubeconfig'), kubeconfigOf(port, token), { mode: 0o600 });
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

const kubeconfigOf = (port: number, token: string): string => JSON.stringify({
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [{ name: 'here', cluster: { server: `https://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } }],
  users: [{ name: 'admin', user: { token } }],
  contexts: [{ name: 'here', context: { cluster: 'here', user: 'admin' } }],
  'current-context': 'here',
});

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
