import { createRequire, isBuiltin } from 'node:module';
import path from 'node:path';
import { refuse } from './definition-error.ts';
import { readBelow, type Reads } from '../files.ts';

const require = createRequire(import.meta.url);

/** Modules of Node.js that only compute. */
const PURE_MODULES: readonly string[] = ['assert', 'buffer', 'events', 'path', 'path/posix', 'querystring', 'string_decoder', 'url', 'util'];

/** What a definition gets when it imports a module of Node.js. */
export function builtin(specifier: string, root: string, reads: Reads): unknown {
  const name = specifier.replace(/^node:/, '');
  if (name === 'fs') return Object.defineProperty(refusedModule(name), 'readFileSync', { value: readerOf(root, reads) });
  if (name === 'path' || name === 'path/posix') return pathsFrom(root);
  if (PURE_MODULES.includes(name)) return require(name) as unknown;
  return isBuiltin(specifier) ? refusedModule(name) : refuse(`require(${JSON.stringify(specifier)}) with a name that is computed`);
}

/** A relative path starts at the root, not where the command happens to run. */
function pathsFrom(root: string) {
  const posix = { ...path, resolve: (...parts: string[]) => path.resolve(root, ...parts) };
  return { ...posix, posix };
}

function readerOf(root: string, reads: Reads) {
  return function readFileSync(file: unknown, options?: BufferEncoding | { readonly encoding?: BufferEncoding | null } | null) {
    const data = readBelow(root, file, reads);
    const encoding = typeof options === 'string' ? options : options?.encoding;
    return encoding === undefined || encoding === null ? data : data.toString(encoding);
  };
}

/** A module whose parts all refuse when they are used. Libraries import more than they use, so importing is no harm. */
function refusedModule(name: string): object {
  const real = require(`node:${name}`) as object;
  const parts = Object.entries(Object.getOwnPropertyDescriptors(real)).map(([key, property]) => {
    const use = `${name}.${key}`;
    const refused = function refused(): never { return refuse(use); };
    return [key, typeof property.value === 'function' ? { value: refused, enumerable: true, configurable: true } : { get: refused, enumerable: true }] as const;
  });
  return Object.defineProperties({}, Object.fromEntries(parts));
}
