import type { ClusterDefinition, MetaClusterDefinition, Network } from '../../../model/definition.ts';
import { BITS, contains, networkOf, overlaps, parseAddress, parseCidr, type Cidr } from '../../../net.ts';
import type { Problem } from '../../../problem.ts';
import { has } from '../../../versions/gates.ts';
import { supportedMinor } from '../../../versions/version.ts';
import { DEFAULTS } from '../../../model/defaults.ts';
import type { ClusterRule, MetaRule } from '../../rule.ts';
import { error } from '../../say.ts';

/** A network of a definition, where it stands, and what is in it. */
export interface Range {
  readonly path: string;
  readonly text: string;
  readonly holds: 'pods' | 'services' | 'machines';
  readonly network: Cidr;
}

type Ranges = Pick<Network, 'pods' | 'services'>;

/** The ranges that can be read, in the order of the definition; the others have a problem of their own. */
export function rangesOf(network: Ranges & { readonly machines?: readonly string[] }): Range[] {
  return (['pods', 'services', 'machines'] as const).flatMap((holds) => textsAt(`network.${holds}`, network[holds]).flatMap(({ path, text }) => {
    const parsed = parseCidr(text);
    return parsed.ok ? [{ path, text, holds, network: parsed.value }] : [];
  }));
}

function textsAt(path: string, given: string | readonly string[] | undefined): { path: string; text: string }[] {
  if (given === undefined) return [];
  return typeof given === 'string' ? [{ path, text: given }] : given.map((text, index) => ({ path: `${path}[${index}]`, text }));
}

/** Pod and Service ranges: sizes, families, overlaps, and the part that each node gets. */
export const NETWORK_RULES: readonly ClusterRule[] = [
  (cluster) => hostBits(cluster.name, [
    ...textsAt('network.pods', cluster.network.pods),
    ...textsAt('network.services', cluster.network.services),
    ...textsAt('datastore.external.networks', cluster.datastore?.external?.networks),
    ...(cluster.endpoint.expose.type === 'loadBalancer' ? textsAt('endpoint.expose.sourceRanges', cluster.endpoint.expose.sourceRanges) : []),
  ]),
  (cluster) => serviceSizes(cluster.name, cluster.network, limitOf(cluster.kubernetes)),
  (cluster) => dualStack(cluster.name, cluster.network),
  (cluster) => overlapping(cluster.name, [...rangesOf(cluster.network), ...endpointRange(cluster)]),
  overlapWithMeta,
  nodeMask,
];

export const META_NETWORK_RULES: readonly MetaRule[] = [
  (meta) => hostBits(meta.name, (['pods', 'services', 'machines'] as const).flatMap((field) => textsAt(`network.${field}`, meta.network[field]))),
  (meta) => serviceSizes(meta.name, meta.network, limitOf(meta.kubernetes)),
  (meta) => dualStack(meta.name, meta.network),
  (meta) => overlapping(meta.name, rangesOf(meta.network).filter(({ holds }) => holds !== 'machines')),
  (meta) => rangesOf(meta.network).filter(({ holds }) => holds !== 'machines').flatMap((range) =>
    rangesOf(meta.network).filter(({ holds, network }) => holds === 'machines' && overlaps(network, range.network)).map((machines) => overlap(meta.name, range, machines))),
];

function hostBits(of: string, texts: readonly { path: string; text: string }[]): Problem[] {
  return texts.flatMap(({ path, text }) => {
    const parsed = parseCidr(text);
    if (parsed.ok || parsed.fault !== 'host-bits') return [];
    return [error('network/cidr-host-bits', of, path, {
      what: `${path} ${text} ${parsed.reason}.`,
      why: 'programs either refuse it or cut it silently, each in its own way.',
      fix: `write ${parsed.instead ?? 'the network\'s own address'}.`,
    })];
  });
}

/** Bits of addresses in a Service range that the API server takes. */
function limitOf(version: string): number {
  const minor = supportedMinor(version);
  return minor !== null && has(minor, 'largeServiceRanges') ? 64 : 20;
}

function serviceSizes(of: string, network: Ranges, most: number): Problem[] {
  return rangesOf(network).filter(({ holds }) => holds === 'services').flatMap(({ path, text, network: { family, prefix } }) => {
    const bits = BITS[family] - prefix;
    if (bits < 4) {
      return [error('network/range-too-small', of, path, {
        what: `${path} ${text} has ${2 ** bits} addresses.`,
        why: 'the cluster\'s DNS takes the tenth address, and every Service needs one more.',
        fix: `choose a range of /${BITS[family] - 4} or larger; /${BITS[family] - 16} has room for 65,536 Services.`,
      })];
    }
    if (bits <= most) return [];
    return [error('network/range-too-large', of, path, {
      what: `${path} ${text} has ${bits} bits of addresses.`,
      why: `kube-apiserver of this version takes a Service range of at most ${most} bits, and stops at its start.`,
      fix: `choose a range of /${BITS[family] - most} or smaller.`,
    })];
  });
}

function dualStack(of: string, network: Ranges): Problem[] {
  const families = (holds: Range['holds']): string => rangesOf(network).filter((range) => range.holds === holds).map((range) => `IPv${range.network.family}`).join(' and ');
  const [pods, services] = [families('pods'), families('services')];
  const twice = (['pods', 'services'] as const).filter((holds) => ['IPv4 and IPv4', 'IPv6 and IPv6'].includes(families(holds)));
  const problems = twice.map((holds) => error('network/dual-stack', of, `network.${holds}`, {
    what: `network.${holds} has two ranges of one family: ${families(holds)}.`,
    why: 'two ranges mean dual stack, one of IPv4 and one of IPv6; components refuse anything else.',
    fix: 'write one range, or one of each family.',
  }));
  if (problems.length > 0 || pods === '' || services === '' || pods === services || pods.startsWith(`${services} and`)) return problems;
  return [error('network/dual-stack', of, 'network.services', {
    what: `network.pods is ${pods}, but network.services is ${services}.`,
    why: 'the first family is the cluster\'s own; a Service of a family that Pods do not have has no endpoints.',
    fix: 'write the families of network.services in the order of network.pods.',
  })];
}

function endpointRange(cluster: ClusterDefinition): Range[] {
  const text = cluster.endpoint.address ?? '';
  const parsed = parseAddress(text);
  return parsed.ok ? [{ path: 'endpoint.address', text, holds: 'machines', network: networkOf(parsed.value) }] : [];
}

function overlapping(of: string, ranges: readonly Range[]): Problem[] {
  return ranges.flatMap((range, index) => ranges.slice(0, index)
    .filter((other) => overlaps(range.network, other.network))
    .map((other) => overlap(of, range, other)));
}

const REASONS: Readonly<Record<Range['holds'], string>> = {
  pods: 'a Pod with that address would never be reached, or would be reached in place of something else.',
  services: 'what is meant for a Service there would be routed elsewhere, and the Service never reached.',
  machines: 'what is meant for that machine would be sent to a Pod or a Service, and never arrive.',
};

function overlap(of: string, range: Range, other: Range, whose = ''): Problem {
  return error('network/cidr-overlap', of, range.path, {
    what: `${range.path} ${range.text} overlaps ${whose}${other.path} ${other.text}.`,
    why: REASONS[range.holds === 'pods' ? other.holds : range.holds],
    fix: `choose ${range.path} outside ${other.text}; it cannot be changed once the cluster runs.`,
  });
}

function overlapWithMeta(...[cluster, { meta }]: Parameters<ClusterRule>): Problem[] {
  if (meta === null) return [];
  const own = rangesOf(cluster.network);
  const metaRanges = rangesOf(meta.network);
  const inMeta = metaRanges.filter(({ holds }) => holds !== 'machines');
  return [
    ...own.flatMap((range) => metaRanges.filter((other) => overlaps(range.network, other.network)).map((other) => overlap(cluster.name, range, other, `meta cluster ${meta.name}'s `))),
    ...endpointRange(cluster).flatMap((range) => inMeta.filter((other) => contains(other.network, range.network)).map((other) => overlap(cluster.name, range, other, `meta cluster ${meta.name}'s `))),
  ];
}

function nodeMask(...[cluster]: Parameters<ClusterRule>): Problem[] {
  const { network } = cluster;
  if (network.allocateNodeRanges === false) return [];
  return rangesOf(network).filter(({ holds }) => holds === 'pods').flatMap(({ text, network: { family, prefix } }) => {
    const path = `network.nodeMask.ipv${family}`;
    const mask = network.nodeMask?.[`ipv${family}`] ?? DEFAULTS.nodeMasks[family];
    if (mask > prefix && mask - prefix <= 16) return [];
    return [error('network/node-mask', cluster.name, path, mask <= prefix ? {
      what: `each node gets a /${mask} of ${text}, which has room for ${mask === prefix ? 'one node only' : 'none'}.`,
      why: 'nodes without a Pod range never become ready.',
      fix: `choose a larger network.pods, or set ${path} to between ${prefix + 1} and ${Math.min(prefix + 16, BITS[family])}.`,
    } : {
      what: `each node gets a /${mask} of ${text}, which is cut into more than 65,536 parts.`,
      why: 'the controller-manager keeps a map of at most 65,536 parts, and stops at its start.',
      fix: `set ${path} to ${prefix + 16} or less.`,
    })];
  });
}

/** The networks in which a meta cluster's machines are, as far as they can be read. */
export const machineNetworks = (meta: MetaClusterDefinition): Cidr[] =>
  rangesOf(meta.network).filter(({ holds }) => holds === 'machines').map(({ network }) => network);
