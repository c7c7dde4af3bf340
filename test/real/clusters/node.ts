import type { ResolvedCluster } from '../../../lib/model/resolved.ts';
import type { Minor } from '../../../lib/versions/minor.ts';
import { compiled, imagesIn, kubewright, stagesOf, type Stage } from '../fleet.ts';
import { SANDBOX_IMAGE } from '../host/images.ts';
import { provideImages, startMachine, type Lan, type Machine } from '../host/machines.ts';
import { until } from '../host/until.ts';
import { addressOf, namesOf, type ControlPlane } from './control-plane.ts';
import { apply, type Kubectl } from './kubectl.ts';
import { kubeadm } from './kubeadm.ts';
import type { MetaCluster } from './meta.ts';
import { routePods, type Neighbour } from './pod-network.ts';
import { explainNodes } from './workloads.ts';

/** A machine that is to be a node of a hosted cluster. */
export interface NodeSpec {
  readonly name: string;
  readonly address: string;
  /** Minor of its kubelet. kubeadm is the cluster's. */
  readonly kubelet: Minor;
  /** Names that it knows by itself, when DNS does not lead to what these have led to when it was made. */
  readonly hosts?: Readonly<Record<string, string>>;
  /** What makes it, when it is to have a kernel of its own. */
  readonly make?: typeof startMachine;
  /** Its only network, when that is another one than the meta cluster's. */
  readonly lan?: Lan;
}

/** What belongs inside a cluster, stage by stage: definitions first. */
export const tenantStages = (meta: MetaCluster, { name }: Pick<ResolvedCluster, 'name'>): Stage[] =>
  (['tenant-crds', 'tenant'] as const).flatMap((part) => stagesOf(meta.name, name, part));

const tenantFiles = (meta: MetaCluster, cluster: ResolvedCluster): string[] => tenantStages(meta, cluster).flatMap(({ files }) => [...files]);

/** Applies what belongs inside a cluster. Nothing is awaited: its workloads come up with the first node. */
export async function applyTenant(meta: MetaCluster, { cluster, kubectl }: ControlPlane): Promise<void> {
  for (const { files } of tenantStages(meta, cluster)) await apply(kubectl, files);
}

/** Starts a machine on which everything is installed that kubeadm expects, and that reaches the cluster's endpoint. */
export async function startNode(meta: MetaCluster, { cluster }: ControlPlane, { name, address, kubelet, hosts, make = startMachine, lan = meta.lan }: NodeSpec, images: readonly string[]): Promise<Machine> {
  const { endpoint } = cluster;
  const machine = await make(lan, {
    name, address, hosts: hosts ?? namesOf(cluster, await addressOf(meta, cluster)), kubernetes: `kubernetes-${kubelet}`,
    containerd: compiled(`${meta.name}/clusters/${cluster.name}/machine/containerd`),
  });
  await provideImages(machine, [SANDBOX_IMAGE, ...imagesIn(tenantFiles(meta, cluster)), ...images]);
  // A load balancer's address is nobody's: the network leads it to the meta cluster, whose kube-proxy knows the Service.
  if (['loadBalancer', 'gateway'].includes(endpoint.expose.type)) await machine.run(['ip', 'route', 'replace', `${endpoint.address ?? ''}/32`, 'via', meta.machines[0].address]);
  // Who is dialled by Pods of the meta cluster, or dials them, knows the way to them.
  if (endpoint.expose.type === 'dnsRoundRobin' || cluster.nodes.access.type === 'direct') await routePods(meta.machines, meta.kubectl, [machine]);
  return machine;
}

/** A bootstrap token, and what is typed on a machine with it. */
export interface Invitation {
  readonly token: string;
  /** Address of the API server, token and pins: what stands after `kubeadm join`. */
  readonly args: readonly string[];
}

interface Made {
  readonly token: string;
  readonly joinCommand: string;
  readonly manifest: object;
}

/** Makes a token with the command line, and gives it to the cluster. */
export async function invite({ cluster, kubectl }: ControlPlane): Promise<Invitation> {
  const { token, joinCommand, manifest } = JSON.parse(await kubewright('token', 'create', cluster.name, '--json')) as Made;
  await kubectl.run(['create', '-f', '-'], { input: JSON.stringify(manifest) });
  return { token, args: joinCommand.split(' ').slice(2) };
}

/** `kubeadm join` as it is typed, routes to the node's Pods where the network is to have them, and a wait until it takes Pods. */
export async function joinNode(meta: MetaCluster, { cluster, kubectl }: ControlPlane, machine: Machine, args: readonly string[], others: readonly Machine[] = [], neighbours: readonly Neighbour[] = meta.machines): Promise<void> {
  await kubeadm(machine, cluster.minor, 'join', ...args);
  if (cluster.network.cni.type === 'routes') await routePods([...others, machine], kubectl, neighbours);
  await nodeReady(kubectl, machine);
}

async function nodeReady(kubectl: Kubectl, { name }: Machine): Promise<void> {
  const path = 'jsonpath={.status.conditions[?(@.type=="Ready")].status}';
  await until(`${name} is Ready`, 180, async () => (await kubectl.attempt(['get', 'node', name, '-o', path])).out === 'True', () => explainNodes(kubectl));
}

/** Ends machines whose cluster is no more: their kubelets would ask for it as long as the run lasts. */
export async function endNodes({ keeps }: MetaCluster, machines: readonly Machine[]): Promise<void> {
  if (!keeps) await Promise.all(machines.map((machine) => machine.powerOff()));
}

/** Neither the machine nor its Pods can be dialled from the meta cluster's machines or Pods; what they dial themselves is answered. */
export async function hideFrom({ machines, definition: { network } }: MetaCluster, machine: Machine): Promise<void> {
  for (const range of [...network.pods, ...machines.map(({ address }) => address)]) await machine.run(['iptables', '-t', 'raw', '-I', 'PREROUTING', '-p', 'tcp', '--syn', '-s', range, '-j', 'DROP']);
}
