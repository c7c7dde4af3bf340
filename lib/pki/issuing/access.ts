import type { Problem } from '../../problem.ts';
import { someOf } from '../../validate/say.ts';
import { didYouMean } from '../../validate/suggest.ts';
import { userCertificate } from '../certificates.ts';
import { toSeconds } from '../dates.ts';
import { publicKeyDigest, specDigest } from '../digest.ts';
import { discoveryBundle } from '../credentials/discovery.ts';
import { kubeconfigWithKey } from '../credentials/kubeconfig.ts';
import type { Keystore } from '../keystore.ts';
import { issueCommand, lockPlace } from '../places.ts';
import { certificateOf, type CertificateLock, type CertificateSpec, type PkiLock, type PkiPlan } from '../plan.ts';
import { Secret } from '../secret.ts';
import type { Entropy } from './entropy.ts';
import { checkNeeds } from './needs.ts';
import { signCertificate } from './sign.ts';
import { verifyLock } from './verify.ts';

/** Who wants in, where the API server is for them, and for how long. */
export interface AccessOrder {
  readonly user: string;
  readonly server: string;
  /** Name in the server's certificate, when it is not that of `server`. */
  readonly tlsServerName?: string;
  readonly seconds: number;
  readonly now: Date;
  readonly entropy: Entropy;
}

export type IssuedAccess =
  | {
      readonly ok: true;
      /** As the API server knows them. */
      readonly user: string;
      readonly groups: readonly string[];
      readonly notAfter: string;
      readonly kubeconfig: Secret;
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * A kubeconfig of a user whom the definition names, or of an administrator. The key of the user's certificate in the
 * lock is known to nobody, so this one is new, with the same name and groups. It is kept nowhere, and ends soon:
 * Kubernetes cannot take a certificate back.
 */
export async function issueAccess(plan: PkiPlan, lock: PkiLock, keystore: Keystore, order: AccessOrder): Promise<IssuedAccess> {
  const spec = usersOf(plan).get(order.user);
  if (spec === undefined) return { ok: false, problems: [unknownUser(plan, order.user)] };
  const authority = certificateOf(lock, spec.issuer ?? spec.name);
  const problems = checkAuthority(authority, lock, keystore, order.now);
  if (problems.length > 0) return { ok: false, problems };

  const { server, tlsServerName, entropy } = order;
  const key = new Secret((await entropy.rsaKeyPair(plan.bits)).privateKeyPem);
  const { certificate, notAfter } = certify(spec, key, { authority, lock, keystore, order });
  const target = { cluster: plan.cluster, server, user: spec.commonName, ...(tlsServerName === undefined ? {} : { tlsServerName }) };
  const kubeconfig = kubeconfigWithKey({ ...target, caPem: discoveryBundle(lock), certPem: certificate, key });
  return { ok: true, user: spec.commonName, groups: spec.organizations, notAfter, kubeconfig };
}

/** Certificates of every control plane that people hold. */
const ADMINISTRATORS = ['admin', 'super-admin'];

/** Those who may have a kubeconfig, by the name that one asks for. A user of the definition comes before an administrator of the same name, who may do more. */
function usersOf(plan: PkiPlan): ReadonlyMap<string, CertificateSpec> {
  const administrators = plan.certificates.filter(({ name }) => ADMINISTRATORS.includes(name)).map((spec) => [spec.name, spec] as const);
  const users = plan.certificates.filter(({ name, commonName }) => name === userCertificate(commonName)).map((spec) => [spec.commonName, spec] as const);
  return new Map([...administrators, ...users]);
}

interface Bench {
  readonly authority: CertificateLock;
  readonly lock: PkiLock;
  readonly keystore: Keystore;
  readonly order: AccessOrder;
}

function certify(spec: CertificateSpec, key: Secret, { authority, lock, keystore, order }: Bench): CertificateLock {
  const signer = keystore.keys.get(authority.spec.name);
  if (signer === undefined) throw new Error(`unreachable: the keystore of ${lock.cluster} was not checked for ${authority.spec.name}`);
  const now = toSeconds(order.now);
  const until = new Date(now.getTime() + order.seconds * 1000);
  const signed = signCertificate({ spec, key, issuer: { issued: authority, key: signer }, now, until, entropy: order.entropy });
  const issued = { spec, specDigest: specDigest(spec, authority.certificate), ...signed, publicKeyDigest: publicKeyDigest(signed.certificate), sealed: null };
  verifyLock({ ...lock, certificates: [authority, issued] }, new Map([[spec.name, key]]));
  return issued;
}

function checkAuthority(authority: CertificateLock, lock: PkiLock, keystore: Keystore, now: Date): Problem[] {
  const { spec: { name }, notAfter } = authority;
  const lost = checkNeeds({ existing: [name], added: [] }, { cluster: lock.cluster, lock, keystore, recipients: { before: [], next: [] } });
  return now < new Date(notAfter) ? lost : [...lost, authorityEnded(lock.cluster, name, notAfter)];
}

function authorityEnded(cluster: string, name: string, notAfter: string): Problem {
  return {
    code: 'pki/certificate-due', severity: 'error', at: lockPlace(cluster, `certificates.${name}`),
    what: `Certificate ${name} ended on ${notAfter}, and with it all that it signed.`,
    why: 'the API server would refuse whatever it signs now.',
    fix: `run \`${issueCommand(cluster, '--identity FILE')}\`, then commit the files it writes.`,
  };
}

function unknownUser(plan: PkiPlan, user: string): Problem {
  const { cluster } = plan;
  const names = [...usersOf(plan).keys()];
  return {
    code: 'pki/unknown-user', severity: 'error', at: { of: cluster, path: 'users' },
    what: `${cluster} has no user ${user}.${didYouMean(user, names)}`,
    why: 'who may get in is said in the definition, where it is reviewed.',
    fix: `choose one of: ${someOf(names)}; or add the user to the definition's \`users\`.`,
  };
}
