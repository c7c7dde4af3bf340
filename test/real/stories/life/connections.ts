import type { Namespace, Pod } from 'kubernetes-types/core/v1';
import type { NetworkPolicy } from 'kubernetes-types/networking/v1';
import type { FlowEnd } from '../../../../lib/checks/input.ts';
import type { JsonObject } from '../../../../lib/model/manifest.ts';
import { selects } from '../../../../lib/checks/selectors/label-selector.ts';
import { judge, policyOf, type PolicyWorld } from '../../../../lib/checks/selectors/network-policies.ts';
import type { Kubectl } from '../../clusters/kubectl.ts';

/** A Pod or an address, and the ports at which others may want it. */
interface Place {
  readonly name: string;
  readonly end: FlowEnd;
  readonly ports: readonly Port[];
}

interface Port {
  readonly name: string | undefined;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
}

/** An address that is no Pod's, under a name. */
export interface KnownAddress {
  readonly name: string;
  readonly address: string;
  readonly ports: readonly number[];
}

/** What the policies that are in force say of the Pods that are there: this network enforces none of them. */
export interface PolicyView {
  /** Who may connect to whom, each as `from > to: ports`; only connections with an end in one of the namespaces. */
  readonly connections: readonly string[];
  /** Policies that select no Pod. */
  readonly idle: readonly string[];
}

/** Judges every pair of Pods, with the labels, addresses and namespaces that they have now. */
export async function viewPolicies(kubectl: Kubectl, namespaces: readonly string[], addresses: readonly KnownAddress[]): Promise<PolicyView> {
  const items = async <T>(kind: string): Promise<readonly T[]> => (await kubectl.get<{ readonly items: readonly T[] }>('-A', kind)).items;
  const [policies, spaces, pods] = [await items<NetworkPolicy>('networkpolicies'), await items<Namespace>('namespaces'), await items<Pod>('pods')];
  const ours = ({ metadata }: Pod | NetworkPolicy): boolean => namespaces.includes(metadata?.namespace ?? '');
  const onPodNetwork = pods.filter(({ spec }) => spec?.hostNetwork !== true);
  const places = [...onPodNetwork.filter((pod) => ours(pod) || isDns(pod)).map(placeOf), ...addresses.map(placeOfAddress)];
  const labelsOf = new Map(spaces.map(({ metadata }) => [metadata?.name ?? '', metadata?.labels ?? {}]));
  const world: PolicyWorld = {
    policies: policies.map((policy) => policyOf(policy as unknown as JsonObject)),
    labelsOf: (namespace) => labelsOf.get(namespace) ?? {},
    portsNamed: (end, name) => places.filter((place) => place.end === end).flatMap(({ ports }) => ports).filter((port) => port.name === name).map(({ port }) => port),
  };
  return {
    connections: connectionsOf(world, places, namespaces),
    idle: policies.filter(ours).filter((policy) => !onPodNetwork.some((pod) => isSelected(policy, pod))).map(({ metadata }) => `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`),
  };
}

const isDns = ({ metadata }: Pod): boolean => metadata?.labels?.['k8s-app'] === 'kube-dns';

const isSelected = ({ metadata, spec }: NetworkPolicy, pod: Pod): boolean =>
  pod.metadata?.namespace === metadata?.namespace && selects(spec?.podSelector as unknown as JsonObject, pod.metadata?.labels ?? {});

function placeOf({ metadata, spec, status }: Pod): Place {
  const [labels, namespace] = [metadata?.labels ?? {}, metadata?.namespace ?? ''];
  const ports = spec?.containers.flatMap((container) => container.ports ?? []) ?? [];
  return {
    name: `${namespace}/${labels['app.kubernetes.io/name'] ?? labels['k8s-app'] ?? ''}`,
    end: { labels, namespace, address: status?.podIP ?? null },
    ports: ports.map(({ name, containerPort, protocol }) => ({ name, port: containerPort, protocol: protocol === 'UDP' ? 'UDP' : 'TCP' })),
  };
}

const placeOfAddress = ({ name, address, ports }: KnownAddress): Place =>
  ({ name, end: { labels: null, namespace: null, address }, ports: ports.map((port) => ({ name: undefined, port, protocol: 'TCP' })) });

/** One line for each pair of components. Their Pods are alike: a port that only some of them may reach is marked. */
function connectionsOf(world: PolicyWorld, places: readonly Place[], namespaces: readonly string[]): string[] {
  const pairs = places.flatMap((from) => places.filter((to) => to !== from && [from, to].some(({ end }) => namespaces.includes(end.namespace ?? ''))).map((to) => ({ from, to })));
  const lines = new Map<string, Map<string, boolean[]>>();
  for (const { from, to } of pairs) {
    const ports = lines.get(`${from.name} > ${to.name}`) ?? new Map<string, boolean[]>();
    for (const port of to.ports) ports.set(describePort(port), [...ports.get(describePort(port)) ?? [], isLetThrough(world, from, to, port)]);
    lines.set(`${from.name} > ${to.name}`, ports);
  }
  return [...lines].flatMap(([pair, ports]) => {
    const open = [...ports].filter(([, answers]) => answers.includes(true)).map(([port, answers]) => `${port}${answers.includes(false) ? ' for some' : ''}`);
    return open.length === 0 ? [] : [`${pair}: ${[...new Set(open)].sort().join(', ')}`];
  }).sort();
}

const describePort = ({ port, protocol }: Port): string => `${port}${protocol === 'UDP' ? '/udp' : ''}`;

function isLetThrough(world: PolicyWorld, from: Place, to: Place, { port, protocol }: Port): boolean {
  const { egress, ingress } = judge(world, { api: '', from: from.end, to: to.end, port, protocol, source: '' });
  return egress && ingress;
}
