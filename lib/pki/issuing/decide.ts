import type { Problem } from '../../problem.ts';
import { isDue } from '../dates.ts';
import { specDigest } from '../digest.ts';
import { namesAuthorities } from '../credentials/contents.ts';
import { DISCOVERY } from '../credentials/discovery.ts';
import { describeContents, specDifferences } from './differences.ts';
import { issueCommand, lockPlace } from '../places.ts';
import type { CertificateLock, CertificateSpec, KeyLock, KeySpec, PkiLock, PkiPlan } from '../plan.ts';
import { wronglyTyped } from '../subject.ts';

/** `issue`: a new certificate. `seal`: the same one, its key sealed again. `keep`: not a byte changes. */
export type Action = 'keep' | 'seal' | 'issue';

/** What happens to one certificate, and the reason. */
export interface CertificateDecision {
  readonly spec: CertificateSpec;
  readonly before: CertificateLock | null;
  readonly action: Action;
  readonly why: string;
}

/** What happens to one key. A key is made once; later it is only sealed again. */
export interface KeyDecision {
  readonly spec: KeySpec;
  readonly before: KeyLock | null;
  readonly action: Action;
  readonly why: string;
}

/** What decisions depend on beside the plan and the lock. */
export interface Circumstances {
  readonly now: Date;
  readonly sealingFingerprint: string;
  readonly force: readonly string[];
}

/** Decides for every certificate of the plan, authorities first: what they become decides about what they signed. */
export function decideCertificates(plan: PkiPlan, lock: PkiLock | null, around: Circumstances): CertificateDecision[] {
  const resealing = whyResealing(plan, lock, around.sealingFingerprint);
  const reasons = { ...around, resealing, renewBeforeDays: plan.renewBeforeDays };
  const decided = new Map<string, CertificateDecision>();
  for (const spec of plan.certificates) {
    const before = lock?.certificates.find((certificate) => certificate.spec.name === spec.name) ?? null;
    const issuer = spec.issuer === null ? null : decided.get(spec.issuer) ?? null;
    decided.set(spec.name, { spec, before, ...decide(spec, before, issuer, { ...reasons, trusted: decided.get(DISCOVERY)?.action ?? 'keep' }) });
  }
  return [...decided.values()];
}

/** Decides for every key of the plan. */
export function decideKeys(plan: PkiPlan, lock: PkiLock | null, around: Circumstances): KeyDecision[] {
  const resealing = whyResealing(plan, lock, around.sealingFingerprint);
  return plan.keys.map((spec): KeyDecision => {
    const before = lock?.keys.find((key) => key.name === spec.name && key.kind === spec.kind) ?? null;
    if (before === null) return { spec, before, action: 'issue', why: 'is new' };
    const why = resealing || keyDifference(before, spec);
    return { spec, before, action: why === '' ? 'keep' : 'seal', why };
  });
}

/** In what a key's Secret is not what is asked for; empty when it is. */
export function keyDifference(before: KeyLock, spec: KeySpec): string {
  if (before.sealed.secret !== spec.secret) return `goes to the Secret ${spec.secret}`;
  const [was, is] = [before.contents, spec.contents].map((contents) => describeContents(contents).join(', '));
  return was === is ? '' : `its Secret is to hold ${is === '' ? 'the key alone' : is}`;
}

/** Names that `force` asks for and the plan does not have. */
export function checkForced(plan: PkiPlan, force: readonly string[]): Problem[] {
  const names = plan.certificates.map((certificate) => certificate.name);
  return force.filter((name) => !names.includes(name)).map((name) => ({
    code: 'pki/certificate-missing', severity: 'error', at: lockPlace(plan.cluster, `certificates.${name}`),
    what: `${plan.cluster} has no certificate ${name}, which was to be issued anew.`,
    why: 'nothing would be issued in its place.',
    fix: `run \`${issueCommand(plan.cluster, '--renew NAME')}\` with one of: ${names.join(', ')}.`,
  }));
}

interface Reasons extends Circumstances {
  readonly resealing: string;
  readonly renewBeforeDays: number;
  /** What happens to the authority by which clients know the API server. */
  readonly trusted: Action;
}

type Verdict = Pick<CertificateDecision, 'action' | 'why'>;

function decide(spec: CertificateSpec, before: CertificateLock | null, issuer: CertificateDecision | null, around: Reasons): Verdict {
  if (before === null) return { action: 'issue', why: 'is new' };
  const why = whyIssue(spec, before, issuer, around);
  if (why !== '') return { action: 'issue', why };
  const delivery = whyDeliver(spec, before, around);
  if (delivery === '') return { action: 'keep', why: '' };
  // The key of an authority is sealed again from the keystore. The key of a leaf is known to nobody: it gets a new one.
  return { action: spec.issuer === null ? 'seal' : 'issue', why: delivery };
}

function whyIssue(spec: CertificateSpec, before: CertificateLock, issuer: CertificateDecision | null, around: Reasons): string {
  const differences = specDifferences(before.spec, spec).filter((difference) => !difference.delivery);
  if (differences.length > 0) return differences.map((difference) => difference.text).join('; ');
  const wrong = wronglyTyped(before);
  if (wrong.length > 0) return `has ${wrong.join(', ')} in its subject as a string of a type that does not allow it`;
  if (issuer?.action === 'issue') return `its authority ${issuer.spec.name} is issued anew`;
  if (signedByAnother(before, issuer)) return `was signed by an earlier certificate of ${spec.issuer ?? spec.name}`;
  if (isDue(before, around.renewBeforeDays, around.now)) return `is due: ends on ${before.notAfter}`;
  return around.force.includes(spec.name) ? 'was asked for' : '';
}

function signedByAnother(before: CertificateLock, issuer: CertificateDecision | null): boolean {
  return before.specDigest !== specDigest(before.spec, issuer?.before?.certificate ?? null);
}

function whyDeliver(spec: CertificateSpec, before: CertificateLock, { resealing, trusted }: Reasons): string {
  const differences = specDifferences(before.spec, spec);
  if (differences.length > 0) return differences.map((difference) => difference.text).join('; ');
  if (trusted === 'issue' && namesAuthorities(spec.contents ?? {})) return `its kubeconfig trusts ${DISCOVERY}, which is issued anew`;
  return spec.sealed ? resealing : '';
}

/** Sealed values are bound to the controller's key and to the namespace. */
function whyResealing(plan: PkiPlan, lock: PkiLock | null, sealingFingerprint: string): string {
  if (lock === null) return '';
  if (lock.sealing.fingerprint !== sealingFingerprint) return 'the fleet\'s sealing changed';
  return lock.namespace === plan.namespace ? '' : `the namespace is now ${plan.namespace}`;
}
