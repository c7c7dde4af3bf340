import { dirname } from 'node:path';
import type { ResolvedMetaCluster, ResolvedMetaMachine } from '../../../lib/model/resolved-meta.ts';
import { buildModule, programPath } from '../binaries/build.ts';
import { run } from '../host/command.ts';
import { kubeadm } from './kubeadm.ts';
import { apply, kubectlOf, served, type Kubectl } from './kubectl.ts';
import { compiled, imagesIn, manifestFiles, readResolved, SEALING } from '../fleet.ts';
import { SANDBOX_IMAGE } from '../host/images.ts';
import { provideImages, startLan, startMachine, type Lan, type Machine } from '../host/machines.ts';
import { connectPods } from './pod-network.ts';
import { secondsSince, until } from '../host/until.ts';
import { explainNodes, rolledOut } from './workloads.ts';

/** A meta cluster that runs here. */
export interface MetaCluster {
  readonly name: string;
  readonly definition: ResolvedMetaCluster;
  readonly lan: Lan;
  /** The first one made the cluster. */
  readonly machines: readonly [Machine, ...Machine[]];
  readonly kubectl: Kubectl;
  /** What its steps took, by name, in seconds. */
  readonly seconds: Readonly<Record<string, number>>;
  /** Control planes stay when their stories are over, for a look inside. */
  readonly keeps: boolean;
}

/** Files that a further control-plane machine is given, as the compiled steps list them. */
const SHARED_FILES = ['ca.crt', 'ca.key', 'sa.key', 'sa.pub', 'front-proxy-ca.crt', 'front-proxy-ca.key', 'etcd/ca.crt', 'etcd/ca.key'];

/** How a meta cluster is made. */
export interface MetaOptions {
  readonly keeps?: boolean;
  /** Its own parts come later, by another way. */
  readonly isBare?: boolean;
  /** Texts of files that its machines have before kubeadm comes, by path. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Makes a meta cluster from its compiled files, step by step as these say, until its platform is ready. */
export async function startMeta(name: string, { keeps = false, isBare = false, files = {} }: MetaOptions = {}): Promise<MetaCluster> {
  const definition = readResolved<ResolvedMetaCluster>(name);
  const seconds: Record<string, number> = {};
  const timed = async <T>(step: string, work: () => Promise<T>): Promise<T> => {
    const start = Date.now();
    const result = await work();
    seconds[step] = secondsSince(start);
    return result;
  };
  const lan = await startLan(gatewayOf(definition), Number(definition.network.machines[0]?.split('/')[1]));
  const machines = await timed('machines and images', () => startMachines(definition, lan, files));
  await timed('kubeadm init', () => kubeadm(machines[0], definition.minor, 'init', '--config', bootstrapFile(definition, `init-${machines[0].name}.yaml`), '--skip-token-print'));
  const kubectl = kubectlOf(machines[0], await programPath(`kubernetes-${definition.minor}`, 'kubectl'), '/etc/kubernetes/admin.conf');
  await timed('joins', () => joinAll(definition, machines, kubectl));
  await timed('nodes ready', () => makeReady(machines, kubectl));
  if (!isBare) await timed('platform', () => applyPlatform(name, machines, kubectl));
  return { name, definition, lan, machines, kubectl, seconds, keeps };
}

const bootstrapFile = ({ name }: ResolvedMetaCluster, file: string): string => compiled(`${name}/bootstrap/${file}`);
const gatewayOf = ({ network }: ResolvedMetaCluster): string => (network.machines[0] ?? '').replace(/\.\d+\/.*$/, '.1');

/** Ends its machines from one moment to the next. */
export async function endMeta({ machines }: MetaCluster): Promise<void> {
  await Promise.all(machines.map((machine) => machine.powerOff()));
}

async function startMachines(definition: ResolvedMetaCluster, lan: Lan, files: Readonly<Record<string, string>>): Promise<MetaCluster['machines']> {
  const { controlPlane, workers, minor, endpoint } = definition;
  const hosts = { [endpoint.host]: controlPlane[0].address };
  const start = async ({ name, address }: ResolvedMetaMachine): Promise<Machine> => {
    const machine = await startMachine(lan, { name, address, hosts, kubernetes: `kubernetes-${minor}` });
    await provideImages(machine, [SANDBOX_IMAGE, ...await kubeadmImages(definition)]);
    for (const [path, input] of Object.entries(files)) await machine.run(['sh', '-c', `mkdir -p ${dirname(path)} && cat > ${path}`], { input });
    return machine;
  };
  const [first, ...others] = [...controlPlane, ...workers];
  return Promise.all([start(first ?? controlPlane[0]), ...others.map(start)]);
}

async function kubeadmImages({ minor, kubernetes }: ResolvedMetaCluster): Promise<string[]> {
  const program = await programPath(`kubernetes-${minor}`, 'kubeadm');
  return (await run([program, 'config', 'images', 'list', '--kubernetes-version', kubernetes])).trim().split('\n');
}

/** Further control-plane machines one after another, workers together. */
async function joinAll(definition: ResolvedMetaCluster, machines: MetaCluster['machines'], kubectl: Kubectl): Promise<void> {
  const [first, ...others] = machines;
  const discovery = await discoveryFile(definition, first);
  const join = async (machine: Machine): Promise<void> => {
    await machine.run(['sh', '-c', 'mkdir -p /etc/kubernetes && umask 077 && cat > /etc/kubernetes/discovery.conf'], { input: discovery });
    await kubeadm(machine, definition.minor, 'join', '--config', bootstrapFile(definition, `join-${machine.name}.yaml`));
    await machine.run(['rm', '/etc/kubernetes/discovery.conf']);
  };
  const masters = others.slice(0, definition.controlPlane.length - 1);
  for (const machine of masters) {
    await copyAuthorities(first, machine);
    await join(machine);
  }
  await Promise.all(others.slice(masters.length).map(join));
  await until('every machine is a node', 120, async () => (await kubectl.names('nodes')).length === machines.length, () => explainNodes(kubectl));
}

/** As the comment in the compiled file says: a kubeconfig with a token of an hour. */
async function discoveryFile({ name, endpoint, minor }: ResolvedMetaCluster, first: Machine): Promise<string> {
  const programs = await buildModule(`kubernetes-${minor}`);
  const token = (await first.run([`${programs}/kubeadm`, 'token', 'create', '--ttl', '1h'])).trim();
  const config = (...args: readonly string[]): Promise<string> => first.run([`${programs}/kubectl`, '--kubeconfig', '/run/discovery.conf', 'config', ...args]);
  await config('set-cluster', name, '--server', `https://${endpoint.host}:${endpoint.port}`, '--certificate-authority', '/etc/kubernetes/pki/ca.crt', '--embed-certs');
  await config('set-credentials', 'joiner', '--token', token);
  await config('set-context', 'joiner', '--cluster', name, '--user', 'joiner');
  await config('use-context', 'joiner');
  return first.run(['cat', '/run/discovery.conf']);
}

async function copyAuthorities(first: Machine, machine: Machine): Promise<void> {
  await machine.run(['mkdir', '-p', '-m', '0700', '/etc/kubernetes/pki/etcd']);
  for (const file of SHARED_FILES) {
    const input = await first.run(['cat', `/etc/kubernetes/pki/${file}`]);
    await machine.run(['sh', '-c', `umask 077 && cat > /etc/kubernetes/pki/${file}`], { input });
  }
}

/** kube-proxy first: CoreDNS that starts before it calls the API server in vain, and only half a minute later once more. */
async function makeReady(machines: readonly Machine[], kubectl: Kubectl): Promise<void> {
  await rolledOut(kubectl, 'kube-system', 'daemonset/kube-proxy');
  await connectPods(machines, kubectl);
  const path = 'jsonpath={.items[*].status.conditions[?(@.type=="Ready")].status}';
  const ready = async (): Promise<boolean> => !/False|Unknown/.test(await kubectl.run(['get', 'nodes', '-o', path]));
  await until('every node is Ready', 180, ready, () => explainNodes(kubectl));
  await rolledOut(kubectl, 'kube-system', 'deployment/coredns');
}

/** The parts of the meta cluster itself, and before the controller starts the key that the fleet is sealed to. */
async function applyPlatform(name: string, machines: readonly Machine[], kubectl: Kubectl): Promise<void> {
  const [crds, platform] = [manifestFiles(`${name}/crds`), manifestFiles(`${name}/platform`)];
  await Promise.all(machines.map((machine) => provideImages(machine, imagesIn(platform))));
  await apply(kubectl, crds);
  await served(kubectl, crds);
  await bringSealingKey(name, kubectl);
  await apply(kubectl, platform);
  await rolledOut(kubectl, 'sealed-secrets', 'deployment/sealed-secrets-controller');
}

/** The key that the fleet is sealed to, which whoever keeps it brings before the controller makes one of its own. */
export async function bringSealingKey(name: string, kubectl: Kubectl): Promise<void> {
  await apply(kubectl, manifestFiles(`${name}/platform`).filter((file) => /\/namespace-[^/]+$/.test(file)));
  await kubectl.run(['apply', '-f', '-'], { input: JSON.stringify(sealingKey()) });
}

function sealingKey(): object {
  return {
    apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/tls',
    metadata: { name: 'sealing-key', namespace: 'sealed-secrets', labels: { 'sealedsecrets.bitnami.com/sealed-secrets-key': 'active' } },
    stringData: { 'tls.crt': SEALING.certificatePem, 'tls.key': SEALING.privateKeyPem },
  };
}
