import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parse } from 'yaml';
import { describeManifest, type Manifest } from '../../lib/model/manifest.ts';

/** Of how many owners every manifest is compared by its content. All are counted. */
const OWNERS = 16;

/** Throws unless our `dist/`, the floor and stock cdk8s wrote the same manifests. */
export function compareOutputs(dist: string, floor: string, stock: string): void {
  const ours = filesBelow(dist).filter((path) => path.endsWith('.yaml') && !path.includes('/bootstrap/'));
  const counts = { ours: ours.length, floor: filesBelow(floor).length, stock: filesBelow(stock).length };
  if (counts.ours !== counts.floor || counts.ours !== counts.stock) throw new Error(`Not the same manifests: ${JSON.stringify(counts)}.`);
  const all = [...new Set(ours.map(ownerOf))];
  const owners = new Set(all.filter((_, index) => index % Math.ceil(all.length / OWNERS) === 0));
  const wanted = new Map(ours.filter((path) => owners.has(ownerOf(path))).map((path) => keyed(ownerOf(path), join(dist, path))));
  for (const [name, folder] of [['floor', floor], ['cdk8s', stock]] as const) {
    const found = new Map(filesBelow(folder).filter((path) => mayHold(path, owners)).map((path) => keyed(folderOwner(path), join(folder, path))));
    for (const [key, manifest] of wanted) if (!isDeepStrictEqual(found.get(key), manifest)) throw new Error(`${name} made another ${key}.`);
  }
  console.error(`the same ${counts.ours} manifests, ${wanted.size} of them compared by content`);
}

/** Reading all of them would take longer than the measurement. */
function mayHold(path: string, owners: ReadonlySet<string>): boolean {
  const owner = folderOwner(path);
  return owner === '' || owners.has(owner);
}

/** The cluster that a file of ours belongs to; empty for a meta cluster's own. */
const ownerOf = (path: string): string => /^[^/]+\/clusters\/([^/]+)/.exec(path)?.[1] ?? '';

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
