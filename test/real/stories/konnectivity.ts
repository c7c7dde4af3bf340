import { equal, match } from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttps } from 'node:https';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Manifest } from '../../../lib/model/manifest.ts';
import { MINORS, type Minor } from '../../../lib/versions/minor.ts';
import { programPath } from '../binaries/build.ts';
import { argumentsHere, containerIn, layFiles, move, openSecret, type Moves } from '../clusters/host-pod.ts';
import { apply, kubectlOf, type Kubectl } from '../clusters/kubectl.ts';
import { manifestFiles, readManifest } from '../fleet.ts';
import { attempt, run } from '../host/command.ts';
import { freePort, start, waitUntil, type Running } from '../host/processes.ts';
import { STATE } from '../host/state.ts';
import { until } from '../host/until.ts';
import type { Desk, Story } from '../story.ts';

/** Where the compiler put a minor's cluster. */
const folderOf = (minor: Minor): string => `lab/clusters/tunnels-v${minor.replace('.', '-')}`;

/** An API server with the server of tunnels beside it: one Pod, as processes. */
interface Pair {
  readonly name: string;
  readonly agents: number;
  readonly kubectl: Kubectl;
  readonly startServer: () => Promise<Running>;
}

/**
 * What the compiler wrote for two API servers and an agent is run on this host: arguments, files and rights are the
 * compiled ones, but for folders and ports. Behind the agent is a kubelet that only answers.
 */
export const story: Story = {
  name: 'konnectivity',
  shows: 'an API server reaches a kubelet through tunnels only, and an agent outlives the end of each server',
  machines: false,
  tell: async (desk) => {
    for (const minor of MINORS) await withFolder((folder, started) => tellOf(minor, desk, folder, started));
  },
};

async function tellOf(minor: Minor, { say, figure }: Desk, folder: string, started: Closable[]): Promise<void> {
  const objects = ['data', 'control-plane'].flatMap((part) => manifestFiles(`${folderOf(minor)}/${part}`)).map(readManifest);
  const tenant = manifestFiles(`${folderOf(minor)}/tenant/konnectivity`);
  const etcd = await startEtcd(folder, started);
  const pairs = [await startPair('one', { minor, folder, objects, etcd, started }), await startPair('two', { minor, folder, objects, etcd, started })];
  const [first] = pairs;
  if (first === undefined) throw new Error('there is no API server');
  await apply(first.kubectl, tenant);
  const servers = new Map<string, Running>();
  for (const pair of pairs) servers.set(pair.name, await pair.startServer());
  const counted = await until('each server has its lease', 60, async () => (await first.kubectl.names('leases', '-n', 'konnectivity')).length === 2, () => logOf(folder, 'server-one'));
  figure(`v${minor}`, 'two leases (s)', counted);

  await joinNode(first.kubectl, await startKubelet(folder, started));
  for (const { kubectl } of pairs) match((await logsOf(kubectl)).complaint, /No agent available/);
  say(`v${minor}: without an agent no API server reaches the kubelet`);

  const agent = await startAgent(folder, first, tenant, await startBalancer(pairs, started), started);
  const reached = (pair: Pair): Promise<number> =>
    until(`API server ${pair.name} reaches the kubelet`, 60, async () => (await logsOf(pair.kubectl)).out === 'through the tunnel\n', () => logOf(folder, 'agent'));
  for (const pair of pairs) figure(`v${minor}`, `first answer through ${pair.name} (s)`, await reached(pair));

  for (const pair of pairs) {
    await servers.get(pair.name)?.stop();
    await until('the agent has let go', 60, async () => (await connectionsOf(agent)) === 1, () => logOf(folder, 'agent'));
    for (const other of pairs) if (other !== pair) await reached(other);
    servers.set(pair.name, await pair.startServer());
    figure(`v${minor}`, `answers through ${pair.name} after its end (s)`, await reached(pair));
    equal(await connectionsOf(agent), 2);
  }
}

async function withFolder(use: (folder: string, started: Closable[]) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(STATE, 'tunnels-'));
  const started: Closable[] = [];
  try {
    await use(folder, started);
  } finally {
    for (const running of started.reverse()) await running.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Closable = Pick<Running, 'stop'>;

const logOf = (folder: string, name: string): string => readFileSync(join(folder, `${name}.log`), 'utf8').slice(-3000);
const named = (objects: readonly Manifest[], kind: string, name: string): Manifest => {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
  if (found === undefined) throw new Error(`the compiler wrote no ${kind} ${name}`);
  return found;
};

async function startEtcd(folder: string, started: Closable[]): Promise<string> {
  const [client, peer] = [`http://127.0.0.1:${await freePort()}`, `http://127.0.0.1:${await freePort()}`];
  const etcd = start('etcd', await programPath('etcd-3.6', 'etcd'), [
    `--data-dir=${join(folder, 'data')}`, '--unsafe-no-fsync', `--listen-client-urls=${client}`, `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`, `--initial-advertise-peer-urls=${peer}`, `--initial-cluster=default=${peer}`,
  ], folder);
  started.push(etcd);
  await waitUntil(etcd, async () => (await fetch(`${client}/readyz`)).ok);
  return client;
}

interface Place {
  readonly minor: Minor;
  readonly folder: string;
  readonly objects: readonly Manifest[];
  readonly etcd: string;
  readonly started: Closable[];
}

async function startPair(name: string, { minor, folder, objects, etcd, started }: Place): Promise<Pair> {
  const workload = named(objects, 'Deployment', 'kube-apiserver');
  const [port, agents, admin, health] = [await freePort(), await portBelow(49_152), await portBelow(49_152), await portBelow(49_152)];
  const movesOf = (container: string): Moves => [
    ['/etc/kubernetes', join(folder, name, container)], ['/run/konnectivity', join(folder, name)],
    ['127.0.0.1:6443', `127.0.0.1:${port}`], ['$(POD_NAME)', `kube-apiserver-${name}`],
  ];
  for (const container of ['kube-apiserver', 'konnectivity-server']) layFiles(workload, containerIn(workload, container), objects, movesOf(container));
  const here = { 'etcd-servers': etcd, 'etcd-cafile': null, 'etcd-certfile': null, 'etcd-keyfile': null, 'secure-port': port };
  // Its Pods would be made for an account that nobody makes here.
  const args = [...argumentsHere(containerIn(workload, 'kube-apiserver'), movesOf('kube-apiserver'), here), '--disable-admission-plugins=ServiceAccount'];
  const server = start(`api-${name}`, await programPath(`kubernetes-${minor}`, 'kube-apiserver'), args, folder);
  started.push(server);
  const kubectl = await superAdmin(minor, join(folder, name), objects, port);
  await waitUntil(server, async () => (await kubectl.run(['get', '--raw', '/readyz'])) === 'ok');
  const startServer = async (): Promise<Running> => {
    const ports = { 'agent-port': agents, 'admin-port': admin, 'health-port': health };
    const tunnels = argumentsHere(containerIn(workload, 'konnectivity-server'), movesOf('konnectivity-server'), ports);
    const running = start(`server-${name}`, await programPath('konnectivity', 'proxy-server'), tunnels, folder);
    started.push(running);
    await waitUntil(running, async () => (await fetch(`http://127.0.0.1:${health}/healthz`)).ok);
    return running;
  };
  return { name, agents, kubectl, startServer };
}

/** Servers refuse ports from which the kernel takes its own. */
async function portBelow(limit: number): Promise<number> {
  for (;;) {
    const port = await freePort();
    if (port < limit) return port;
  }
}

async function superAdmin(minor: Minor, folder: string, objects: readonly Manifest[], port: number): Promise<Kubectl> {
  const { 'tls.crt': certificate = '', 'tls.key': key = '' } = openSecret(named(objects, 'SealedSecret', 'super-admin-kubeconfig'));
  const trust = named(objects, 'ConfigMap', 'trust')['data'] as Readonly<Record<string, string>>;
  const base64 = (text = ''): string => Buffer.from(text).toString('base64');
  const user = { 'client-certificate-data': base64(certificate), 'client-key-data': base64(key) };
  writeFileSync(join(folder, 'kubeconfig'), kubeconfig(port, base64(trust['server-ca.crt']), user), { mode: 0o600 });
  const env = { HOME: folder };
  const host: Parameters<typeof kubectlOf>[0] = {
    run: (command, options) => run(command, { ...options, env }),
    attempt: (command, options) => attempt(command, { ...options, env }),
  };
  return kubectlOf(host, await programPath(`kubernetes-${minor}`, 'kubectl'), join(folder, 'kubeconfig'));
}

const kubeconfig = (port: number, authority: string, user: Readonly<Record<string, string>>): string => JSON.stringify({
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [{ name: 'here', cluster: { server: `https://localhost:${port}`, 'certificate-authority-data': authority } }],
  users: [{ name: 'me', user }],
  contexts: [{ name: 'here', context: { cluster: 'here', user: 'me' } }],
  'current-context': 'here',
});

/** It shows the API server's own certificate: kubelets' are not verified. */
async function startKubelet(folder: string, started: Closable[]): Promise<number> {
  const pki = join(folder, 'one/kube-apiserver/pki/apiserver');
  const server = createHttps({ cert: readFileSync(join(pki, 'tls.crt')), key: readFileSync(join(pki, 'tls.key')) }, (_, answer) => answer.end('through the tunnel\n'));
  return listening(server, started);
}

function listening(server: Server, started: Closable[]): Promise<number> {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => open.add(socket.on('error', () => undefined).on('close', () => open.delete(socket))));
  started.push({ stop: async () => {
    server.close();
    for (const socket of open) socket.destroy();
  } });
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port)));
}

/** As balancers do: each new connection goes to the next server, whether or not it is there. */
function startBalancer(pairs: readonly Pair[], started: Closable[]): Promise<number> {
  let taken = 0;
  return listening(createServer((socket) => {
    const to = connect(pairs[taken++ % pairs.length]?.agents ?? 0, '127.0.0.1');
    socket.pipe(to).pipe(socket);
    socket.on('close', () => to.destroy());
    to.on('error', () => undefined).on('close', () => socket.destroy());
  }), started);
}

async function joinNode(kubectl: Kubectl, port: number): Promise<void> {
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' } };
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'default' }, spec: { nodeName: 'n', containers: [{ name: 'c', image: 'c' }] } };
  const status = { status: { addresses: [{ type: 'InternalIP', address: '127.0.0.1' }], daemonEndpoints: { kubeletEndpoint: { Port: port } } } };
  await kubectl.run(['create', '-f', '-'], { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [node, pod] }) });
  await kubectl.run(['patch', 'node', 'n', '--subresource=status', '--type=merge', '-p', JSON.stringify(status)]);
}

const logsOf = (kubectl: Kubectl) => kubectl.attempt(['logs', 'p', '-n', 'default']);

/** Its tokens are those that a kubelet would ask for; gives where it says how it is. */
async function startAgent(folder: string, { kubectl }: Pair, tenant: readonly string[], balancer: number, started: Closable[]): Promise<number> {
  const workload = named(tenant.map(readManifest), 'DaemonSet', 'konnectivity-agent');
  const token = (...flags: readonly string[]): Promise<string> => kubectl.run(['-n', 'kube-system', 'create', 'token', 'konnectivity-agent', ...flags]);
  const home = join(folder, 'agent-home');
  mkdirSync(home);
  const moves: Moves = [['/var/run/secrets/kubernetes.io/serviceaccount', home], ['/var/run/secrets/tokens', home], ['$(HOST_IP)', '127.0.0.1']];
  const config = JSON.parse(readFileSync(join(folder, 'one/kubeconfig'), 'utf8')) as { users: object[]; clusters: { cluster: Record<string, string> }[] };
  writeFileSync(join(home, 'ca.crt'), Buffer.from(config.clusters[0]?.cluster['certificate-authority-data'] ?? '', 'base64'));
  writeFileSync(join(home, 'konnectivity-agent-token'), (await token('--audience=system:konnectivity-server')).trim());
  writeFileSync(join(home, 'kubeconfig'), JSON.stringify({ ...config, users: [{ name: 'me', user: { token: (await token()).trim() } }] }), { mode: 0o600 });
  const [admin, health] = [await freePort(), await freePort()];
  const instead = { 'proxy-server-port': balancer, 'admin-server-port': admin, 'health-server-port': health, kubeconfig: move('/var/run/secrets/tokens/kubeconfig', moves) };
  const agent = start('agent', await programPath('konnectivity', 'proxy-agent'), argumentsHere(containerIn(workload, 'konnectivity-agent'), moves, instead), folder);
  started.push(agent);
  await waitUntil(agent, async () => (await fetch(`http://127.0.0.1:${health}/readyz`)).ok);
  return health;
}

async function connectionsOf(health: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${health}/metrics`)).text();
  return Number(/^konnectivity_network_proxy_agent_open_server_connections (\d+)$/m.exec(text)?.[1]);
}
