import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { moduleFolder } from './go.ts';
import { COPY, type GoModule } from './modules.ts';
import { writeSources } from './sources.ts';

/** Go code, without tests: these would have to be pinned with all that they import. */
const IS_COPIED = /^go\.mod$|(?<!_test)\.go$/;

/** Puts the copy that a module is built from beside its go.mod. Go has compared its bytes with the public checksums. */
export async function layCopy({ copy }: GoModule, work: string): Promise<void> {
  if (copy === undefined) return;
  const folder = join(work, COPY);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'go.mod'), 'module copy\n');
  const from = await moduleFolder(folder, copy.module, copy.version);
  const textOf = (path: string): string => (copy.empty.includes(dirname(path)) ? `package ${basename(dirname(path))}\n` : readFileSync(join(from, path), 'utf8'));
  const paths = readdirSync(from, { recursive: true, encoding: 'utf8' }).filter((path) => IS_COPIED.test(path));
  writeSources(Object.fromEntries(paths.map((path) => [path, textOf(path)])), folder);
}
