import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadedFleet, Locate, NotLoaded } from '../load/loaded.ts';
import { loadFleet, type LoadOptions } from '../load/load.ts';
import type { ClusterDefinition, FleetDefinition, MetaClusterDefinition } from '../model/definition.ts';
import { ageRecipients, type Sealing } from '../pki/sealing.ts';
import { parseSealingCertificate } from '../pki/sealing-certificate.ts';
import { hasErrors, type Problem } from '../problem.ts';
import { validateFleetAlone } from '../validate/validate.ts';

/** Someone who owns files in `dist/`: a cluster or a meta cluster, by its place in the fleet. */
export interface Owner {
  readonly kind: 'cluster' | 'meta';
  /** `clusters[3]`: what a problem names when two have one name. */
  readonly place: string;
  readonly name: string;
  /** Its definition's file, relative to the root. */
  readonly file: string;
  readonly definition: unknown;
}

/** A fleet that could be loaded, not yet judged any further. */
export interface OpenFleet {
  readonly root: string;
  readonly fleet: FleetDefinition;
  readonly owners: readonly Owner[];
  /** Null where the certificate cannot be read. */
  readonly sealing: Sealing | null;
  readonly problems: readonly Problem[];
  /** Loads what tells where places are: it brings a parser, and most runs have nothing to tell. */
  locator(): Promise<Locate>;
}

/** What tells where these problems are. */
export const locateFor = (open: Pick<OpenFleet, 'locator'>, problems: readonly Problem[]): Promise<Locate> | Locate =>
  (problems.length === 0 ? ({ of }) => ({ file: of }) : open.locator());

/** Loads the fleet below a folder. With an error in `problems`, nothing further should be asked of it. */
export async function openFleet(root: string, options: Pick<LoadOptions, 'whileBundling' | 'later'> = {}): Promise<OpenFleet | NotLoaded> {
  const loaded = await loadFleet(root, options);
  if ('problems' in loaded) return loaded;
  const locator: OpenFleet['locator'] = async () => (await import('../load/locate/locate.ts')).locator(loaded);
  const misshapen = validateFleetAlone(loaded.fleet);
  if (hasErrors(misshapen)) return { problems: misshapen, locate: await locator() };
  const fleet = loaded.fleet as FleetDefinition;
  const sealing = await readSealing(loaded.root, fleet);
  return { root: loaded.root, fleet, owners: ownersOf(loaded, fleet), sealing: sealing.read, problems: [...loaded.warnings, ...misshapen, ...sealing.problems], locator };
}

function ownersOf(loaded: LoadedFleet, fleet: FleetDefinition): Owner[] {
  const owner = (kind: Owner['kind'], definition: MetaClusterDefinition | ClusterDefinition, place: string): Owner =>
    ({ kind, place, name: String(definition.name), file: loaded.sources.get(place)?.file ?? loaded.file, definition });
  return [
    ...fleet.metaClusters.map((meta, index) => owner('meta', meta, `metaClusters[${index}]`)),
    ...fleet.clusters.map((cluster, index) => owner('cluster', cluster, `clusters[${index}]`)),
  ];
}

interface SealingReading {
  readonly read: Sealing | null;
  readonly problems: readonly Problem[];
}

/** The fleet's rules have made sure that it names one of the two. */
async function readSealing(root: string, { sealing: { certificate = '', recipients } }: FleetDefinition): Promise<SealingReading> {
  if (recipients !== undefined) {
    // Imported here because age takes longer to load than all that most fleets need.
    const { wrongRecipients } = await import('../pki/keystore.ts');
    const problems = wrongRecipients(recipients, 'sealing.recipients', 'sealing');
    return { read: problems.length === 0 ? ageRecipients(recipients) : null, problems };
  }
  const path = join(root, 'clusters', certificate);
  const pem = readText(path);
  if (pem === null) return { read: null, problems: [existsSync(path) ? sealingUnread(certificate) : sealingMissing(certificate)] };
  const parsed = parseSealingCertificate(pem, SEALING_PLACE);
  return parsed.ok ? { read: parsed.sealing, problems: [] } : { read: null, problems: parsed.problems };
}

/** Null for what is not there, for a folder, and for what may not be read. */
function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

const SEALING_PLACE = { of: 'fleet', path: 'sealing.certificate' };

function sealingUnread(path: string): Problem {
  return {
    code: 'pki/sealing-certificate-missing', severity: 'error', at: SEALING_PLACE,
    what: `sealing.certificate is '${path}', and clusters/${path} is no file that can be read.`,
    why: 'without the certificate of the Sealed Secrets controller no key can be sealed for it.',
    fix: "write the controller's public certificate into a file, `kubeseal --fetch-cert > clusters/sealing.pem`, and name it: `certificate: 'sealing.pem'`.",
  };
}

function sealingMissing(path: string): Problem {
  return {
    code: 'pki/sealing-certificate-missing', severity: 'error', at: SEALING_PLACE,
    what: `There is no file clusters/${path}.`,
    why: 'without the certificate of the Sealed Secrets controller no key can be sealed for it.',
    fix: `write the controller's public certificate there: \`kubeseal --controller-namespace sealed-secrets --fetch-cert > clusters/${path}\`, or one of your own key pair.`,
  };
}
