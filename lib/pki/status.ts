import { daysUntil, isDue } from './dates.ts';
import { byCodeUnit } from './digest.ts';
import type { CertificateLock, PkiLock, PkiPlan } from './plan.ts';

/** One line of `pki status`. */
export interface StatusRow {
  readonly cluster: string;
  readonly name: string;
  /** `O=system:masters, CN=kubernetes-super-admin` */
  readonly subject: string;
  /** Name of the authority; null for an authority. */
  readonly issuer: string | null;
  readonly notAfter: string;
  /** Whole days; negative once it has ended. */
  readonly daysLeft: number;
  readonly state: 'ok' | 'due' | 'expired';
}

/** Every certificate of these clusters, the one that ends first on top. */
export function statusRows(clusters: readonly { readonly plan: PkiPlan; readonly lock: PkiLock }[], now: Date): StatusRow[] {
  const rows = clusters.flatMap(({ plan, lock }) => lock.certificates.map((certificate) => rowOf(plan, certificate, now)));
  return rows.toSorted((a, b) => byCodeUnit(a.notAfter, b.notAfter) || byCodeUnit(a.cluster, b.cluster) || byCodeUnit(a.name, b.name));
}

function rowOf(plan: PkiPlan, certificate: CertificateLock, now: Date): StatusRow {
  const { spec, notAfter } = certificate;
  const subject = [...spec.organizations.map((organization) => `O=${organization}`), `CN=${spec.commonName}`].join(', ');
  const daysLeft = daysUntil(new Date(notAfter), now);
  const state = stateOf(certificate, plan.renewBeforeDays, now);
  return { cluster: plan.cluster, name: spec.name, subject, issuer: spec.issuer, notAfter, daysLeft, state };
}

function stateOf(certificate: CertificateLock, renewBeforeDays: number, now: Date): StatusRow['state'] {
  if (new Date(certificate.notAfter) <= now) return 'expired';
  return isDue(certificate, renewBeforeDays, now) ? 'due' : 'ok';
}
