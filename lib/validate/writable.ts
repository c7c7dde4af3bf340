import type { Problem } from '../problem.ts';
import { isSchemaBound } from '../yaml/refusal.ts';
import { hasLoneSurrogate } from '../yaml/scalars.ts';
import { below } from './paths.ts';
import { error, type Words } from './say.ts';

/** Deeper than anybody means a definition to be; manifests add a few levels to what they take over as it is. */
const DEEPEST = 60;

/** Fields that are taken over as they are may hold what JSON can and no manifest may. Each such value is one problem. */
export function unwritable(value: unknown, of: string, path = '', depth = 0): Problem[] {
  if (depth > DEEPEST) return [error('schema/bad-format', of, path.split(/(?=[.[])/).slice(0, 4).join(''), TOO_DEEP)];
  if (typeof value === 'string') return hasLoneSurrogate(value) ? [error('schema/bad-format', of, path, halfCharacter(path))] : [];
  if (typeof value === 'number') return Number.isInteger(value) && !Number.isSafeInteger(value) && !isSchemaBound(path) ? [error('schema/bad-format', of, path, inexact(path, value))] : [];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((child, index) => unwritable(child, of, below(path, index), depth + 1));
  return Object.entries(value).flatMap(([key, child]) => [
    ...(hasLoneSurrogate(key) ? [error('schema/bad-format', of, path, halfCharacter(`a field of ${path || 'the definition'}`))] : []),
    ...unwritable(child, of, below(path, key), depth + 1),
  ]);
}

const TOO_DEEP: Words = {
  what: `The definition is nested more than ${DEEPEST} levels deep.`,
  why: 'no program that reads such a file would follow it.',
  fix: 'look for a value that contains itself, or a list that was wrapped once too often.',
};

const halfCharacter = (place: string): Words => ({
  what: `${place} holds half of a character (a lone surrogate).`,
  why: 'UTF-8 cannot store it, so that no file can.',
  fix: 'type the text anew; it was cut in the middle of a character.',
});

const inexact = (place: string, value: number): Words => ({
  what: `${place} is ${value}, which is too large to be exact.`,
  why: 'programs that read it would disagree on its last digits.',
  fix: 'write it as a text, or choose a smaller number.',
});
