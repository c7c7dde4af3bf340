import { statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Addon } from '../../model/definition.ts';
import { DefinitionError } from '../evaluate/definition-error.ts';
import { sha256 } from '../files.ts';
import { unpack, type ChartFile } from './archive.ts';
import { entriesOf, type TemplateReading } from './template.ts';

/** A Helm chart as it lies there: what it is pinned to, what it is, and where it asks a cluster. It is rendered after all definitions have run. */
export function readChart(reading: TemplateReading, chart: unknown, digest: unknown, values: unknown): Addon['source'] {
  const path = resolve(reading.folder, String(chart));
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  const files = isFolder ? filesOf(reading, path, '') : [];
  const archive = isFolder ? null : reading.read(path);
  return {
    type: 'chart',
    chart: relative(reading.root, path),
    digest: typeof digest === 'string' ? digest : '',
    found: `sha256:${archive === null ? digestOf(files) : sha256(archive)}`,
    ...(values === undefined ? {} : { values: values as Record<string, unknown> }),
    lookups: lookupsIn(archive === null ? files : unpacked(archive, String(chart))),
  };
}

/** That of the lines which `sha256sum` would print for each file, in order. */
const digestOf = (files: readonly ChartFile[]): string => sha256(files.map(({ path, data }) => `${sha256(data)}  ${path}\n`).join(''));

function filesOf(reading: TemplateReading, folder: string, inside: string): ChartFile[] {
  const entries = entriesOf(folder);
  reading.seen(folder, entries.map(({ name }) => name).join('\n'));
  return entries.flatMap((entry) => (entry.isDirectory()
    ? filesOf(reading, join(folder, entry.name), `${inside}${entry.name}/`)
    : [{ path: `${inside}${entry.name}`, data: reading.read(join(folder, entry.name)) }]));
}

function unpacked(archive: Buffer, chart: string): ChartFile[] {
  try {
    return unpack(archive);
  } catch (error) {
    throw new DefinitionError({
      code: 'addons/source',
      what: `The chart ${chart} cannot be unpacked: ${error instanceof Error ? error.message : String(error)}.`,
      why: 'the add-on is made from it.',
      fix: 'put the archive there that `helm pull` or `helm package` writes.',
    });
  }
}

const COMMENTS = /\{\{-?\s*\/\*.*?\*\/\s*-?\}\}/gs;
const LOOKUP = /\{\{(?:(?!\}\}).)*(?<![.$\w])lookup\s+[^}]/s;

/** Templates that ask the cluster what is there, those of packed subcharts among them. */
function lookupsIn(files: readonly ChartFile[]): string[] {
  return files.flatMap(({ path, data }) => {
    if (path.endsWith('.tgz')) return lookupsIn(unpacked(data, path)).map((inside) => `${path}/${inside}`);
    return /(?:^|\/)templates\//.test(path) && LOOKUP.test(data.toString('utf8').replace(COMMENTS, '')) ? [path] : [];
  });
}
