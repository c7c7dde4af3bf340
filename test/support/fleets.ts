import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pkiOf } from '../../lib/build/due.ts';
import { openFleet, type OpenFleet } from '../../lib/build/owners.ts';
import type { NotLoaded } from '../../lib/load/loaded.ts';
import { writePkiFiles } from '../../lib/pki/files.ts';
import type { Entropy } from '../../lib/pki/issuing/entropy.ts';
import { issueCertificates } from '../../lib/pki/issuing/issue.ts';
import { serializeLock } from '../../lib/pki/lock.ts';
import { seededEntropy, testSealing } from './pki.ts';
import { writeFiles } from './folders.ts';

/** The day on which all certificates of the tests were issued. */
export const ISSUED = new Date('2026-01-01T00:00:00Z');

/** The controller that every test fleet is sealed to. */
export const SEALING = testSealing();

const META = readFileSync(new URL('./meta.ts', import.meta.url), 'utf8');

/** A fleet of one cluster that another file defines. */
export const fleetAround = (file: string): string => `import { defineFleet } from 'kubewright';
import { cluster } from './${file}';
import { meta } from './meta.ts';

export const fleet = defineFleet({
  name: 'cases', metaClusters: [meta], clusters: [cluster], sealing: { certificate: 'sealing.pem' },
});
`;

/** Writes files below `clusters/`, with a meta cluster and whom secrets are sealed to. */
export function writeDefinitions(root: string, files: Readonly<Record<string, string>>): void {
  writeFiles(join(root, 'clusters'), { 'meta.ts': META, 'sealing.pem': SEALING.certificatePem, ...files });
}

export const isOpen = (open: OpenFleet | NotLoaded): open is OpenFleet => 'fleet' in open;

/** Opens a fleet that can be loaded. */
export async function opened(root: string): Promise<OpenFleet> {
  const open = await openFleet(root);
  if (!isOpen(open)) throw new Error(`not loaded: ${JSON.stringify(open.problems, null, 2)}`);
  return open;
}

/** Issues for every cluster that is right, as `kubewright pki issue` does, but the same bytes each time. By default clusters share some keys. */
export async function issueLocks(open: OpenFleet, entropyOf: (cluster: string) => Entropy = seededEntropy): Promise<void> {
  const { sealing } = open;
  if (sealing === null) return;
  for (const { cluster, plan } of pkiOf(open)) {
    const recipients = open.fleet.keystore?.recipients ?? [];
    const issued = await issueCertificates(plan, null, null, { now: ISSUED, entropy: entropyOf(cluster.name), sealing, recipients });
    if (!issued.ok) throw new Error(`not issued: ${JSON.stringify(issued.problems, null, 2)}`);
    writePkiFiles(join(open.root, 'clusters'), cluster.name, { lock: serializeLock(issued.lock), keystore: null });
  }
}
