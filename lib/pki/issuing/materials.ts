import type { CertificateDecision, KeyDecision } from './decide.ts';
import type { Entropy } from './entropy.ts';
import type { Keystore } from '../keystore.ts';
import { areSame, storedKeys, type Decisions, type KeyNeeds, type KeystoreState, type Situation } from './needs.ts';
import { Secret } from '../secret.ts';

/** Private keys by the name of their certificate or key. */
export type Materials = ReadonlyMap<string, Secret>;

/** Makes every key that is missing, all pairs at once, and takes the others from the keystore. */
export async function gatherMaterials({ certificates, keys }: Decisions, bits: number, keystore: KeystoreState, entropy: Entropy): Promise<Materials> {
  const stored = storedKeys(keystore);
  const isMissing = ({ spec, action }: CertificateDecision | KeyDecision): boolean => action === 'issue' && !stored.has(spec.name);
  const pairs = [...certificates.filter(isMissing), ...keys.filter(({ spec }) => spec.kind === 'serviceAccount').filter(isMissing)];
  const fresh = await Promise.all(pairs.map(async ({ spec }) => [spec.name, await makePrivateKey(bits, entropy)] as const));
  const symmetric = keys.filter(isMissing).flatMap(({ spec }) => (spec.kind === 'encryption' ? [[spec.name, makeKey(spec.bytes, entropy)] as const] : []));
  return new Map([...stored, ...fresh, ...symmetric]);
}

/**
 * The keystore after this run, or null when the file stays as it is. Keys are never taken out: an authority that is
 * no longer used may still be trusted somewhere, and an old encryption key still opens old objects and backups.
 */
export function nextKeystore(needs: KeyNeeds, { cluster, keystore, recipients }: Situation, materials: Materials): Keystore | null {
  if (keystore === 'closed' || recipients.next.length === 0) return null;
  if (needs.added.length === 0 && (keystore === null || areSame(recipients))) return null;
  const added = [...materials].filter(([name]) => needs.added.includes(name));
  return { cluster, keys: new Map([...storedKeys(keystore), ...added]) };
}

async function makePrivateKey(bits: number, entropy: Entropy): Promise<Secret> {
  return new Secret((await entropy.rsaKeyPair(bits)).privateKeyPem);
}

/** Base64, as an EncryptionConfiguration takes it. */
function makeKey(bytes: number, entropy: Entropy): Secret {
  return new Secret(Buffer.from(entropy.bytes(bytes)).toString('base64'));
}
