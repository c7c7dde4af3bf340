import { fillContents, type Filling } from '../credentials/contents.ts';
import type { Contents, Sealed } from '../plan.ts';
import type { Sealing } from '../sealing.ts';
import type { Entropy } from './entropy.ts';
import { drawSession, sealValue, type SealTarget } from './seal.ts';
import { encryptSecret, makeDataKey } from './sops.ts';

/** A Secret of a certificate or key. */
export interface ToSeal extends SealTarget {
  /** Of the certificate or key. */
  readonly name: string;
  /** All that it holds; only a whole Secret is sealed with it. */
  readonly contents?: Contents;
}

/** Seals in the way that the fleet has chosen. Randomness is drawn at once; what is sealed may be known later. */
export type Sealer = (item: ToSeal) => (filling: Filling) => Sealed;

/** @param names certificates and keys that will be sealed in this run. */
export async function sealerFor(sealing: Sealing, names: readonly string[], now: Date, entropy: Entropy): Promise<Sealer> {
  if (!('recipients' in sealing)) {
    return (target) => {
      const session = drawSession(entropy);
      return ({ key }) => sealValue(key, target, sealing, session);
    };
  }
  const keys = new Map(await Promise.all(names.map(async (name) => [name, await makeDataKey(sealing.recipients, entropy)] as const)));
  return ({ name, secret, contents }) => {
    const key = keys.get(name);
    if (key === undefined || contents === undefined) throw new Error(`unreachable: it is not known what the Secret of ${name} is to hold`);
    return (filling) => encryptSecret(secret, fillContents(contents, filling), key, now, entropy);
  };
}
