import type { Problem, ProblemCode } from '../problem.ts';
import { error } from '../validate/say.ts';
import { minorsApart, parseVersion } from '../versions/version.ts';
import { changeOf, listAt, told, unlessApplied, valueAt, type Move, type MoveRule } from './move.ts';

/** Up, and one minor at a time. */
export const minorSteps: MoveRule = (move) => {
  const { apart, was, is } = stepOf(move, 'minor');
  if (apart > 1) return [stepProblem(move, 'transition/minor-skipped', 'kubernetes', `kubernetes would go from ${was} to ${is} at once.`, 'objects are stored in versions that a release in between has to convert, and kubernetes supports one minor at a time.', `go to the minor after ${was} first, in a commit of its own.`)];
  return apart < 0 ? [stepProblem(move, 'transition/downgrade', 'kubernetes', `kubernetes would go back from ${was} to ${is}.`, 'what the newer release has stored, the older one may not be able to read.', `write a version of ${was}; an older one of the same minor may come back. ${unlessApplied(move)}`)] : [];
};

/** etcd's own way back is a procedure of its own, member by member. */
export const etcdSteps: MoveRule = (move) => {
  const { apart, was, is } = stepOf(move, 'etcd.minor');
  return apart < 0 ? [stepProblem(move, 'transition/downgrade', 'etcd.version', `etcd would go back from ${was} to ${is}.`, 'a member refuses data of a newer minor, and does not start.', `write a version of ${was}. ${unlessApplied(move)}`)] : [];
};

/** A step up ends when the release that it leads to has run: asleep, nobody could tell a second one from the first. */
export const stepsAwake: MoveRule = (move) => {
  if (valueAt(move.after, 'state') !== 'hibernated') return [];
  return [['minor', 'kubernetes', 'kubernetes'], ['etcd.minor', 'etcd.version', 'etcd']].flatMap(([path = '', at = '', title = '']) => {
    const { apart, was, is } = stepOf(move, path);
    return apart > 0 ? [stepProblem(move, 'transition/asleep', at, `${title} would go from ${was} to ${is} while the cluster sleeps.`, 'what is stored is converted by a release that runs, and the next step would skip one that never did.', `write a version of ${was}, or wake the cluster with this same change: state: 'running'.`)] : [];
  });
};

function stepOf(move: Move, path: string): { readonly apart: number; readonly was: string; readonly is: string } {
  const change = changeOf(move, path);
  const [was, is] = [told(change?.was ?? ''), told(change?.is ?? '')];
  return { was, is, apart: parseVersion(was) === null || parseVersion(is) === null ? 0 : minorsApart(is, was) };
}

const stepProblem = (move: Move, code: ProblemCode, at: string, what: string, why: string, fix: string): Problem => error(code, move.of, at, { what, why, fix });

/** One who no longer opens secrets takes with them what it made of them, after the other has written them anew. */
export const sealingStays: MoveRule = (move) => {
  const [was, is] = [move.before, move.after].map((side) => (valueAt(side, 'delivery.flux.decryption') == null ? 'the Sealed Secrets controller' : 'Flux with SOPS'));
  return was === is ? [] : [error('transition/sealing', 'fleet', 'sealing', {
    what: `secrets of ${move.name} were opened by ${was} and would be opened by ${is}.`,
    why: 'both make Secrets of the same names: what the one made goes with it, and whatever of the control plane starts then finds none.',
    fix: `bring sealing back as it was. ${unlessApplied(move)}`,
  })];
};

const UNREADABLE = 'what is stored encrypted could not be read any more, and the API server would fail on it.';

/** Whatever was stored stays as it was written until it is written again. */
export const encryptionReads: MoveRule = (move) => {
  const [was, is] = [valueAt(move.before, 'encryption.provider'), valueAt(move.after, 'encryption.provider')];
  if (was === undefined || was === 'none') return [];
  const fixed = was === is ? 'encryption.kms.name' : 'encryption.provider';
  const change = changeOf(move, fixed);
  const dropped = was === is ? listAt(move.before, 'encryption.resources').map(String).filter((resource) => !isCovered(resource, listAt(move.after, 'encryption.resources'))) : [];
  return [
    ...(change === null ? [] : [error('transition/encryption', move.of, fixed, {
      what: `${fixed} was ${told(change.was)} and is ${told(change.is)} now.`, why: UNREADABLE, fix: `write ${told(change.was)} again. ${unlessApplied(move)}`,
    })]),
    ...(dropped.length === 0 ? [] : [error('transition/encryption', move.of, 'encryption.resources', {
      what: `encryption.resources no longer has ${dropped.join(', ')}.`, why: UNREADABLE, fix: `add ${dropped.join(', ')} again. ${unlessApplied(move)}`,
    })]),
  ];
};

/** A resource is named by itself, or by the pattern of its group: `*.apps`, `*.` for the core, `*.*` for all. */
function isCovered(resource: string, resources: readonly unknown[]): boolean {
  const group = resource.includes('.') ? resource.slice(resource.indexOf('.')) : '.';
  return [resource, `*${group}`, '*.*'].some((pattern) => resources.includes(pattern));
}
