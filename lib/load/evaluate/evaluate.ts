import { types } from 'node:util';
import vm from 'node:vm';
import type { Place, Problem } from '../../problem.ts';
import type { Bundle } from '../bundle/bundle.ts';
import { framesOf } from './call-site.ts';
import { DefinitionError } from './definition-error.ts';
import type { Reads } from '../files.ts';
import type { Position } from '../loaded.ts';
import { placeAt } from '../locate/places.ts';
import { createSandbox, type Where } from './sandbox.ts';
import { isSameState, sharedState } from './shared-state.ts';
import { readPositions } from '../bundle/source-map.ts';

/** What a fleet's program left behind. */
export interface Evaluated {
  readonly ok: true;
  /** What the entry file exports; its objects belong to the sandbox. */
  readonly exported: Readonly<Record<string, unknown>>;
  readonly reads: Reads;
  readonly printed: boolean;
  /** Whether it left as it was what all its files share. */
  readonly untouched: boolean;
  readonly where: Where;
}

export interface Run {
  readonly root: string;
  /** The entry file: the place of what has no better one. */
  readonly entry: string;
  readonly timeoutMs: number;
}

/** A name that no file can have, so that frames of definitions are told from all others. */
const SCRIPT = 'kubewright:definitions';

/** Runs a bundled fleet where nothing is known but its files. */
export async function evaluate(bundle: Bundle, run: Run): Promise<Evaluated | { readonly ok: false; readonly problem: Problem }> {
  const where = placesOf(bundle);
  const sandbox = createSandbox(run.root, where);
  const before = sharedState(sandbox.context);
  try {
    await rejectionsOf(() => runBundle(bundle, sandbox.context, run.timeoutMs));
    const untouched = isSameState(before, sharedState(sandbox.context));
    return { ok: true, exported: exportsOf(sandbox.module), reads: sandbox.reads, printed: sandbox.printed(), untouched, where };
  } catch (thrown) {
    return { ok: false, problem: problemOf(thrown, where, run) };
  }
}

/** Maps stacks to sources. The last line of the script calls it, and no source has it. */
function placesOf(bundle: Bundle): Where {
  const positionAt = readPositions(bundle.map);
  return (stack) => {
    const positions: Position[] = [];
    for (const frame of framesOf(stack, SCRIPT)) {
      const position = positionAt(frame.line, frame.column);
      if (position !== null) positions.push(position);
      if (isModule(frame.functionName)) break;
    }
    return positions;
  };
}

/** esbuild names the function around a CommonJS module after its file. Whoever imports it is not its caller. */
function isModule(functionName: string): boolean {
  return /\.[cm]?[jt]sx?$/.test(functionName);
}

/** One function around the bundle, on a line of its own, so that lines and columns are those of the source map. */
function runBundle(bundle: Bundle, context: vm.Context, timeout: number): void {
  const text = `(function (module, exports, require) {\n${bundle.code}\n})(module, exports, require)`;
  new vm.Script(text, { filename: SCRIPT, lineOffset: -1 }).runInContext(context, { timeout, displayErrors: false });
}

/** A promise that a definition lets fail would end the whole process, one turn later. Foreign ones still may. */
async function rejectionsOf(run: () => void): Promise<void> {
  const rejected: unknown[] = [];
  const listen = (reason: unknown, promise: unknown) => {
    if (promise instanceof Promise) throw reason;
    rejected.push(reason);
  };
  process.on('unhandledRejection', listen);
  try {
    run();
  } finally {
    await new Promise((resolve) => { setImmediate(resolve); });
    process.off('unhandledRejection', listen);
  }
  if (rejected.length > 0) throw rejected[0];
}

function exportsOf(module: { readonly exports: unknown }): Evaluated['exported'] {
  return (module.exports ?? {}) as Evaluated['exported'];
}

function problemOf(thrown: unknown, where: Where, run: Run): Problem {
  if (isCompileError(thrown)) return invalid(placeOfCompileError(thrown, where, run), thrown);
  const at = placeOfThrown(thrown, where, run);
  if (thrown instanceof DefinitionError) return { severity: 'error', at, ...thrown.complaint };
  if (isTimeout(thrown)) return timeout(at, run.timeoutMs);
  return {
    code: 'load/throws', severity: 'error', at,
    what: `The definition throws: ${describe(thrown)}`,
    why: 'a definition that does not run to its end defines nothing.',
    fix: 'mend what stands at that line.',
  };
}

/** A library is seldom to blame for how it is called: an author's own line comes first. */
function placeOfThrown(thrown: unknown, where: Where, run: Run): Place {
  const positions = where(thrown);
  const position = positions.find(({ file }) => !file.includes('node_modules/')) ?? positions[0];
  return position === undefined ? { of: run.entry, path: '' } : placeAt(position);
}

/** The stack of such an error begins with the line that does not compile, and has no frame for it. */
function placeOfCompileError(error: SyntaxError, where: Where, run: Run): Place {
  const [, line] = /^kubewright:definitions:(\d+)/.exec(error.stack ?? '') ?? [];
  return line === undefined ? { of: run.entry, path: '' } : placeOfThrown({ stack: `    at ${SCRIPT}:${line}:1` }, where, run);
}

/** Node.js makes this error in the realm of the script, so its class says nothing. */
function isTimeout(thrown: unknown): boolean {
  return types.isNativeError(thrown) && Reflect.getOwnPropertyDescriptor(thrown, 'code')?.value === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}

/** What only the engine itself checks, such as a regular expression. Errors of running definitions belong to the sandbox. */
function isCompileError(thrown: unknown): thrown is SyntaxError {
  return thrown instanceof SyntaxError;
}

function timeout(at: Place, timeoutMs: number): Problem {
  return {
    code: 'load/timeout', severity: 'error', at,
    what: `The definitions did not come to an end within ${timeoutMs} ms.`,
    why: 'a definition that never ends defines nothing.',
    fix: 'look for a loop that never ends.',
  };
}

function invalid(at: Place, error: SyntaxError): Problem {
  return {
    code: 'load/syntax', severity: 'error', at,
    what: describe(error),
    why: 'the file is not JavaScript, and none of its clusters can be read.',
    fix: 'mend what the message names.',
  };
}

const MAX_MESSAGE = 500;

/** What was thrown, in one line and without a stack. It may be anything, even something that throws when it is looked at. */
function describe(thrown: unknown): string {
  const text = withoutStack(textOf(thrown)).replace(/^\(0 , (?:\w+\.)?([\w$]+)\)/, '$1');
  const short = text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE)}…` : text;
  return /[.!?…]$/.test(short) ? short : `${short}.`;
}

function textOf(thrown: unknown): string {
  try {
    if (typeof thrown !== 'object' || thrown === null || !('message' in thrown)) return String(thrown);
    const name = 'name' in thrown ? String(thrown.name) : 'Error';
    return name === 'Error' ? String(thrown.message) : `${name}: ${String(thrown.message)}`;
  } catch {
    return 'something that cannot be shown';
  }
}

function withoutStack(text: string): string {
  const lines = text.split('\n').filter((line) => !/^\s*at .*[:(]/.test(line));
  const joined = lines.map((line) => line.trim()).filter((line) => line !== '').join(' ');
  return joined === '' ? 'nothing that says why' : joined;
}
