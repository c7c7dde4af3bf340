import pc from 'picocolors';
import type { Locate } from '../load/loaded.ts';
import { problemsToJson, renderProblems } from '../load/render-problems.ts';
import type { Problem } from '../problem.ts';

/** Where a command prints, and how. The only place that knows of streams, colours and terminals. */
export interface Terminal {
  readonly json: boolean;
  /** Whether standard output is a screen, and no pipe or file. */
  readonly onScreen: boolean;
  readonly colors: ReturnType<typeof pc.createColors>;
  /** For people; nothing with --json. */
  say(text: string): void;
  /** What was asked for: to standard output in any case. */
  print(text: string): void;
  /** Problems, located; nothing with --json, where they are part of the answer. */
  show(problems: readonly Problem[], locate: Locate): void;
  progress(done: number, total: number): void;
}

/** Colours and the progress bar are for terminals, and NO_COLOR is honoured. */
export function terminalOf(json: boolean, environment: NodeJS.ProcessEnv = process.env): Terminal {
  const plain = (environment['NO_COLOR'] ?? '') !== '';
  const color = !plain && process.stderr.isTTY === true;
  const bar = progressBar();
  const write = (text: string): void => {
    bar.clear();
    process.stderr.write(`${text}\n`);
  };
  return {
    json,
    onScreen: process.stdout.isTTY === true,
    colors: pc.createColors(color),
    say: (text) => (json ? undefined : write(text)),
    print: (text) => {
      bar.clear();
      process.stdout.write(`${text}\n`);
    },
    show: (problems, locate) => (json || problems.length === 0 ? undefined : write(renderProblems(problems, locate, { color }))),
    progress: (done, total) => (json ? undefined : bar.draw(done, total)),
  };
}

const WIDTH = 30;
const PATIENCE_MS = 1000;
const REDRAW_MS = 100;

/** One line that redraws itself, on a terminal only, and only when the work takes more than a second. */
function progressBar(): { draw(done: number, total: number): void; clear(): void } {
  const begun = performance.now();
  let drawn = 0;
  return {
    draw(done, total) {
      const now = performance.now();
      if (process.stderr.isTTY !== true || now - begun < PATIENCE_MS || now - drawn < REDRAW_MS) return;
      drawn = now;
      const filled = Math.floor((done / total) * WIDTH);
      process.stderr.write(`\r${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${done}/${total}`);
    },
    clear() {
      if (drawn > 0) process.stderr.write('\r\u001b[K');
      drawn = 0;
    },
  };
}

/** The answer of a command as JSON: `ok`, what it did, and located problems. */
export function answer(ok: boolean, problems: readonly Problem[], locate: Locate, facts: object): string {
  return JSON.stringify({ ok, ...facts, problems: problemsToJson(problems, locate) }, null, 2);
}

/** `1 file`, `2 files`. */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
