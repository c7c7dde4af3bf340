import { createHash } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DefinitionError, refuse } from './evaluate/definition-error.ts';

/** Hashes of the files that a definition read, by path relative to the root. */
export type Reads = Map<string, string>;

/** SHA-256, in hexadecimal. */
export function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

/** What a definition may read: a file of the same repository, because the commit then says what is in it. */
export function readBelow(root: string, file: unknown, reads: Reads): Buffer {
  const path = resolve(root, textOf(file));
  const inside = pathBelow(root, realPath(path));
  if (inside === null) return refuse(`the file ${path}, which is outside the fleet's folder`, 'copy the file into the fleet.');
  const data = read(path, inside);
  reads.set(inside, sha256(data));
  return data;
}

/** The path relative to the root, with `/`; null when it is not below it. */
export function pathBelow(root: string, path: string): string | null {
  const inside = relative(root, path);
  if (inside === '' || isAbsolute(inside) || inside === '..' || inside.startsWith(`..${sep}`)) return null;
  return inside.replaceAll(sep, '/');
}

function textOf(file: unknown): string {
  if (file instanceof URL) return fileURLToPath(file);
  if (typeof file === 'string') return file;
  return refuse('readFileSync with something that is no path', 'give it the path of a file of the fleet.');
}

/** A file that does not exist is itself; reading it says so. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function read(path: string, inside: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new DefinitionError({
      code: 'load/file-missing',
      what: `The file ${inside} cannot be read (${reason}).`,
      why: 'the definition is made from it.',
      fix: 'create the file, or correct the path; yamlFile takes it relative to the file that calls it.',
    });
  }
}
