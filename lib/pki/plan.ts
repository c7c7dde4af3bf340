/** What a certificate may be used for. */
export type Usage = 'serverAuth' | 'clientAuth';

/**
 * All values of a Secret by their keys, with marks in the place of what is issued: `{{ key }}`, `{{ certificate | base64 }}`.
 * A plan has them only where SOPS encrypts Secrets as a whole; elsewhere a build writes all but the key.
 */
export type Contents = Readonly<Record<string, string>>;

/** One certificate that a cluster needs, as data. */
export interface CertificateSpec {
  readonly name: string;
  /** Name of the authority that signs it; null for an authority, which signs itself. */
  readonly issuer: string | null;
  readonly commonName: string;
  readonly organizations: readonly string[];
  readonly usages: readonly Usage[];
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly days: number;
  /** Secret in the cluster's namespace that receives the certificate and its key. */
  readonly secret: string;
  /** Namespace of that Secret, where it is another: of somebody who talks to the cluster from beside it. */
  readonly namespace?: string;
  /** Whether the key is delivered. The key of an authority that no component signs with is in the keystore only. */
  readonly sealed: boolean;
  readonly contents?: Contents;
}

/** A key without a certificate. */
export type KeySpec =
  | { readonly kind: 'serviceAccount'; readonly name: string; readonly secret: string; readonly contents?: Contents }
  | { readonly kind: 'encryption'; readonly name: string; readonly bytes: 32; readonly secret: string; readonly contents?: Contents };

/** All certificates and keys of one cluster; authorities stand before what they sign. */
export interface PkiPlan {
  readonly cluster: string;
  readonly namespace: string;
  /** Length of keys made from now on; a key that exists keeps its own. */
  readonly bits: 2048 | 3072 | 4096;
  readonly renewBeforeDays: number;
  readonly certificates: readonly CertificateSpec[];
  readonly keys: readonly KeySpec[];
}

/** A value that only the Sealed Secrets controller of the meta cluster can open, and only under this Secret's name. */
export interface SealedValue {
  readonly secret: string;
  /** Key in the Secret's data. */
  readonly key: string;
  readonly value: string;
}

/** A Secret that SOPS encrypted as a whole, without the metadata that a build gives it. */
export interface SopsSecret {
  readonly secret: string;
  /** Each `ENC[AES256_GCM,…]` of a value in base64. */
  readonly data: Readonly<Record<string, string>>;
  /** The Secret's key, encrypted to each age recipient; armored. */
  readonly age: readonly { readonly recipient: string; readonly enc: string }[];
  /** `2026-03-01T10:00:00Z` */
  readonly lastModified: string;
  /** Message authentication code over the values, encrypted. */
  readonly mac: string;
}

export type Sealed = SealedValue | SopsSecret;

/** Whether it is a Secret as a whole. */
export const isSops = (sealed: Sealed): sealed is SopsSecret => 'mac' in sealed;

/** Of a value that is sealed by itself. */
export const valueOf = (sealed: Sealed | null): string => (sealed === null || isSops(sealed) ? '' : sealed.value);

/** An issued certificate. */
export interface CertificateLock {
  /** What was asked for when it was issued. */
  readonly spec: CertificateSpec;
  /** SHA-256 of the spec and of the authority's certificate. */
  readonly specDigest: string;
  readonly serial: string;
  readonly notBefore: string;
  readonly notAfter: string;
  /** SHA-256 of the SubjectPublicKeyInfo. */
  readonly publicKeyDigest: string;
  readonly certificate: string;
  /** Null when the key is kept in the keystore only. */
  readonly sealed: Sealed | null;
}

/** An issued key. The encryption key is known in public by a random id, which tells nothing about it. */
export type KeyLock =
  | { readonly kind: 'serviceAccount'; readonly name: string; readonly publicKey: string; readonly contents?: Contents; readonly sealed: Sealed }
  | { readonly kind: 'encryption'; readonly name: string; readonly id: string; readonly contents?: Contents; readonly sealed: Sealed };

/** What was issued for a cluster: public certificates and sealed private keys, to be committed and reviewed. */
export interface PkiLock {
  readonly cluster: string;
  readonly namespace: string;
  readonly sealing: { readonly fingerprint: string };
  /** Who can open the keystore; nobody when it was never written. */
  readonly keystore: { readonly recipients: readonly string[] };
  readonly certificates: readonly CertificateLock[];
  readonly keys: readonly KeyLock[];
}

/** The issued certificate of this name. `checkLock` has made sure that there is one. */
export function certificateOf(lock: PkiLock, name: string): CertificateLock {
  const found = lock.certificates.find((certificate) => certificate.spec.name === name);
  if (!found) throw new Error(`the lock of ${lock.cluster} was not checked: it has no certificate ${name}`);
  return found;
}

/** The issued key of this name. `checkLock` has made sure that there is one. */
export function keyOf(lock: PkiLock, name: string): KeyLock {
  const found = lock.keys.find((key) => key.name === name);
  if (!found) throw new Error(`the lock of ${lock.cluster} was not checked: it has no key ${name}`);
  return found;
}
