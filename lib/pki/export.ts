import type { Keystore } from './keystore.ts';
import type { KeyLock, PkiLock } from './plan.ts';
import { Secret } from './secret.ts';

/** One file of an export, in kubeadm's layout. Its text may be a private key, so it is always handled as one. */
export interface ExportFile {
  readonly path: string;
  readonly text: Secret;
}

/**
 * What `pki export --unsafe-plaintext` writes: every public certificate, and the keys that the keystore has: of
 * authorities, of service accounts, of encryption at rest. The keys of leaves exist only sealed, in the meta cluster;
 * with an authority's key anybody who needs a leaf can sign one.
 */
export function exportPlaintext(keystore: Keystore, lock: PkiLock): ExportFile[] {
  const certificates = lock.certificates.flatMap(({ spec, certificate }) => {
    const key = keystore.keys.get(spec.name);
    const base = baseOf(spec.name);
    const file = { path: `pki/${base}.crt`, text: new Secret(certificate) };
    return key === undefined ? [file] : [file, { path: `pki/${base}.key`, text: key }];
  });
  return [...certificates, ...lock.keys.flatMap((entry) => keyFiles(entry, keystore.keys.get(entry.name)))];
}

/** kubeadm's names: `ca` for the authority of the API server, `etcd/…` for all that belongs to etcd. */
function baseOf(name: string): string {
  if (name === 'server-ca') return 'ca';
  return name.startsWith('etcd-') ? `etcd/${name.slice('etcd-'.length)}` : name;
}

function keyFiles(entry: KeyLock, key: Secret | undefined): ExportFile[] {
  if (entry.kind === 'encryption') return key === undefined ? [] : [{ path: `pki/encryption/${entry.name}`, text: key }];
  const pair = { path: 'pki/sa.pub', text: new Secret(entry.publicKey) };
  return key === undefined ? [pair] : [pair, { path: 'pki/sa.key', text: key }];
}
