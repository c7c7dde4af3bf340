import { existsSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Addon, AddonFile } from '../../model/definition.ts';
import { compareText } from '../../model/manifest.ts';

/** What reading a template takes. */
export interface TemplateReading {
  /** The fleet's folder, to which paths are told. */
  readonly root: string;
  /** The calling file's. */
  readonly folder: string;
  readonly read: (path: string) => Buffer;
  /** Told of each folder that was listed, and of the one that is not there: what is in it may change. */
  readonly seen: (folder: string, listing: string) => void;
}

/** Objects and schemas; all else that lies there (a README, a test) is no part of it. */
const PARTS = /\.(?:ya?ml|json)$/;
/** A version is the name of a folder, and leads nowhere else. */
const VERSION = /^[A-Za-z0-9][A-Za-z0-9._+-]*$/;

/** One version of a template, or the versions that there are. */
export function readTemplate(reading: TemplateReading, template: unknown, version: unknown): Addon['source'] {
  const base = resolve(reading.folder, String(template));
  const folder = join(base, VERSION.test(String(version)) ? String(version) : 'version');
  const files = filesOf(reading, folder, '');
  const told = relative(reading.root, folder);
  return files.length > 0 ? { type: 'template', folder: told, files } : { type: 'template', folder: told, files, versions: foldersIn(base) };
}

function filesOf(reading: TemplateReading, folder: string, inside: string): AddonFile[] {
  const entries = entriesOf(folder);
  reading.seen(folder, entries.map(({ name }) => name).join('\n'));
  return entries.flatMap((entry) => {
    const path = `${inside}${entry.name}`;
    if (entry.isDirectory()) return filesOf(reading, join(folder, entry.name), `${path}/`);
    return PARTS.test(entry.name) ? [{ path, text: reading.read(join(folder, entry.name)).toString('utf8') }] : [];
  });
}

/** What is in a folder, in order; nothing when there is none. */
export const entriesOf = (folder: string) =>
  (existsSync(folder) ? readdirSync(folder, { withFileTypes: true }).sort((a, b) => compareText(a.name, b.name)) : []);

const foldersIn = (folder: string): string[] => entriesOf(folder).filter((entry) => entry.isDirectory()).map(({ name }) => name);
