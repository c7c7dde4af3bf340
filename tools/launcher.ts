#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { constants, Script } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

/**
 * Runs the program with the code that V8 has kept of it, so that it is not compiled anew in each process and thread. Written
 * as CommonJS: Node.js begins a module of ECMAScript some ten milliseconds later.
 */
const PROGRAM = join(__dirname, 'kubewright-bundle.js');

/** Of this very program and this very version of Node.js; V8 refuses any other, and then it compiles. */
export const CODE = join(__dirname, 'kubewright.code');

/**
 * How long V8 runs a function before it optimizes it, by itself 67584, and how much of what that calls it then takes in, by
 * itself 920. Each thread optimizes the same code anew: at 400000, a tenth of all CPU time. Measured in turn on two cores: up
 * to 27 % less for 300 clusters at 400000, and 5 % less than that with these; twice as much gains no more.
 * V8 keeps code together with its flags, so that they must always be the same.
 */
setFlagsFromString('--interrupt-budget=800000');
setFlagsFromString('--max-inlined-bytecode-size-cumulative=300');

/** In MiB, what a thread's heap of young objects begins with, instead of growing to it: 2 to 6 % less CPU time for 100 clusters. */
setFlagsFromString('--min-semi-space-size=16');

/** In MiB, how much a thread may keep before it looks for what it no longer needs: 4 % less by the clock for ten clusters. */
setFlagsFromString('--initial-old-space-size=96');

/**
 * Each thread collects its own garbage, by itself. Helpers would take the time of the threads that make clusters: 8 % less
 * by the clock for 1000 of them on two cores.
 */
setFlagsFromString('--no-parallel-scavenge');
setFlagsFromString('--no-concurrent-marking');

export const script = new Script(readFileSync(PROGRAM, 'latin1'), {
  filename: PROGRAM,
  cachedData: readCode(),
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
});

function readCode(): Buffer | undefined {
  try {
    return readFileSync(CODE);
  } catch {
    return undefined;
  }
}

/** What esbuild makes of the parts of a program, as a function of what a module of CommonJS and one of ECMAScript has. */
type Program = (module: { exports: Parts }, require: NodeJS.Require, importMeta: { readonly url: string }) => void;

interface Parts {
  cli?(): Promise<unknown>;
  worker?(): Promise<unknown>;
}

const program: { exports: Parts } = { exports: {} };
(script.runInThisContext() as Program)(program, require, { url: pathToFileURL(PROGRAM).href });
void (isMainThread ? program.exports.cli?.() : program.exports.worker?.());
