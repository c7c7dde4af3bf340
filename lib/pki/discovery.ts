import { publicKeyDigest } from './digest.ts';
import { certificateOf, type CertificateLock, type PkiLock } from './plan.ts';

/** The authorities that a machine learns to trust when it joins, and a client by its kubeconfig: what the API server is signed by. */
export function discoveryAuthorities(lock: PkiLock): readonly CertificateLock[] {
  return [certificateOf(lock, 'server-ca')];
}

/** Their certificates, one after the other. */
export const discoveryBundle = (lock: PkiLock): string => discoveryAuthorities(lock).map(({ certificate }) => certificate).join('');

/** A pin for each of them, as kubeadm takes it. It is of the key: an authority that is issued again keeps it. */
export const discoveryPins = (lock: PkiLock): readonly string[] =>
  discoveryAuthorities(lock).map(({ certificate }) => `sha256:${publicKeyDigest(certificate)}`);
