import { createColors } from 'picocolors';
import type { Problem } from '../problem.ts';
import { withoutPasswords } from '../validate/say.ts';
import type { Locate, Location } from './loaded.ts';
import { positionOf } from './locate/places.ts';

type Colors = ReturnType<typeof createColors>;

interface Located {
  readonly problem: Problem;
  readonly location: Location;
}

const WIDTH = 100;
const INDENT = '    ';

/** Problems for a person: file by file, line by line, each with what, why and fix. Ends with a line break; empty for none. */
export function renderProblems(problems: readonly Problem[], locate: Locate, { color }: { readonly color: boolean }): string {
  if (problems.length === 0) return '';
  const colors = createColors(color);
  const located = inOrder(problems, locate);
  const texts = located.map((one) => renderProblem(one, colors));
  return `${[...texts, summaryOf(problems, colors)].join('\n\n')}\n`;
}

/** One problem for a program: the problem, and where it is. */
export interface ProblemJson extends Problem {
  readonly file: string;
  readonly line: number | null;
  readonly column: number | null;
}

/** Problems for a program, in the order in which people see them. */
export function problemsToJson(problems: readonly Problem[], locate: Locate): readonly ProblemJson[] {
  return inOrder(problems, locate).map(({ problem: { code, severity, at, what, why, fix }, location }) => ({
    code, severity, at: { of: at.of, path: at.path }, file: location.file, line: location.line ?? null, column: location.column ?? null, what, why, fix,
  }));
}

function inOrder(problems: readonly Problem[], locate: Locate): readonly Located[] {
  return problems.map((problem) => ({ problem, location: locate(problem.at) })).sort(compare);
}

function compare(a: Located, b: Located): number {
  const [left, right] = [keysOf(a), keysOf(b)];
  const at = left.findIndex((key, index) => key !== right[index]);
  const [x = '', y = ''] = [left[at], right[at]];
  return x < y ? -1 : Number(x > y);
}

function keysOf({ problem, location }: Located): readonly (string | number)[] {
  return [location.file, location.line ?? 0, problem.code, location.column ?? 0, problem.at.of, problem.at.path, problem.what];
}

function renderProblem({ problem, location }: Located, colors: Colors): string {
  const isError = problem.severity === 'error';
  const severity = isError ? colors.red('error') : colors.yellow('warning');
  const lines = [
    ['', `${positionText(location, colors)}  ${severity} ${colors.bold(problem.code)}${placeText(problem, location)}`],
    ...wrap(problem.what, INDENT.length).map((line) => [INDENT, line]),
    ...labelled('why', problem.why, colors),
    ...labelled('fix', problem.fix, colors),
    ...excerptLines(location, isError ? colors.red : colors.yellow, colors),
  ];
  return lines.map(([indent = '', text = '']) => (indent + text).trimEnd()).join('\n');
}

function positionText({ file, line, column }: Location, colors: Colors): string {
  const position = [clean(file), line, column].filter((part) => part !== undefined).join(':');
  return colors.cyan(position);
}

/** The line and the file are shown already; the field is what the author knows it by. */
function placeText({ at }: Problem, { file }: Location): string {
  if (positionOf(at) !== null || (at.of === file && at.path === '')) return '';
  return `  ${clean(at.path === '' ? at.of : `${at.of}: ${at.path}`)}`;
}

function labelled(label: string, text: string, colors: Colors): readonly (readonly string[])[] {
  const hanging = INDENT + ' '.repeat(label.length + 2);
  const [first = '', ...others] = wrap(text, hanging.length);
  return [[INDENT, `${colors.dim(`${label}:`)} ${first}`], ...others.map((line) => [hanging, line])];
}

/** Words in lines that end before the last column. A word that is longer than a line stays whole, so that it can be copied. */
function wrap(text: string, indent: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of clean(text).split(/\s+/).filter((part) => part !== '')) {
    if (line !== '' && indent + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

function excerptLines({ excerpt, line, column = 1 }: Location, paint: (text: string) => string, colors: Colors): readonly (readonly string[])[] {
  if (excerpt === undefined || line === undefined || excerpt.trim() === '') return [];
  const gutter = `${line} | `;
  const [text, caret] = crop(clean(withoutPasswords(excerpt.replaceAll('\t', ' '))), column - 1, WIDTH - INDENT.length - gutter.length);
  const empty = ' '.repeat(gutter.length - 2);
  return [[INDENT, `${colors.dim(gutter)}${text}`], [INDENT, `${colors.dim(`${empty}| `)}${' '.repeat(caret)}${paint('^')}`]];
}

/** The part of a line that shows the column, and the column in it. */
function crop(text: string, column: number, width: number): readonly [string, number] {
  const at = Math.min(Math.max(column, 0), text.length);
  if (text.length <= width) return [text.trimEnd(), at];
  const from = Math.max(0, Math.min(at - Math.floor(width / 2), text.length - width));
  return [text.slice(from, from + width).trimEnd(), at - from];
}

/** A definition's text never steers the terminal. */
function clean(text: string): string {
  return text.replaceAll(/[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}

function summaryOf(problems: readonly Problem[], colors: Colors): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const counts = [countOf(errors, 'error'), countOf(problems.length - errors, 'warning')].filter((count) => count !== '');
  return colors.bold(`${counts.join(' and ')}.`);
}

function countOf(count: number, noun: string): string {
  if (count === 0) return '';
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
