import type { Problem } from '../problem.ts';
import { error } from '../validate/say.ts';
import { listAt, told, unlessApplied, valueAt, type Move, type MoveRule } from './move.ts';
import { ETCDS } from './storage-moves.ts';

/** How many members an etcd has, and which of them are replaced. */
export const ETCD_MOVES: readonly MoveRule[] = [membersStay, generationsRise];

const ALONE = 'the new members would form an etcd of their own beside the one that has the data, and API servers would ask both.';
const LEFT = 'the member that is left has lost its majority, and etcd stops for good.';

function membersStay(move: Move): Problem[] {
  const [was, is] = [listAt(move.before, 'etcd.members').length, listAt(move.after, 'etcd.members').length];
  if (was === 0 || is === 0 || was === is) return [];
  const mode = told(valueAt(move.before, 'mode'));
  return [error('transition/etcd-members', move.of, 'mode', {
    what: `etcd has ${was} ${was === 1 ? 'member' : 'members'}, and would have ${is} now.`,
    why: is > was ? ALONE : LEFT,
    fix: `write mode: '${mode}' again, and make a new cluster of the other mode. ${unlessApplied(move)}`,
  })];
}

const generationsOf = (resolved: unknown, etcd: string): number[] =>
  listAt(resolved, `${etcd}.members`).map((member) => Number(valueAt(member, 'generation') ?? 0));

/** One member at a time, and never back to a folder that it has left. */
function generationsRise(move: Move): Problem[] {
  return ETCDS.flatMap((etcd) => {
    const before = generationsOf(move.before, etcd);
    const steps = generationsOf(move.after, etcd).map((generation, index) => ({ index, was: before[index] ?? generation, is: generation }));
    const back = steps.filter(({ was, is }) => is < was);
    const [, second] = steps.filter(({ was, is }) => is > was);
    return [
      ...back.map(({ index, was, is }) => generationProblem(move, `${etcd}.members[${index}].generation`, {
        what: `the generation of member ${index} of ${etcd} was ${was} and is ${is} now.`,
        why: 'it would start from a folder that it has left, as a member that the others do not know.',
        fix: `write ${was} again, or ${was + 1} to replace the member once more.`,
      })),
      ...(second === undefined ? [] : [generationProblem(move, `${etcd}.members[${second.index}].generation`, {
        what: `more than one member of ${etcd} would be replaced at once.`,
        why: 'each is taken in by a majority of the others, which then is not there.',
        fix: 'raise one generation, and the next one when that member has caught up.',
      })]),
    ];
  });
}

const generationProblem = (move: Move, at: string, words: Pick<Problem, 'what' | 'why' | 'fix'>): Problem => error('transition/etcd-members', move.of, at, words);
