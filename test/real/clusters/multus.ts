import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Pod } from 'kubernetes-types/core/v1';
import { parseAllDocuments } from 'yaml';
import type { Manifest } from '../../../lib/model/manifest.ts';
import { buildModule } from '../binaries/build.ts';
import type { Machine } from '../host/machines.ts';
import type { MetaCluster } from './meta.ts';
import { POD_NETWORK } from './pod-network.ts';

const PROGRAM = '/opt/cni/bin/multus';
const KUBECONFIG = '/etc/cni/net.d/multus.d/multus.kubeconfig';
/** It sorts before the network's own file, and containerd takes the first one. */
const CONFIGURATION = '/etc/cni/net.d/00-multus.conflist';
/** Where it looks for a network whose definition names no configuration. */
const NETWORKS = '/etc/cni/multus/net.d';

const DEFINITIONS = 'network-attachment-definitions.k8s.cni.cncf.io';

/** What its DaemonSet does on each machine is done by hand here. */
const INSTALLER = /^(ConfigMap|DaemonSet)$/;

/**
 * The thin plugin, with the kind and the rights that its authors' manifests bring.
 * https://github.com/k8snetworkplumbingwg/multus-cni/blob/master/docs/how-to-use.md
 */
export async function installMultus({ machines, kubectl, definition: { name, endpoint } }: MetaCluster): Promise<void> {
  const programs = await buildModule('multus');
  await kubectl.run(['apply', '--server-side', '-f', '-'], { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifestsIn(programs) }) });
  await kubectl.run(['wait', '--for=condition=Established', '--timeout=60s', 'crd', DEFINITIONS]);
  const token = (await kubectl.run(['-n', 'kube-system', 'create', 'token', 'multus', '--duration=8h'])).trim();
  for (const { run } of machines) {
    await run(['mkdir', '-p', dirname(PROGRAM), NETWORKS]);
    await run(['cp', join(programs, 'multus'), PROGRAM]);
    await write({ run }, KUBECONFIG, kubeconfig(name, `https://${endpoint.host}:${endpoint.port}`, token));
    await write({ run }, CONFIGURATION, before(JSON.parse(await run(['cat', POD_NETWORK])) as object));
  }
}

/** Takes it off the machines, and its network's namespace away; the kind stays. Pods that have a second interface must be gone. */
export async function removeMultus({ machines, kubectl, keeps }: MetaCluster, network: string): Promise<void> {
  if (keeps) return;
  for (const { run } of machines) await run(['rm', '-r', CONFIGURATION, dirname(KUBECONFIG), NETWORKS, PROGRAM]);
  await kubectl.run(['delete', 'namespace', network.split('/')[0] ?? '', '--wait=false']);
}

/** A network that Pods may ask for as `namespace/name`, in a namespace of its own. What it is says a file on each machine, in the machine's own words. */
export async function defineNetwork({ machines, kubectl }: MetaCluster, network: string, wordsOf: (machine: number) => object): Promise<void> {
  const [namespace = '', name = ''] = network.split('/');
  for (const [index, machine] of machines.entries()) await write(machine, `${NETWORKS}/${name}.conf`, wordsOf(index));
  const attachment = { apiVersion: 'k8s.cni.cncf.io/v1', kind: 'NetworkAttachmentDefinition', metadata: { name, namespace } };
  await kubectl.run(['create', 'namespace', namespace]);
  await kubectl.run(['create', '-f', '-'], { input: JSON.stringify(attachment) });
}

/** A Pod's interface, as Multus tells it. */
export interface Attachment {
  readonly name: string;
  readonly interface: string;
  readonly ips: readonly string[];
  readonly default?: boolean;
}

/** The interfaces of a Pod; none when Multus has not made them. */
export const attachmentsOf = ({ metadata }: Pod): readonly Attachment[] =>
  JSON.parse(metadata?.annotations?.['k8s.v1.cni.cncf.io/network-status'] ?? '[]') as Attachment[];

const manifestsIn = (programs: string): Manifest[] =>
  parseAllDocuments(readFileSync(join(programs, 'deployments/multus-daemonset.yml'), 'utf8')).map((document) => document.toJS() as Manifest).filter(({ kind }) => !INSTALLER.test(kind));

/** As its DaemonSet writes it: the network that was there gives the first interface. */
const before = (network: object): object => ({
  cniVersion: '1.0.0', name: 'multus-cni-network',
  plugins: [{ type: 'multus', capabilities: { portMappings: true }, kubeconfig: KUBECONFIG, delegates: [network] }],
});

const kubeconfig = (name: string, server: string, token: string): object => ({
  apiVersion: 'v1', kind: 'Config', 'current-context': name,
  clusters: [{ name, cluster: { server, 'certificate-authority': '/etc/kubernetes/pki/ca.crt' } }],
  users: [{ name: 'multus', user: { token } }],
  contexts: [{ name, context: { cluster: name, user: 'multus' } }],
});

const write = ({ run }: Pick<Machine, 'run'>, path: string, content: object): Promise<string> =>
  run(['sh', '-c', 'umask 077 && mkdir -p "$(dirname "$0")" && cat > "$0"', path], { input: JSON.stringify(content) });
