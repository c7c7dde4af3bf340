import { byCodeUnit, sha256 } from './digest.ts';
import type { SealingCertificate } from './sealing-certificate.ts';

/** People and programs that open what SOPS encrypts, by their age recipients. */
export interface AgeRecipients {
  /** SHA-256 of the recipients. */
  readonly fingerprint: string;
  readonly recipients: readonly string[];
}

/** Who opens secrets in the meta clusters: the Sealed Secrets controller, or Flux with SOPS. */
export type Sealing = SealingCertificate | AgeRecipients;

/** Their order means nothing, and nor does one that stands twice. */
export function ageRecipients(given: readonly string[]): AgeRecipients {
  const recipients = [...new Set(given)].toSorted(byCodeUnit);
  return { fingerprint: sha256(recipients.join('\n')), recipients };
}
