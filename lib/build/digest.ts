import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Replaced by the bundler with a digest of the bundle; absent when the sources run as they are. */
declare const KUBEWRIGHT_DIGEST: string | undefined;

export function digestOf(...parts: readonly string[]): string {
  return hash('sha256', parts.map((part) => `${part.length}:${part}`).join(''), 'hex').slice(0, 32);
}

let compiler: string | undefined;

/** Changes whenever the compiler does: what an earlier one made is never taken for what this one would make. */
export function compilerDigest(): string {
  compiler ??= typeof KUBEWRIGHT_DIGEST === 'string' ? KUBEWRIGHT_DIGEST : digestOf(...sourcesBelow(new URL('../../', import.meta.url).pathname));
  return compiler;
}

function sourcesBelow(root: string): string[] {
  const files = ['lib', 'charts'].flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }));
  const paths = files.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return paths.sort().map((path) => readFileSync(path, 'latin1'));
}
