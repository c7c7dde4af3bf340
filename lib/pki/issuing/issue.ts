import { hasErrors, type Problem } from '../../problem.ts';
import { addDays, toSeconds } from '../dates.ts';
import { checkForced, decideCertificates, decideKeys, type CertificateDecision, type KeyDecision } from './decide.ts';
import { byCodeUnit, publicKeyDigest, specDigest } from '../digest.ts';
import type { Entropy } from './entropy.ts';
import { checkRecipients, type Keystore } from '../keystore.ts';
import { DISCOVERY } from '../credentials/discovery.ts';
import { lockOfAnotherCluster } from '../lock.ts';
import { gatherMaterials, nextKeystore, type Materials } from './materials.ts';
import { checkNeeds, needsOf, recipientsOf, type Decisions, type KeystoreState, type Situation } from './needs.ts';
import { lockPlace } from '../places.ts';
import { certificateOf, type CertificateLock, type CertificateSpec, type KeyLock, type PkiLock, type PkiPlan } from '../plan.ts';
import { sealerFor, type Sealer } from './sealer.ts';
import type { Sealing } from '../sealing.ts';
import { sealingExpiry } from '../sealing-certificate.ts';
import type { Secret } from '../secret.ts';
import { publicPemOf, signCertificate } from './sign.ts';
import { verifyLock } from './verify.ts';

/** What issuing depends on beside the plan, the lock and the keystore. */
export interface IssueContext {
  readonly now: Date;
  readonly entropy: Entropy;
  readonly sealing: Sealing;
  /** age recipients of the fleet: who may issue again. */
  readonly recipients: readonly string[];
  /** Certificates to issue anew although nothing asks for it. */
  readonly force?: readonly string[];
}

/** One certificate or key that was issued or sealed, and the reason. */
export interface Issued {
  readonly name: string;
  readonly action: 'issued' | 'sealed';
  readonly why: string;
}

export type IssueResult =
  | {
      readonly ok: true;
      readonly lock: PkiLock;
      /** What `pki.keystore.age` must hold from now on; null when the file stays as it is, or when there is to be none. */
      readonly keystore: Keystore | null;
      readonly issued: readonly Issued[];
      /** Warnings. */
      readonly problems: readonly Problem[];
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Issues what is missing, different or due, and carries everything else forward byte for byte. An authority that is
 * issued again keeps its key, so that what trusts it goes on trusting it; a leaf always gets a new key.
 */
export async function issueCertificates(plan: PkiPlan, previous: PkiLock | null, keystore: KeystoreState, context: IssueContext): Promise<IssueResult> {
  if (previous !== null && previous.cluster !== plan.cluster) return { ok: false, problems: [lockOfAnotherCluster(plan.cluster, previous.cluster)] };
  const around = { now: context.now, sealingFingerprint: context.sealing.fingerprint, force: context.force ?? [] };
  const decisions = { certificates: decideCertificates(plan, previous, around), keys: decideKeys(plan, previous, around) };
  const situation = { cluster: plan.cluster, lock: previous, keystore, recipients: recipientsOf(previous, context.recipients) };
  const problems = checkRun(plan, decisions, situation, context);
  if (hasErrors(problems)) return { ok: false, problems };

  const materials = await gatherMaterials(decisions, plan.bits, keystore, context.entropy);
  const next = nextKeystore(needsOf(decisions, keystore), situation, materials);
  const { before, next: wanted } = situation.recipients;
  const [now, { entropy, sealing }] = [toSeconds(context.now), context];
  const workshop = { plan, materials, now, entropy, sealing, sealer: await sealerFor(sealing, sealedNames(decisions), now, entropy) };
  const lock = makeLock(decisions, next === null ? before : wanted, workshop);
  verifyLock(lock, materials);
  return { ok: true, lock, keystore: next, issued: reportOf(decisions, lock), problems };
}

/** Everything that stands in the way, before anything is made. */
function checkRun(plan: PkiPlan, decisions: Decisions, situation: Situation, { sealing, now, force = [] }: IssueContext): Problem[] {
  return [
    ...('recipients' in sealing ? [] : sealingExpiry(sealing, now, lockPlace(plan.cluster, 'sealing'))),
    ...checkRecipients(plan.cluster, situation.recipients.next),
    ...checkForced(plan, force),
    ...checkNeeds(needsOf(decisions, situation.keystore), situation),
  ];
}

interface Workshop {
  readonly plan: PkiPlan;
  readonly materials: Materials;
  readonly now: Date;
  readonly entropy: Entropy;
  readonly sealing: Sealing;
  readonly sealer: Sealer;
}

function makeLock(decisions: Decisions, recipients: readonly string[], workshop: Workshop): PkiLock {
  const certificates = certificatesOf(decisions.certificates, workshop);
  const keys = decisions.keys.map((decision) => keyLockOf(decision, workshop));
  return {
    cluster: workshop.plan.cluster,
    namespace: workshop.plan.namespace,
    sealing: { fingerprint: workshop.sealing.fingerprint },
    keystore: { recipients },
    certificates: certificates.toSorted((a, b) => byCodeUnit(a.spec.name, b.spec.name)),
    keys: keys.toSorted((a, b) => byCodeUnit(a.name, b.name)),
  };
}

/** Authorities come first in a plan, so an issuer is always there before what it signs. */
function certificatesOf(decisions: readonly CertificateDecision[], workshop: Workshop): CertificateLock[] {
  const done = new Map<string, CertificateLock>();
  for (const decision of decisions) {
    const issuer = decision.spec.issuer === null ? null : done.get(decision.spec.issuer);
    if (issuer === undefined) throw new Error(`unreachable: ${decision.spec.name} stands in the plan before its authority ${decision.spec.issuer ?? ''}`);
    done.set(decision.spec.name, certificateLockOf(decision, issuer, done.get(DISCOVERY)?.certificate, workshop));
  }
  return [...done.values()];
}

function certificateLockOf({ spec, before, action }: CertificateDecision, issuer: CertificateLock | null, authorities: string | undefined, workshop: Workshop): CertificateLock {
  if (before !== null && action === 'keep') return before;
  const { materials, now, entropy, sealer, plan } = workshop;
  const seal = spec.sealed ? sealer({ ...spec, namespace: spec.namespace ?? plan.namespace, key: 'tls.key' }) : null;
  const sealedWith = (certificate: string) => seal?.({ key: materialOf(spec.name, materials), certificate, authorities }) ?? null;
  const digest = specDigest(spec, issuer?.certificate ?? null);
  if (before !== null && action === 'seal') return { ...before, spec, specDigest: digest, sealed: sealedWith(before.certificate) };

  const signer = issuer === null ? null : { issued: issuer, key: materialOf(issuer.spec.name, materials) };
  const signed = signCertificate({ spec, key: materialOf(spec.name, materials), issuer: signer, now, until: addDays(now, spec.days), entropy });
  return { spec, specDigest: digest, ...signed, publicKeyDigest: publicKeyDigest(signed.certificate), sealed: sealedWith(signed.certificate) };
}

function keyLockOf({ spec, before, action }: KeyDecision, workshop: Workshop): KeyLock {
  if (before !== null && action === 'keep') return before;
  const key = materialOf(spec.name, workshop.materials);
  const [target, contents] = [{ ...spec, namespace: workshop.plan.namespace }, spec.contents === undefined ? {} : { contents: spec.contents }];
  if (spec.kind === 'serviceAccount') {
    const publicKey = publicPemOf(key);
    return { kind: spec.kind, name: spec.name, publicKey, ...contents, sealed: workshop.sealer({ ...target, key: 'sa.key' })({ key, publicKey }) };
  }
  const id = before?.kind === 'encryption' ? before.id : Buffer.from(workshop.entropy.bytes(8)).toString('hex');
  return { kind: spec.kind, name: spec.name, id, ...contents, sealed: workshop.sealer({ ...target, key: spec.name })({ key }) };
}

/** Whose Secrets this run makes anew. */
const sealedNames = ({ certificates, keys }: Decisions): string[] =>
  [...certificates.filter(({ spec }) => spec.sealed), ...keys].filter(({ action }) => action !== 'keep').map(({ spec }) => spec.name);

function materialOf(name: string, materials: Materials): Secret {
  const key = materials.get(name);
  if (key === undefined) throw new Error(`unreachable: no key was gathered for ${name}`);
  return key;
}

function reportOf(decisions: Decisions, lock: PkiLock): Issued[] {
  return [...decisions.certificates, ...decisions.keys].filter(({ action }) => action !== 'keep').map(({ spec, action, why }) => ({
    name: spec.name,
    action: action === 'issue' ? 'issued' : 'sealed',
    why: `${why}${action === 'issue' && 'issuer' in spec ? describeClamp(spec, certificateOf(lock, spec.name)) : ''}`,
  }));
}

function describeClamp(spec: CertificateSpec, { notBefore, notAfter }: CertificateLock): string {
  const wanted = addDays(new Date(notBefore), spec.days);
  return new Date(notAfter) < wanted ? `; ends with its authority ${spec.issuer ?? ''} on ${notAfter}, not after ${spec.days} days` : '';
}
