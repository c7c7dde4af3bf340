import { isRecord } from '../pki/records.ts';
import type { Problem } from '../problem.ts';
import { error } from '../validate/say.ts';
import { changeOf, listAt, type Move, type MoveRule } from './move.ts';

/** Fields of a storage class, as a definition calls them; a meta cluster's have only the first two. */
const FIXED = ['provisioner', 'parameters', 'reclaimPolicy', 'bindingMode'] as const;

/** Refuses what Kubernetes lets nobody change in a storage class. A class that goes away may come again as another. */
export const classesStay = (path: string): MoveRule => (move) => listAt(move.after, path).flatMap((after, index) => {
  const before = listAt(move.before, path).find((one) => isRecord(one) && isRecord(after) && one['name'] === after['name']);
  if (!isRecord(before) || !isRecord(after)) return [];
  return FIXED.flatMap((field) => (changeOf({ before, after }, field) === null ? [] : [classProblem(move, String(after['name']), `${path}[${index}].${field}`, field)]));
});

function classProblem(move: Move, name: string, at: string, field: string): Problem {
  return error('transition/immutable', move.of, at, {
    what: `storage class ${name} no longer has the ${field} that it had.`,
    why: 'the API server refuses every change of it.',
    fix: 'write what it had, and give the new class another name; claims keep the class that they were made with.',
  });
}
