import { lastOf, parseCidr, type Cidr } from '../net.ts';
import type { Problem, ProblemCode } from '../problem.ts';
import { allClaimsOf, type Claim, type Claims, type ClaimTopic, type RoutedRange } from './claims.ts';
import { error } from './say.ts';
import { nearest } from './suggest.ts';

/** What Argo CD reads at most as one Application that is a folder (`reposerver.max.combined.directory.manifests.size`), in bytes. */
export const ARGOCD_READS = 10_000_000;

/**
 * What members of the fleet take from each other. Hashes and one sweep, so that thousands are judged in one go; each
 * conflict is told at the later member, in the order given.
 */
export function conflicts(fleet: readonly Claims[]): Problem[] {
  return [...unknownMetas(fleet), ...doubles(fleet), ...routedTwice(fleet), ...rootsTooLarge(fleet)];
}

function unknownMetas(fleet: readonly Claims[]): Problem[] {
  const metas = fleet.filter(({ kind }) => kind === 'meta').map(({ meta }) => meta);
  const known = new Set(metas);
  return fleet.filter(({ kind, meta }) => kind === 'cluster' && !known.has(meta)).map(({ of, meta }) => {
    const near = nearest(meta, metas);
    return error('fleet/unknown-meta', of, 'meta', {
      what: `the fleet has no meta cluster ${meta}.${near === undefined ? '' : ` Did you mean ${near}?`}`,
      why: 'the control plane would have nowhere to run.',
      fix: metas.length === 0 ? 'add one to metaClusters of the fleet.' : `choose ${metas.slice(0, 12).join(' or ')}, or add it to metaClusters of the fleet.`,
    });
  });
}

interface Topic {
  readonly code: ProblemCode;
  readonly what: (claim: Claim, owner: string) => string;
  readonly why: string;
  readonly fix: string;
}

const TOPICS: Readonly<Record<ClaimTopic, Topic>> = {
  name: {
    code: 'fleet/duplicate-name', what: ({ shown }) => `the name ${shown} stands twice in the fleet.`,
    why: 'names of clusters and meta clusters are names of folders, namespaces and certificates.', fix: 'choose another name for the newer one.',
  },
  host: {
    code: 'fleet/host-conflict', what: ({ shown, path }, owner) => `${path} ${shown} is ${owner}'s as well.`,
    why: 'a name in DNS leads to one API server; clients of the other would be refused.', fix: 'give each cluster a name of its own.',
  },
  address: {
    code: 'fleet/address-conflict', what: ({ shown }, owner) => `${shown} is the endpoint of ${owner} as well.`,
    why: 'only one of them can listen there, and clients of the other reach the wrong cluster.', fix: 'choose another address or port; only clusters behind one Gateway may share both.',
  },
  'node-port': {
    code: 'fleet/node-port-conflict', what: ({ shown }, owner) => `node port ${shown} is taken by ${owner} in the same meta cluster.`,
    why: 'Kubernetes refuses the second Service.', fix: 'choose a free node port.',
  },
  volume: {
    code: 'fleet/volume-conflict', what: ({ shown }, owner) => `etcd of ${owner} keeps its data in ${shown} as well.`,
    why: 'two etcds in one folder destroy each other\'s data.', fix: 'choose a folder for each cluster.',
  },
  object: {
    code: 'fleet/object-conflict', what: ({ shown }, owner) => `its ${shown} is ${owner}'s as well.`,
    why: 'the API server keeps one object of a name, and each would undo what is applied of the other.', fix: 'choose another name for the newer one.',
  },
};

function doubles(fleet: readonly Claims[]): Problem[] {
  const taken = new Map<string, { readonly of: string; readonly claim: Claim }>();
  return fleet.flatMap((member) => uniquePlaces(allClaimsOf(member).flatMap((claim) => {
    const key = `${claim.topic} ${claim.key}`;
    const owner = taken.get(key);
    if (owner === undefined) taken.set(key, { of: member.of, claim });
    const isAllowed = owner === undefined || (claim.shared !== undefined && claim.shared === owner.claim.shared);
    if (isAllowed || (owner.of === member.of && claim.topic !== 'name')) return [];
    const { code, what, why, fix } = TOPICS[claim.topic];
    return [error(code, member.of, claim.path, { what: what(claim, owner.of), why, fix })];
  })));
}

/** One problem a place: three hosts with one folder are one thing to mend. */
function uniquePlaces(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ code, at }) => !seen.has(`${code} ${at.path}`) && seen.add(`${code} ${at.path}`));
}

interface Routed extends RoutedRange {
  readonly owner: Claims;
  readonly order: number;
  readonly network: Cidr;
}

/** Networks are nested or apart, so a stack of the open ones is all that a sweep needs. */
function routedTwice(fleet: readonly Claims[]): Problem[] {
  const ranges = routedRanges(fleet).sort(outerFirst);
  const open: Routed[] = [];
  return ranges.flatMap((range) => {
    while (open.length > 0 && !isOpen(open.at(-1), range)) open.pop();
    const other = open.findLast((candidate) => mayNotOverlap(candidate, range));
    open.push(range);
    return other === undefined ? [] : [isTold(range, other) ? routedProblem(range, other) : routedProblem(other, range)];
  });
}

/** A cluster can be moved before its meta cluster can; of two clusters, the later one. */
const isTold = (range: Routed, other: Routed): boolean =>
  (range.owner.kind === other.owner.kind ? range.order > other.order : range.owner.kind === 'cluster');

const isOpen = (outer: Routed | undefined, inner: Routed): boolean =>
  outer !== undefined && outer.network.family === inner.network.family && lastOf(outer.network) >= inner.network.first;

/** Ranges of clusters with routable Pods, and of the meta clusters that such clusters live in. */
function routedRanges(fleet: readonly Claims[]): Routed[] {
  const metas = new Set(fleet.filter(({ kind, routed }) => kind === 'cluster' && routed.length > 0).map(({ meta }) => meta));
  return fleet.flatMap((owner, order) => (owner.kind === 'meta' && !metas.has(owner.meta) ? [] : owner.routed).flatMap((range) => {
    const parsed = parseCidr(range.cidr);
    return parsed.ok ? [{ ...range, owner, order, network: parsed.value }] : [];
  }));
}

/** By address, and a network before those inside it. */
function outerFirst(a: Routed, b: Routed): number {
  const [one, two] = [a.network, b.network];
  if (one.family !== two.family) return one.family - two.family;
  if (one.first !== two.first) return one.first < two.first ? -1 : 1;
  return one.prefix - two.prefix || a.order - b.order;
}

/** A cluster and its own meta cluster are judged with the cluster, and two meta clusters may be apart. */
function mayNotOverlap(a: Routed, b: Routed): boolean {
  if (a.owner === b.owner || (a.owner.kind === 'meta' && b.owner.kind === 'meta')) return false;
  return a.owner.kind === b.owner.kind || a.owner.meta !== b.owner.meta;
}

const routedProblem = (range: Routed, other: Routed): Problem => error('fleet/cidr-overlap', range.owner.of, range.path, {
  what: `${range.path} ${range.cidr} overlaps ${other.path} ${other.cidr} of ${other.owner.of}.`,
  why: 'both are routed natively, so that Pods are reached by their own addresses; packets for one would arrive at the other.',
  fix: `choose a range outside ${other.cidr}; it cannot be changed once the cluster runs.`,
});

/** Told once, at the cluster that is one too many. */
function rootsTooLarge(fleet: readonly Claims[]): Problem[] {
  const sums = new Map<string, number>();
  return fleet.flatMap(({ of, meta, made }) => {
    const before = sums.get(meta) ?? 0;
    const bytes = before + (made?.rootBytes ?? 0);
    sums.set(meta, bytes);
    if (before > ARGOCD_READS || bytes <= ARGOCD_READS) return [];
    return [error('delivery/too-large', of, 'meta', {
      what: `with this cluster dist/${meta}/argocd holds ${bytes} bytes, and Argo CD takes at most ${ARGOCD_READS} in one Application.`,
      why: 'the root would apply nothing any more, of no cluster.',
      fix: 'put it, and those to come, into another meta cluster.',
    })];
  });
}
