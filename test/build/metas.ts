import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildFleet } from '../../lib/build/run.ts';
import type { WriteReport } from '../../lib/emit/dist.ts';
import { metaClusters } from '../bench/definitions.ts';
import { project } from '../load/fixture.ts';
import { opened } from '../support/fleets.ts';
import { filesBelow, writeFiles } from '../support/folders.ts';
import { testSealing } from '../support/pki.ts';

/** A meta cluster by its number. It needs no certificates. */
function metaOf(number: number): object {
  const text = JSON.stringify(metaClusters(100)).replaceAll('meta-0', `meta-${number}`).replaceAll('192.168.0.', `192.168.${number}.`).replaceAll('172.16.', `172.${number}.`);
  return (JSON.parse(text) as object[])[0] ?? {};
}

/** Fields of a fleet that add files to each of its meta clusters. */
export const MIRRORED = { images: { mirrors: { 'docker.io': 'mirror.example.com/hub' } } };

/** What a fleet's file says: the meta clusters of these numbers, and no clusters. */
const fleetFile = (numbers: readonly number[], more: object): string =>
  `export const fleet = ${JSON.stringify({ name: 'f', metaClusters: numbers.map(metaOf), clusters: [], sealing: { certificate: 'sealing.pem' }, ...more })};`;

/** A fleet of so many meta clusters in a folder of its own. In the process of a test, which runs no TypeScript in threads, they are made one after another. */
export const fleetOfMetas = (count: number, more: object = {}): string =>
  project({ 'clusters/fleet.ts': fleetFile([...Array(count).keys()], more), 'clusters/sealing.pem': testSealing().certificatePem });

/** Says other meta clusters, by their numbers, in a fleet that is there. */
export const redefine = (root: string, numbers: readonly number[]): void => writeFiles(root, { 'clusters/fleet.ts': fleetFile(numbers, {}) });

/** Builds, and fails the test when there are problems. */
export async function built(root: string): Promise<{ readonly compiled: number; readonly report: WriteReport }> {
  const { problems, compiled, report } = await buildFleet(await opened(root), () => undefined);
  if (report === null) throw new Error(JSON.stringify(problems, null, 2));
  return { compiled, report };
}

/** Every file of `dist/` with its text. */
export const treeOf = (root: string): Readonly<Record<string, string>> =>
  Object.fromEntries(filesBelow(join(root, 'dist')).map((path) => [`/dist/${path}`, readFileSync(join(root, 'dist', path), 'utf8')]));
