import type { Manifest } from '../../model/manifest.ts';
import { isObject, textsOf } from '../objects/json.ts';

const ENCRYPTED = /^ENC\[AES256_GCM,data:/;

/** True for a Secret that SOPS encrypted: every value is ciphertext, and GitOps decrypts it before the API server sees it. */
export function isSopsEncrypted(manifest: Manifest): boolean {
  if (manifest.kind !== 'Secret' || !isObject(manifest['sops'])) return false;
  const values = [...textsOf(manifest['data']), ...textsOf(manifest['stringData'])];
  return values.every(([, value]) => value === '' || ENCRYPTED.test(value));
}
