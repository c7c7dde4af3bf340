import type { Problem, ProblemCode } from '../problem.ts';
import { dueFrom, isDue } from './dates.ts';
import { certificateFingerprint, specDigest } from './digest.ts';
import { keyDifference } from './issuing/decide.ts';
import { specDifferences } from './issuing/differences.ts';
import { lockMissing, lockOfAnotherCluster } from './lock.ts';
import { issueCommand, lockPlace } from './places.ts';
import type { CertificateLock, CertificateSpec, KeySpec, PkiLock, PkiPlan } from './plan.ts';
import type { Sealing } from './sealing.ts';
import { wronglyTyped } from './subject.ts';

/**
 * Whether the lock covers what the definition now needs. It reads no clock, so that the same commit always builds;
 * `dueCertificates` looks at the dates.
 */
export function checkLock(plan: PkiPlan, lock: PkiLock | null, sealing: Pick<Sealing, 'fingerprint'> | null): Problem[] {
  if (lock === null) return [lockMissing(plan.cluster)];
  if (lock.cluster !== plan.cluster) return [lockOfAnotherCluster(plan.cluster, lock.cluster)];
  const fingerprintOf = fingerprintOnce();
  return [
    ...checkNamespace(plan, lock),
    ...checkSealing(plan, lock, sealing),
    ...plan.certificates.flatMap((spec) => checkCertificate(spec, plan, lock, fingerprintOf)),
    ...plan.keys.flatMap((spec) => checkKey(spec, plan, lock)),
  ];
}

/** Certificates that have ended or soon will. For `check` and `pki status`; a build never asks what day it is. */
export function dueCertificates(plan: PkiPlan, lock: PkiLock, now: Date): Problem[] {
  const needed = neededOf(plan, lock);
  return needed.filter((certificate) => isDue(certificate, plan.renewBeforeDays, now)).map(({ spec, notAfter }) => {
    const ends = new Date(notAfter) < now ? 'ended' : 'ends';
    const signed = spec.issuer === null ? ', and with it all that it signed' : '';
    return problem(plan, 'pki/certificate-due', `certificates.${spec.name}`, `Certificate ${spec.name} ${ends} on ${notAfter}${signed}.`,
      'whoever is shown an ended certificate closes the connection.');
  });
}

/** When the first of them is; null when there is none. A later day need not look at the others before. */
export function firstDue(plan: PkiPlan, lock: PkiLock): string | null {
  const times = neededOf(plan, lock).map((certificate) => dueFrom(certificate, plan.renewBeforeDays).getTime());
  return times.length === 0 ? null : new Date(Math.min(...times)).toISOString();
}

function neededOf(plan: PkiPlan, lock: PkiLock): CertificateLock[] {
  const planned = new Set(plan.certificates.map((spec) => spec.name));
  return lock.certificates.filter(({ spec }) => planned.has(spec.name));
}

function checkNamespace(plan: PkiPlan, lock: PkiLock): Problem[] {
  if (lock.namespace === plan.namespace) return [];
  return [problem(plan, 'pki/namespace-differs', 'namespace',
    `Keys are sealed for the namespace ${lock.namespace}, and ${plan.cluster} is in ${plan.namespace}.`,
    'the controller refuses to open a sealed value in any other namespace.')];
}

function checkSealing(plan: PkiPlan, lock: PkiLock, sealing: Pick<Sealing, 'fingerprint'> | null): Problem[] {
  const { fingerprint } = lock.sealing;
  if (sealing === null || fingerprint === sealing.fingerprint) return [];
  return [problem(plan, 'pki/sealing-differs', 'sealing.fingerprint',
    `Keys are sealed to ${fingerprint.slice(0, 16)}…, and the fleet now names ${sealing.fingerprint.slice(0, 16)}….`,
    'whoever no longer has the earlier key cannot open them.')];
}

/** A few authorities sign all of them. */
function fingerprintOnce(): (pem: string) => string {
  const known = new Map<string, string>();
  return (pem) => {
    const fingerprint = known.get(pem) ?? certificateFingerprint(pem);
    known.set(pem, fingerprint);
    return fingerprint;
  };
}

function checkCertificate(spec: CertificateSpec, plan: PkiPlan, lock: PkiLock, fingerprintOf: (pem: string) => string): Problem[] {
  const find = (name: string) => lock.certificates.find((certificate) => certificate.spec.name === name);
  const path = `certificates.${spec.name}`;
  const issued = find(spec.name);
  if (issued === undefined) return [missing(plan, path, `certificate ${spec.name}`)];
  const differences = specDifferences(issued.spec, spec).map((difference) => difference.text).join('; ');
  if (differences !== '') return [differs(plan, path, `Certificate ${spec.name} is not what the definition needs: ${differences}.`)];
  const wrong = wronglyTyped(issued);
  if (wrong.length > 0) return [unreadable(plan, path, `Certificate ${spec.name} has ${wrong.join(', ')} in its subject as a string of a type that does not allow it.`)];

  const issuer = spec.issuer === null ? null : find(spec.issuer);
  if (issuer === undefined || issued.specDigest === specDigest(issued.spec, issuer?.certificate ?? null, fingerprintOf)) return [];
  const authority = spec.issuer ?? spec.name;
  return [differs(plan, path, `Certificate ${spec.name} was signed by another certificate of ${authority} than the one in the lock.`)];
}

function checkKey(spec: KeySpec, plan: PkiPlan, lock: PkiLock): Problem[] {
  const issued = lock.keys.find((key) => key.name === spec.name && key.kind === spec.kind);
  if (issued === undefined) return [missing(plan, `keys.${spec.name}`, `key ${spec.name}`)];
  const difference = keyDifference(issued, spec);
  return difference === '' ? [] : [differs(plan, `keys.${spec.name}`, `Key ${spec.name}, in the Secret ${issued.sealed.secret}: it ${difference}.`)];
}

function missing(plan: PkiPlan, path: string, what: string): Problem {
  return problem(plan, 'pki/certificate-missing', path, `The lock has no ${what}.`, 'the component that mounts it cannot start.');
}

function differs(plan: PkiPlan, path: string, what: string): Problem {
  return problem(plan, 'pki/certificate-differs', path, what,
    'those who connect would refuse it, or find a name or right that it should no longer have.');
}

function unreadable(plan: PkiPlan, path: string, what: string): Problem {
  return problem(plan, 'pki/certificate-differs', path, what, 'components of Kubernetes cannot read such a certificate, and refuse whoever shows it.');
}

function problem(plan: PkiPlan, code: ProblemCode, path: string, what: string, why: string): Problem {
  const fix = `run \`${issueCommand(plan.cluster)}\`, then commit the files it writes.`;
  return { code, severity: 'error', at: lockPlace(plan.cluster, path), what, why, fix };
}
