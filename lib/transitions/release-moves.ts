import type { Problem, ProblemCode } from '../problem.ts';
import { error } from '../validate/say.ts';
import { minorsApart, parseVersion } from '../versions/version.ts';
import { changeOf, told, unlessApplied, valueAt, type Move, type MoveRule } from './move.ts';

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

/** A step of Kubernetes and one of etcd, which follows it when the new minor pairs another etcd. */
export const oneStep: MoveRule = (move) => {
  const [kubernetes, etcd] = [stepOf(move, 'minor'), stepOf(move, 'etcd.minor')];
  if (kubernetes.apart <= 0 || etcd.apart <= 0) return [];
  const former = valueAt(move.before, 'etcd.version') ?? etcd.was;
  return [stepProblem(move, 'transition/two-steps', 'etcd.version',
    `kubernetes would go from ${kubernetes.was} to ${kubernetes.is} and etcd from ${etcd.was} to ${etcd.is} at once.`,
    'neither of the two can be taken back, and when something fails, nobody knows after which.',
    `write etcd: { version: '${told(former)}' } in this commit, and remove it in the next one, when the cluster is well. ${unlessApplied(move)}`)];
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
