import { publicKeyDigest } from '../digest.ts';
import { certificateOf, type CertificateLock, type PkiLock } from '../plan.ts';

/** Who signs what the API server shows. */
export const DISCOVERY = 'server-ca';

/** By which authorities a joining machine and a client know the API server. What else a node is made to trust is the tenant's `cluster-info`. */
export function discoveryAuthorities(lock: PkiLock): readonly CertificateLock[] {
  return [certificateOf(lock, DISCOVERY)];
}

/** Their certificates, one after the other. */
export const discoveryBundle = (lock: PkiLock): string => discoveryAuthorities(lock).map(({ certificate }) => certificate).join('');

/** A pin for each of them, as kubeadm takes it. It is of the key: an authority that is issued again keeps it. */
export const discoveryPins = (lock: PkiLock): readonly string[] =>
  discoveryAuthorities(lock).map(({ certificate }) => `sha256:${publicKeyDigest(certificate)}`);
