import { Buffer } from 'node:buffer';
import { Console } from 'node:console';
import { dirname, join } from 'node:path';
import { TextDecoder, TextEncoder } from 'node:util';
import { pathToFileURL, URL, URLSearchParams } from 'node:url';
import vm from 'node:vm';
import * as api from './api.ts';
import { builtin } from './builtins.ts';
import { addonMaker } from '../addons/inside.ts';
import { GLOBALS } from '../bundle/bundle.ts';
import { captureSite } from './call-site.ts';
import { refuse } from './definition-error.ts';
import { readBelow, type Reads } from '../files.ts';
import { copyPlain } from './plain-data.ts';
import { notYaml, parseYaml } from './yaml-file.ts';
import type { Position } from '../loaded.ts';

/** The world a definition runs in: JavaScript itself, files below the root, and nothing that could answer otherwise tomorrow. */
export interface Sandbox {
  readonly context: vm.Context;
  readonly module: { exports: unknown };
  readonly reads: Reads;
  /** Whether the definition wrote to the console, which a cached result would not. */
  readonly printed: () => boolean;
}

/** Positions of the sources on a captured stack, innermost first. */
export type Where = (stack: unknown) => readonly Position[];

/** Functions of JavaScript and Node.js that are stopped when they are called: asking whether they exist is harmless. */
const REFUSED_FUNCTIONS = [
  'fetch', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'WebSocket', 'XMLHttpRequest', 'BroadcastChannel', 'Worker',
] as const;

/** Objects of which nothing may be used. */
const REFUSED_OBJECTS = ['crypto', 'performance', 'navigator'] as const;

/** What libraries look at while they load, the same on every machine. An author's own file is refused it. */
const PROCESS_FOR_LIBRARIES = {
  env: {}, argv: [], execArgv: [], platform: 'linux', arch: 'x64', version: 'v20.0.0', versions: { node: '20.0.0' },
  cwd: () => '/', emitWarning: () => undefined,
};

/** A fresh sandbox for one run. */
export function createSandbox(root: string, where: Where): Sandbox {
  const reads: Reads = new Map();
  const module = { exports: {} };
  const [out, printed] = watchedConsole();
  const globals: Record<string, unknown> = {
    module, exports: module.exports, console: out, Buffer, URL, URLSearchParams, TextDecoder, TextEncoder, atob, btoa, structuredClone,
    require: (name: string) => builtin(name, root, reads),
  };
  // Promises of a definition are settled while its time limit still holds.
  const context = vm.createContext(globals, { microtaskMode: 'afterEvaluate' });
  globals['global'] = vm.runInContext('globalThis', context);
  globals[GLOBALS.api] = { ...api, yamlFile: yamlReader(root, reads, where, context), addon: addonMaker(root, reads, where, context) };
  for (const name of REFUSED_FUNCTIONS) globals[name] = refusedFunction(`${name}()`);
  for (const name of REFUSED_OBJECTS) globals[name] = refusedObject(name);
  for (const name of ['WeakRef', 'FinalizationRegistry', 'SharedArrayBuffer']) vm.runInContext(`delete globalThis.${name}`, context);
  nameFiles(globals, root, where);
  shareProcess(globals, where);
  stopClocks(context, globals);
  return { context, module, reads, printed };
}

/** A function and a constructor that only refuses. */
function refusedFunction(name: string) {
  return function refused(): never {
    return refuse(name);
  };
}

function refusedObject(name: string): object {
  return new Proxy({}, { get: (_target, key) => (typeof key === 'symbol' ? undefined : refuse(`${name}.${key}`)) });
}

/** Printing is for finding mistakes; it goes to the error stream, because the output stream may be read by a machine. */
function watchedConsole(): readonly [Console, () => boolean] {
  let isUsed = false;
  const target = new Console(process.stderr);
  const watched = new Proxy(target, {
    get: (_target, key) => {
      isUsed = true;
      return Reflect.get(target, key) as unknown;
    },
  });
  return [watched, () => isUsed];
}

/** The file that is running just now, for `import.meta` and `__dirname`. */
function nameFiles(globals: object, root: string, where: Where): void {
  const name = (global: string, answer: (file: string) => string) => {
    const get = () => answer(join(root, where(captureSite(get))[0]?.file ?? ''));
    Object.defineProperty(globals, global, { get, configurable: true });
  };
  name(GLOBALS.fileName, (file) => file);
  name(GLOBALS.folder, dirname);
  name(GLOBALS.fileUrl, (file) => pathToFileURL(file).href);
}

function shareProcess(globals: object, where: Where): void {
  const refused = new Proxy({}, { get: (_target, key) => (typeof key === 'symbol' ? undefined : refuse(`process.${key}`)) });
  const get = () => (where(captureSite(get))[0]?.file.includes('node_modules/') === true ? PROCESS_FOR_LIBRARIES : refused);
  Object.defineProperty(globals, 'process', { get, configurable: true });
}

interface Intrinsics {
  readonly Date: DateConstructor;
  readonly Math: { random: unknown };
  readonly Intl: { readonly DateTimeFormat: { readonly prototype: object } };
}

/** Takes away the clock, the time zone where one is read unasked, and chance. Dates that are written out remain. */
function stopClocks(context: vm.Context, globals: Record<string, unknown>): void {
  const own = vm.runInContext('({ Date, Math, Intl })', context) as Intrinsics;
  own.Math.random = refusedFunction('Math.random()');
  own.Date.now = refusedFunction('Date.now()');
  const fix = 'write the date itself: new Date("2026-01-31T00:00:00Z").';
  const stopped = new Proxy(own.Date, {
    apply: () => refuse('Date()', fix),
    construct: (target, values: unknown[], newTarget) => {
      if (values.length === 0) return refuse('new Date() without a date', fix);
      if (values.length > 1) return refuse('new Date(year, month, …), which depends on the time zone,', fix);
      return Reflect.construct(target, values, newTarget) as object;
    },
  });
  own.Date.prototype.constructor = stopped;
  globals['Date'] = stopped;
  for (const name of ['format', 'formatToParts']) {
    Object.defineProperty(own.Intl.DateTimeFormat.prototype, name, { get: () => refuse('Intl.DateTimeFormat') });
  }
}

/** `yamlFile` inside a definition: held to the root, remembered as an input, and made of the definition's own objects. */
function yamlReader(root: string, reads: Reads, where: Where, context: vm.Context) {
  const parseInside = vm.runInContext('JSON.parse', context) as (text: string) => unknown;
  return function yamlFile(path: string): unknown {
    const caller = where(captureSite(yamlFile))[0]?.file ?? '';
    const file = join(dirname(caller), path);
    const { value, faults } = copyPlain(parseYaml(readBelow(root, file, reads).toString('utf8'), file));
    const [fault] = faults;
    if (fault !== undefined) throw notYaml(file, `${fault.path} is ${fault.is}, which JSON cannot say`);
    return parseInside(JSON.stringify(value));
  };
}
