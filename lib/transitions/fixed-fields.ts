import type { Problem } from '../problem.ts';
import { error } from '../validate/say.ts';
import { changeOf, told, unlessApplied, type Move, type MoveRule } from './move.ts';

/** A field that stays for ever as it was first applied. */
interface FixedField {
  /** In the resolved model. */
  readonly path: string;
  /** In the definition, when it stands elsewhere there. */
  readonly at?: string;
  readonly why: string;
}

export const OTHER_STORE = 'the API server would find an empty store, and everything in the cluster would be gone from its sight.';
const IN_USE = 'addresses of the old range are in use, and written down in objects, certificates and kubelets that nobody writes again.';
const DOMAIN = 'every running Pod keeps the old domain in its resolv.conf, and names that were written down lead nowhere.';

const DIALLED = 'kubeadm has written it into the kubeconfigs of every machine and into the cluster itself, and writes none of them again.';

/** What a cluster cannot change. */
export const FIXED_IN_CLUSTERS: readonly FixedField[] = [
  { path: 'meta.name', at: 'meta', why: 'nothing of it moves with it: an empty control plane would begin in the new meta cluster, and the old one would be deleted with all that it holds.' },
  { path: 'namespace', at: 'name', why: 'an empty control plane would begin in the new namespace, and the old one would be deleted with all that it holds.' },
  { path: 'network.pods', why: IN_USE },
  { path: 'network.services', why: IN_USE },
  { path: 'network.dnsDomain', why: DOMAIN },
  { path: 'network.nodeMasks', at: 'network.nodeMask', why: 'nodes keep ranges of the old length, and when one of them leaves, the addresses of a neighbour are given away with its own.' },
  { path: 'datastore.prefix', at: 'datastore.external.prefix', why: OTHER_STORE },
];

/** What a meta cluster cannot change. */
export const FIXED_IN_METAS: readonly FixedField[] = [
  { path: 'endpoint.host', why: DIALLED },
  { path: 'endpoint.port', why: DIALLED },
  { path: 'network.pods', why: IN_USE },
  { path: 'network.services', why: IN_USE },
  { path: 'network.dnsDomain', why: 'members of etcd know each other by names of that domain, and certificates are issued for them.' },
];

/** Refuses a change of any of these fields. */
export const stays = (fields: readonly FixedField[]): MoveRule => (move) => fields.flatMap((field) => fixedProblems(move, field));

function fixedProblems(move: Move, { path, at = path, why }: FixedField): Problem[] {
  const change = changeOf(move, path);
  return change === null ? [] : [immutable(move, { at, why, ...change })];
}

/** The problem of a field that has another value than it had. */
export function immutable(move: Move, { at, why, was, is }: { readonly at: string; readonly why: string; readonly was: unknown; readonly is: unknown }): Problem {
  return error('transition/immutable', move.of, at, {
    what: `${at} was ${told(was)} and is ${told(is)} now.`,
    why,
    fix: `write ${told(was)} again; another value needs another cluster. ${unlessApplied(move)}`,
  });
}
