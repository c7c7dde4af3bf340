import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parse } from 'yaml';
import { describeManifest, type Manifest } from '../../lib/model/manifest.ts';

/** Of how many owners every manifest is compared by its content. All are counted. */
const OWNERS = 16;

/** Throws unless the others (the floor, stock cdk8s) wrote the same manifests as our `dist/`. */
export function compareOutputs(dist: string, others: Readonly<Record<string, string>>): void {
  const ours = filesBelow(dist).filter((path) => path.endsWith('.yaml') && !path.includes('/bootstrap/'));
  for (const [name, folder] of Object.entries(others)) {
    const count = filesBelow(folder).length;
    if (count !== ours.length) throw new Error(`Not the same manifests: ${ours.length} are ours, ${count} those of ${name}.`);
  }
  const all = [...new Set(ours.map(ownerOf))];
  const owners = new Set(all.filter((_, index) => index % Math.ceil(all.length / OWNERS) === 0));
  const wanted = new Map(ours.filter((path) => owners.has(ownerOf(path))).map((path) => keyed(ownerOf(path), join(dist, path))));
  for (const [name, folder] of Object.entries(others)) {
    const found = new Map(filesBelow(folder).filter((path) => mayHold(path, owners)).map((path) => keyed(folderOwner(path), join(folder, path))));
    for (const [key, manifest] of wanted) if (!isDeepStrictEqual(found.get(key), manifest)) throw new Error(`${name} made another ${key}.`);
  }
  console.error(`the same ${ours.length} manifests, ${wanted.size} of them compared by content`);
}

/** Reading all of them would take longer than the measurement. */
function mayHold(path: string, owners: ReadonlySet<string>): boolean {
  const owner = folderOwner(path);
  return owner === '' || owners.has(owner);
}

/** The cluster that a file of ours belongs to; empty for a meta cluster's own. */
const ownerOf = (path: string): string => /^([^/]+)\/(?:clusters|argocd|flux)\/(?!\1\/)([^/]+)/.exec(path)?.[2] ?? '';

/** The same of a file of the others. cdk8s numbers its folders. */
function folderOwner(path: string): string {
  const [owner = ''] = path.replace(/^\d+-/, '').split('/');
  return /^(?:of-)?meta-/.test(owner) ? '' : owner;
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)).sort();

/** YAML of cdk8s is of version 1.1, in which it must be read. Every cluster's own API has a kube-proxy: the owner tells them apart. */
function keyed(owner: string, path: string): readonly [string, Manifest] {
  const manifest = parse(readFileSync(path, 'utf8'), { version: '1.1' }) as Manifest;
  return [`${owner} ${describeManifest(manifest)}`, manifest];
}
