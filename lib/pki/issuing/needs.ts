import type { Problem } from '../../problem.ts';
import type { CertificateDecision, KeyDecision } from './decide.ts';
import { byCodeUnit, publicKeyDigest } from '../digest.ts';
import type { Keystore } from '../keystore.ts';
import { issueCommand, keystorePlace } from '../places.ts';
import type { PkiLock } from '../plan.ts';
import type { Secret } from '../secret.ts';

/** What is known of the keystore: its content; `closed`, when there is a file and no identity; null, when there is none. */
export type KeystoreState = Keystore | 'closed' | null;

export interface Decisions {
  readonly certificates: readonly CertificateDecision[];
  readonly keys: readonly KeyDecision[];
}

/** Keys that exist and must be at hand, and keys that the keystore gets. Both by name. */
export interface KeyNeeds {
  readonly existing: readonly string[];
  readonly added: readonly string[];
}

/** Whom the keystore is encrypted to: according to the lock, and after this run. */
export interface Recipients {
  readonly before: readonly string[];
  readonly next: readonly string[];
}

/** A fleet that names nobody any more does not destroy a keystore: it stays with those who had it. */
export function recipientsOf(lock: PkiLock | null, fleet: readonly string[]): Recipients {
  const before = lock?.keystore.recipients ?? [];
  return { before, next: fleet.length > 0 ? [...new Set(fleet)].toSorted(byCodeUnit) : before };
}

export function areSame({ before, next }: Recipients): boolean {
  return before.length === next.length && before.every((recipient) => next.includes(recipient));
}

/** Which keys of the keystore the decisions need. A leaf needs its authority's key, unless that is made in this run. */
export function needsOf(decisions: Decisions, keystore: KeystoreState): KeyNeeds {
  const authorities = decisions.certificates.filter(({ spec }) => spec.issuer === null);
  const signers = new Set(decisions.certificates.filter(({ action }) => action === 'issue').map(({ spec }) => spec.issuer));
  const isUsed = ({ spec, action }: CertificateDecision): boolean =>
    signers.has(spec.name) || action === 'issue' || (action === 'seal' && spec.sealed);
  const existing = [...authorities.filter(isUsed), ...decisions.keys.filter(({ action }) => action !== 'keep')].filter(({ before }) => before !== null);
  const added = [...authorities, ...decisions.keys].filter(({ spec, before }) => before === null && !storedKeys(keystore).has(spec.name));
  return { existing: namesOf(existing), added: namesOf(added) };
}

/** The keys that can be taken from the keystore; none while it is closed. */
export function storedKeys(keystore: KeystoreState): ReadonlyMap<string, Secret> {
  return isOpen(keystore) ? keystore.keys : new Map();
}

/** What the keystore must be for a run. */
export interface Situation {
  readonly cluster: string;
  readonly lock: PkiLock | null;
  readonly keystore: KeystoreState;
  readonly recipients: Recipients;
}

/** What stands in the way of these needs. */
export function checkNeeds(needs: KeyNeeds, { cluster, lock, keystore, recipients }: Situation): Problem[] {
  if (isOpen(keystore)) {
    const lost = needs.existing.filter((name) => !holdsKeyOf(keystore, lock, name));
    return lost.length === 0 ? [] : [keysLost(cluster, lost)];
  }
  if (keystore === null && recipients.before.length === 0) return needs.existing.length === 0 ? [] : [keystoreNowhere(cluster, needs.existing)];

  const names = [...needs.existing, ...needs.added];
  if (names.length === 0 && areSame(recipients)) return [];
  const reason = names.length > 0 ? `this run needs ${names.join(', ')}` : 'it is to be encrypted to other recipients';
  return [keystore === null ? keystoreLost(cluster) : identityNeeded(cluster, reason)];
}

function isOpen(keystore: KeystoreState): keystore is Keystore {
  return keystore !== null && keystore !== 'closed';
}

function namesOf(decisions: readonly (CertificateDecision | KeyDecision)[]): string[] {
  return decisions.map(({ spec }) => spec.name);
}

/** Whether the stored key is the one that the lock was made with. An encryption key has no public half to compare. */
function holdsKeyOf({ keys }: Keystore, lock: PkiLock | null, name: string): boolean {
  const stored = keys.get(name);
  const issued = issuedDigest(lock, name);
  return stored !== undefined && (issued === null || issued === digestIfKey(stored));
}

function issuedDigest(lock: PkiLock | null, name: string): string | null {
  const key = lock?.keys.find((entry) => entry.name === name);
  if (key?.kind === 'serviceAccount') return publicKeyDigest(key.publicKey);
  return lock?.certificates.find(({ spec }) => spec.name === name)?.publicKeyDigest ?? null;
}

function digestIfKey(stored: Secret): string | null {
  try {
    return publicKeyDigest(stored.reveal());
  } catch {
    return null;
  }
}

const WHY = 'without the keys of the authorities nothing can be signed that the cluster trusts.';

function identityNeeded(cluster: string, reason: string): Problem {
  return {
    code: 'pki/identity-needed', severity: 'error', at: keystorePlace(cluster),
    what: `The keystore must be opened: ${reason}.`,
    why: WHY,
    fix: `run \`${issueCommand(cluster, '--identity FILE')}\` with the age identity of somebody whom fleet.keystore.recipients names.`,
  };
}

/** A keystore was written once, and its file is not there: no identity opens that. */
export function keystoreLost(cluster: string): Problem {
  const place = keystorePlace(cluster);
  return {
    code: 'pki/keystore-missing', severity: 'error', at: place,
    what: `There is no file ${place.of}, although the lock of ${cluster} was written with a keystore beside it.`,
    why: WHY,
    fix: `bring it back from git, with \`git restore ${place.of}\` or from the commit before it was lost; then run the command again with \`--identity FILE\`.`,
  };
}

function keystoreNowhere(cluster: string, names: readonly string[]): Problem {
  return {
    code: 'pki/identity-needed', severity: 'error', at: keystorePlace(cluster),
    what: `This run needs ${names.join(', ')}, and there is no keystore: the fleet named no recipients when the lock was written.`,
    why: WHY,
    fix: `when a keystore exists elsewhere, put it back and run \`${issueCommand(cluster, '--identity FILE')}\`; `
      + 'otherwise the cluster needs new authorities: remove its lock and issue again, which every client and node must follow.',
  };
}

function keysLost(cluster: string, names: readonly string[]): Problem {
  return {
    code: 'pki/keystore-torn', severity: 'error', at: keystorePlace(cluster),
    what: `The keystore does not hold the key of ${names.join(', ')} that the lock was made with.`,
    why: 'what it would sign is not what the cluster trusts: the keystore is older than the lock, or another one.',
    fix: `bring back the keystore that belongs to the lock from git, then run \`${issueCommand(cluster, '--identity FILE')}\`.`,
  };
}
