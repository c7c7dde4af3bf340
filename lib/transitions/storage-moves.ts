import type { Problem } from '../problem.ts';
import { quantityValue } from '../units.ts';
import { error } from '../validate/say.ts';
import { immutable, OTHER_STORE } from './fixed-fields.ts';
import { changeOf, listAt, told, unlessApplied, valueAt, type Move, type MoveRule } from './move.ts';

/** The two etcds that a cluster may have, by their paths. */
export const ETCDS = ['etcd', 'etcd.events'] as const;

/** Where a cluster keeps its objects, and the volumes below it. */
export const STORAGE_MOVES: readonly MoveRule[] = [datastoreStays, kindStays, volumesStay, hostsStay, claimsGrow, backupStays];

function datastoreStays(move: Move): Problem[] {
  const change = changeOf(move, 'datastore.external');
  if (change === null) return [];
  const [own, other] = ['an etcd of its own', 'somebody else\'s store'];
  return [error('transition/immutable', move.of, change.is === true ? 'datastore' : 'etcd', {
    what: `the cluster has its objects in ${change.was === true ? other : own}, and would look for them in ${change.is === true ? other : own} now.`,
    why: OTHER_STORE,
    fix: `write what it had; objects are brought over by a new cluster beside it. ${unlessApplied(move)}`,
  })];
}

const TEMPLATE = 'the StatefulSet\'s claim template has it, and the API server refuses every change of that.';
const VOLUME = 'the volume has it, and the API server refuses every change of what a volume is made of.';

/** Fields of a volume, for each kind that has them. `requestedSize` is what grows. */
const VOLUME_FIELDS = [
  { field: 'size', why: TEMPLATE, fix: ' To grow, raise requestedSize.', kinds: ['claimTemplate'] },
  { field: 'storageClass', why: TEMPLATE, fix: '', kinds: ['claimTemplate'] },
  { field: 'size', why: TEMPLATE, fix: '', kinds: ['local', 'hostPath'] },
  { field: 'path', why: VOLUME, fix: '', kinds: ['local', 'hostPath'] },
] as const;

const kindOf = (resolved: unknown, etcd: string): string => told(valueAt(resolved, `${etcd}.storage.type`));

/** What holds the data: an etcd that is asked to look elsewhere begins empty there. */
function kindStays(move: Move): Problem[] {
  return ETCDS.flatMap((etcd) => {
    const change = changeOf(move, `${etcd}.storage.type`);
    return change === null ? [] : [immutable(move, { at: `${etcd}.storage`, why: TEMPLATE, ...change })];
  });
}

function volumesStay(move: Move): Problem[] {
  return sameKinds(move).flatMap(({ etcd, kind }) => VOLUME_FIELDS.filter(({ kinds }) => kinds.some((one) => one === kind)).flatMap(({ field, why, fix }) => {
    const change = changeOf(move, `${etcd}.storage.${field}`);
    if (change === null) return [];
    const problem = immutable(move, { at: `${etcd}.storage.${kind}.${field}`, why, ...change });
    return [{ ...problem, fix: `${problem.fix}${fix}` }];
  }));
}

/** Etcds whose data is on volumes of the same kind as before. */
const sameKinds = (move: Move): { readonly etcd: string; readonly kind: string }[] =>
  ETCDS.map((etcd) => ({ etcd, kind: kindOf(move.after, etcd) })).filter(({ etcd, kind }) => kind !== 'nothing' && kind === kindOf(move.before, etcd));

/** A volume stays on its host. A member that is replaced gets a new one, on another host too. */
function hostsStay(move: Move): Problem[] {
  return sameKinds(move).flatMap(({ etcd, kind }) => listAt(move.after, `${etcd}.storage.hosts`).flatMap((_, index) => {
    const change = changeOf(move, `${etcd}.storage.hosts.${index}`);
    const generation = changeOf(move, `${etcd}.members.${index}.generation`);
    if (change === null || generation !== null) return [];
    return [error('transition/immutable', move.of, `${etcd}.storage.${kind}.hosts[${index}]`, {
      what: `member ${index} of ${etcd} was on host ${told(change.was)} and is to be on ${told(change.is)} now.`,
      why: 'its volume cannot leave its host, and a member that begins empty is refused by the others.',
      fix: `write ${told(change.was)} again; or, if that host is lost, delete the member's claim and volume and raise ${etcd}.members[${index}].generation with it. ${unlessApplied(move)}`,
    })];
  }));
}

function claimsGrow(move: Move): Problem[] {
  return sameKinds(move).flatMap(({ etcd, kind }) => shrinkProblems(move, `${etcd}.storage.requestedSize`, `${etcd}.storage.${kind}.requestedSize`));
}

/** The claim in which snapshots are kept; one in a bucket is the bucket's. */
function backupStays(move: Move): Problem[] {
  if ([move.before, move.after].some((resolved) => valueAt(resolved, 'etcd.backup.to') !== 'persistentVolumeClaim')) return [];
  const [path, at] = ['etcd.backup', 'etcd.backup.to.persistentVolumeClaim'];
  const change = changeOf(move, `${path}.storageClass`);
  return [
    ...(change === null ? [] : [immutable(move, { at: `${at}.storageClass`, why: 'the API server refuses every change of a claim\'s class.', ...change })]),
    ...shrinkProblems(move, `${path}.size`, `${at}.size`),
  ];
}

function shrinkProblems(move: Move, path: string, at: string): Problem[] {
  const change = changeOf(move, path);
  if (change === null || !(quantityValue(told(change.is)) < quantityValue(told(change.was)))) return [];
  return [error('transition/shrink', move.of, at, {
    what: `${at} was ${told(change.was)} and is ${told(change.is)} now.`,
    why: 'Kubernetes refuses to shrink a claim.',
    fix: `write ${told(change.was)} or more. ${unlessApplied(move)}`,
  })];
}
