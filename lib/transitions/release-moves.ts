import type { Problem, ProblemCode } from '../problem.ts';
import { error } from '../validate/say.ts';
import { SKEWS, skewOf } from '../versions/skew.ts';
import { minorsApart, parseVersion } from '../versions/version.ts';
import { changeOf, told, unlessApplied, valueAt, type Move, type MoveRule } from './move.ts';

/** Whatever writes into the store, or is it: where its minor is in the resolved model, and its version in the definition. */
const RELEASED = {
  cluster: { path: 'minor', at: 'kubernetes', title: 'kubernetes' },
  apiserver: { path: 'components.apiserver.minor', at: 'components.apiserver.version', title: 'kube-apiserver' },
  etcd: { path: 'etcd.minor', at: 'etcd.version', title: 'etcd' },
} as const;

type Released = (typeof RELEASED)[keyof typeof RELEASED];

/** From one minor to another; `apart` is 0 when it stays, or when one of them is not known. */
type Step = Released & { readonly apart: number; readonly was: string; readonly is: string };

/** Up, and one minor at a time. */
export const minorSteps: MoveRule = (move) => kubernetesSteps(move).flatMap((step) => {
  const { title, apart, was, is } = step;
  if (apart > 1) return [stepProblem(move, step, 'transition/minor-skipped', `${title} would go from ${was} to ${is} at once.`, 'objects are stored in versions that a release in between has to convert, and kubernetes supports one minor at a time.', `go to the minor after ${was} first, in a commit of its own.`)];
  return apart < 0 ? [stepProblem(move, step, 'transition/downgrade', `${title} would go back from ${was} to ${is}.`, 'what the newer release has stored, the older one may not be able to read.', `write a version of ${was}; an older one of the same minor may come back. ${unlessApplied(move)}`)] : [];
});

/** etcd's own way back is a procedure of its own, member by member. */
export const etcdSteps: MoveRule = (move) => {
  const step = stepOf(move, RELEASED.etcd);
  const { apart, was, is } = step;
  return apart < 0 ? [stepProblem(move, step, 'transition/downgrade', `etcd would go back from ${was} to ${is}.`, 'a member refuses data of a newer minor, and does not start.', `write a version of ${was}. ${unlessApplied(move)}`)] : [];
};

/** A step of Kubernetes and one of etcd, which follows it when the new minor pairs another etcd. */
export const oneStep: MoveRule = (move) => {
  const [kubernetes, etcd] = [kubernetesSteps(move).find(({ apart }) => apart > 0), stepOf(move, RELEASED.etcd)];
  if (kubernetes === undefined || etcd.apart <= 0) return [];
  const former = valueAt(move.before, 'etcd.version') ?? etcd.was;
  return [stepProblem(move, etcd, 'transition/two-steps',
    `${kubernetes.title} would go from ${kubernetes.was} to ${kubernetes.is} and etcd from ${etcd.was} to ${etcd.is} at once.`,
    'neither of the two can be taken back, and when something fails, nobody knows after which.',
    `write etcd: { version: '${told(former)}' } in this commit, and remove it in the next one, when the cluster is well. ${unlessApplied(move)}`)];
};

/** A step up ends when the release that it leads to has run: asleep, nobody could tell a second one from the first. */
export const stepsAwake: MoveRule = (move) => {
  if (valueAt(move.after, 'state') !== 'hibernated') return [];
  return [...kubernetesSteps(move), stepOf(move, RELEASED.etcd)].filter(({ apart }) => apart > 0).map((step) => stepProblem(move, step, 'transition/asleep',
    `${step.title} would go from ${step.was} to ${step.is} while the cluster sleeps.`,
    'what is stored is converted by a release that runs, and the next step would skip one that never did.',
    `write a version of ${step.was}, or wake the cluster with this same change: state: 'running'.`));
};

const CONTROLLERS = [
  { at: 'components.controllerManager.version', binary: 'kube-controller-manager' },
  { at: 'components.scheduler.version', binary: 'kube-scheduler' },
] as const;

/** API servers are replaced first, and what is replaced after them goes on beside the new ones until then. */
export const controllersFollow: MoveRule = (move) => {
  const apiserver = told(valueAt(move.after, 'components.apiserver.version') ?? '');
  const step = stepOf(move, RELEASED.apiserver);
  if (valueAt(move.before, 'state') === 'hibernated' || step.apart !== 1) return [];
  return CONTROLLERS.flatMap(({ at, binary }) => {
    const was = told(valueAt(move.before, at) ?? '');
    if (parseVersion(was) === null || skewOf(binary, was, step.is) !== 'too-old') return [];
    return [error('version/skew', move.of, at, {
      what: `${binary} ${was} would go on beside kube-apiserver ${apiserver} until it is replaced.`,
      why: `${binary} may be ${SKEWS[binary].older} minor older than the API server: it would find none that serves it, and nobody would do its work meanwhile.`,
      fix: `bring ${binary} to a release of ${step.was} first, in a commit of its own.`,
    })];
  });
};

/** The cluster's own step, and that of API servers whose version is another one before or after. */
function kubernetesSteps(move: Move): Step[] {
  const [cluster, apiserver] = [stepOf(move, RELEASED.cluster), stepOf(move, RELEASED.apiserver)];
  return cluster.was === apiserver.was && cluster.is === apiserver.is ? [cluster] : [cluster, apiserver];
}

function stepOf(move: Move, released: Released): Step {
  const change = changeOf(move, released.path);
  const [was, is] = [told(change?.was ?? ''), told(change?.is ?? '')];
  return { ...released, was, is, apart: parseVersion(was) === null || parseVersion(is) === null ? 0 : minorsApart(is, was) };
}

const stepProblem = (move: Move, { at }: Released, code: ProblemCode, what: string, why: string, fix: string): Problem => error(code, move.of, at, { what, why, fix });
