import { contains, parseAddress, parseCidr } from '../../net.ts';
import type { JsonObject } from '../../model/manifest.ts';
import { dig, isObject, listOf, numberOf, objectsOf, textOf, type Json } from '../objects/json.ts';
import { selects } from './label-selector.ts';
import type { Flow, FlowEnd } from '../input.ts';

/** The policies of one API server, and what their selectors ask of it. */
export interface PolicyWorld {
  readonly policies: readonly Policy[];
  /** Labels of a namespace. */
  readonly labelsOf: (namespace: string) => Readonly<Record<string, string>>;
  /** The port numbers that a name stands for in the Pods at one end. */
  readonly portsNamed: (end: FlowEnd, name: string) => readonly Json[];
}

/** A NetworkPolicy. */
export interface Policy {
  readonly namespace: string;
  readonly spec: JsonObject;
}

type Direction = 'ingress' | 'egress';

/** Whether the rules at the source and at the destination let a connection through. */
export type Judgement = Readonly<Record<Direction, boolean>>;

/**
 * Whether policies let a connection out of its source and into its destination, as networking.k8s.io/v1 defines it:
 * Pods that no policy isolates are open; the rules of all policies that isolate a Pod add up.
 */
export function judge(world: PolicyWorld, flow: Flow): Judgement {
  return { egress: lets(world, flow, 'egress'), ingress: lets(world, flow, 'ingress') };
}

function lets(world: PolicyWorld, flow: Flow, direction: Direction): boolean {
  const [here, there] = direction === 'egress' ? [flow.from, flow.to] : [flow.to, flow.from];
  const isolating = world.policies.filter((policy) => isolates(policy, here, direction));
  if (isolating.length === 0) return true;
  return isolating.some((policy) => objectsOf(policy.spec[direction]).some((rule) => ruleLets(world, policy, rule, direction, flow, there)));
}

function isolates({ namespace, spec }: Policy, end: FlowEnd, direction: Direction): boolean {
  if (end.labels === null || end.namespace !== namespace || !selects(spec['podSelector'], end.labels)) return false;
  const types = listOf(spec['policyTypes']);
  if (types.length > 0) return types.includes(direction === 'egress' ? 'Egress' : 'Ingress');
  return direction === 'ingress' || spec['egress'] !== undefined;
}

function ruleLets(world: PolicyWorld, policy: Policy, rule: JsonObject, direction: Direction, flow: Flow, there: FlowEnd): boolean {
  const peers = objectsOf(rule[direction === 'egress' ? 'to' : 'from']);
  const ports = objectsOf(rule['ports']);
  return (peers.length === 0 || peers.some((peer) => isPeer(world, policy, peer, there)))
    && (ports.length === 0 || ports.some((port) => isPort(world, port, flow)));
}

function isPeer({ labelsOf }: PolicyWorld, policy: Policy, peer: JsonObject, { labels, namespace, address }: FlowEnd): boolean {
  if (isObject(peer['ipBlock'])) return address !== null && isInBlock(peer['ipBlock'], address);
  if (labels === null || namespace === null) return false;
  const inNamespace = peer['namespaceSelector'] === undefined ? namespace === policy.namespace : selects(peer['namespaceSelector'], labelsOf(namespace));
  return inNamespace && selects(peer['podSelector'], labels);
}

function isInBlock(block: JsonObject, address: string): boolean {
  return isInside(block['cidr'], address) && !listOf(block['except']).some((cidr) => isInside(cidr, address));
}

function isInside(cidr: Json, address: string): boolean {
  const network = parseCidr(textOf(cidr) ?? '');
  const host = parseAddress(address);
  return network.ok && host.ok && contains(network.value, host.value);
}

function isPort(world: PolicyWorld, rule: JsonObject, { to, port, protocol }: Flow): boolean {
  const { port: wanted, endPort } = rule;
  if ((rule['protocol'] ?? 'TCP') !== protocol) return false;
  if (wanted === undefined) return true;
  if (typeof wanted === 'string') return world.portsNamed(to, wanted).includes(port);
  return typeof endPort === 'number' ? port >= numberOf(wanted, 0) && port <= endPort : port === wanted;
}

/** The policy a NetworkPolicy manifest holds. */
export function policyOf(manifest: JsonObject): Policy {
  const spec = dig(manifest, 'spec');
  return { namespace: textOf(dig(manifest, 'metadata', 'namespace')) ?? '', spec: isObject(spec) ? spec : {} };
}
