import type { Problem, ProblemCode } from '../problem.ts';

/** What a problem says, in the order in which it is read. */
export type Words = Pick<Problem, 'what' | 'why' | 'fix'>;

/** A problem that stops the build. */
export const error = (code: ProblemCode, of: string, path: string, words: Words): Problem =>
  ({ code, severity: 'error', at: { of, path }, ...words });

/** A problem that is told and does not stop the build. */
export const warning = (code: ProblemCode, of: string, path: string, words: Words): Problem =>
  ({ code, severity: 'warning', at: { of, path }, ...words });

/** `a, b and c`. */
export function wordsOf(items: readonly string[], last: 'and' | 'or' = 'and'): string {
  if (items.length < 2) return items[0] ?? 'none';
  return `${items.slice(0, -1).join(', ')} ${last} ${items.at(-1)}`;
}

/** `one of a, b, c …`: a list for a message, cut where nobody reads on. */
export function someOf(items: readonly string[], limit = 12): string {
  return items.length <= limit ? items.join(', ') : `${items.slice(0, limit).join(', ')} and ${items.length - limit} more`;
}

/** A text whose URLs say no more whom they log in as. */
export const withoutPasswords = (text: string): string => text.replace(/:\/\/[^/@]*@/g, '://…@');

const LONGEST = 60;

/** A text of the author as part of a sentence: quoted, cut when long, and without the password of a URL. */
export function quoted(text: string): string {
  const plain = withoutPasswords(text);
  return JSON.stringify(plain.length <= LONGEST ? plain : `${plain.slice(0, LONGEST)}…`);
}

/** A value as part of a sentence. What may be secret, and what is not plain, is named by its kind only. */
export function shown(value: unknown, path = ''): string {
  if (typeof value === 'string') return isSecret(path) ? 'a text' : quoted(value);
  if (typeof value === 'number' || typeof value === 'boolean') return isSecret(path) ? `a ${typeof value}` : String(value);
  return kindOf(value);
}

/** Values of variables and of other programs' configuration may hold passwords. */
const SECRET = /\.env\[\d+\]\.value$|\.(configuration|jwt|webhooks|attributes|annotations|parameters)\b|token|passw|secret|credential|private/i;

/** Whether the value at this path must not be printed. */
export const isSecret = (path: string): boolean => SECRET.test(path);

/** The kind of a value in the words of a definition. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return KINDS[typeof value] ?? 'a value';
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text', number: 'a number', boolean: 'true or false', object: 'an object', undefined: 'nothing', function: 'a function',
};
