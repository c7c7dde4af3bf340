import { join } from 'node:path';
import { pkiOf, type ClusterPki } from '../build/due.ts';
import type { OpenFleet } from '../build/owners.ts';
import { readIdentityFile, readPkiFiles } from '../pki/files.ts';
import { keystoreLost, type KeystoreState } from '../pki/issuing/needs.ts';
import { openKeystore, type Keystore } from '../pki/keystore.ts';
import type { PkiLock } from '../pki/plan.ts';
import type { Secret } from '../pki/secret.ts';
import type { Problem } from '../problem.ts';

/** What a command works on, and what stands in the way. */
export interface Chosen {
  readonly clusters: readonly ClusterPki[];
  readonly problems: readonly Problem[];
}

/** Clusters by name; all when none is named. A definition with errors issues nothing, and `build` says what they are. */
export function chooseClusters(open: OpenFleet, names: readonly string[]): Chosen {
  const wanted = names.length === 0 ? open.fleet.clusters.map(({ name }) => name) : names;
  const clusters = pkiOf(open, (name) => wanted.includes(name));
  const missing = wanted.filter((name) => !clusters.some(({ cluster }) => cluster.name === name));
  return { clusters, problems: missing.map((name) => notReady(name, open)) };
}

function notReady(name: string, open: OpenFleet): Problem {
  const exists = open.fleet.clusters.some((cluster) => cluster.name === name);
  return {
    code: exists ? 'pki/definition-invalid' : 'pki/unknown-cluster', severity: 'error', at: { of: exists ? name : 'fleet', path: exists ? '' : 'clusters' },
    what: exists ? `The definition of ${name} has errors.` : `The fleet has no cluster ${name}.`,
    why: 'which certificates a cluster needs follows from its definition.',
    fix: exists ? 'run `kubewright build`, which names them, and mend them first.' : `choose one of: ${open.fleet.clusters.map((cluster) => cluster.name).join(', ')}.`,
  };
}

type Found<T> = ({ readonly ok: true } & T) | { readonly ok: false; readonly problems: readonly Problem[] };

/** One cluster by its name, for which certificates were issued. */
export function chooseIssued(open: OpenFleet, name: string): Found<{ readonly pki: ClusterPki; readonly lock: PkiLock }> {
  const { clusters: [pki], problems } = chooseClusters(open, [name]);
  if (pki === undefined) return { ok: false, problems };
  return pki.lock === null ? { ok: false, problems: pki.problems } : { ok: true, pki, lock: pki.lock };
}

/** The keystore of a cluster as far as it is known: open when there is an identity that opens it. */
export async function openStore(text: string | null, identity: string | null, cluster: string): Promise<Found<{ readonly state: KeystoreState }>> {
  if (text === null) return { ok: true, state: null };
  if (identity === null) return { ok: true, state: 'closed' };
  const read = readIdentity(identity, cluster);
  if (!read.ok) return read;
  const opened = await openKeystore(text, read.file, cluster);
  return opened.ok ? { ok: true, state: opened.keystore } : opened;
}

/** The keystore of a cluster, without which nothing can be done. */
export async function openKeys(open: OpenFleet, { cluster, keystore: { recipients } }: PkiLock, identity: string): Promise<Found<{ readonly keystore: Keystore }>> {
  const opened = await openStore(readPkiFiles(join(open.root, 'clusters'), cluster).keystore, identity, cluster);
  if (!opened.ok) return opened;
  const { state } = opened;
  if (state !== null && state !== 'closed') return { ok: true, keystore: state };
  return { ok: false, problems: [recipients.length > 0 ? keystoreLost(cluster) : keystoreMissing(cluster)] };
}

function readIdentity(path: string, cluster: string): Found<{ readonly file: Secret }> {
  try {
    return { ok: true, file: readIdentityFile(path) };
  } catch (cause) {
    return { ok: false, problems: [identityUnread(path, cluster, cause)] };
  }
}

/** What the disk says, in the words of whoever passed the path. */
const UNREAD: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: (path) => `There is no identity file ${path}.`,
  EISDIR: (path) => `${path} is a folder, not an identity file.`,
};

function identityUnread(path: string, cluster: string, cause: unknown): Problem {
  const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  return {
    code: 'pki/identity-wrong', severity: 'error', at: { of: cluster, path: '' },
    what: UNREAD[reason]?.(path) ?? `The identity file ${path} cannot be read (${reason}).`,
    why: 'the keystore opens only for an age identity among its recipients.',
    fix: 'pass the path of your age identity file with `--identity`.',
  };
}

function keystoreMissing(cluster: string): Problem {
  return {
    code: 'pki/keystore-missing', severity: 'error', at: { of: cluster, path: '' },
    what: `There is no keystore beside ${cluster}.`,
    why: 'its authorities\' keys are kept nowhere, so there is nothing to export, and nothing to sign with.',
    fix: 'name recipients in the fleet\'s `keystore` before certificates are issued.',
  };
}
