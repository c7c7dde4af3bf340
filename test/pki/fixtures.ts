import { issueCertificates, type IssueContext, type IssueResult } from '../../lib/pki/issuing/issue.ts';
import type { Keystore } from '../../lib/pki/keystore.ts';
import type { CertificateSpec, PkiLock, PkiPlan } from '../../lib/pki/plan.ts';
import { seededEntropy, testSealing } from '../support/pki.ts';

export const NOW = new Date('2026-03-01T10:00:00.123Z');
export const RECIPIENT = 'age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj';
export const SEALING = testSealing();

const leaf = { issuer: 'client-ca', organizations: [], usages: ['clientAuth'], dnsNames: [], ipAddresses: [], days: 365, sealed: true } as const;
const authority = { issuer: null, organizations: [], usages: [], dnsNames: [], ipAddresses: [], days: 3650 } as const;

/** A cluster in small: an authority whose key is delivered, one whose key is not, three leaves, both kinds of key. */
export const PLAN: PkiPlan = {
  cluster: 'prod',
  namespace: 'cp-prod',
  bits: 2048,
  renewBeforeDays: 90,
  certificates: [
    { ...authority, name: 'server-ca', commonName: 'kubernetes', secret: 'server-ca', sealed: false },
    { ...authority, name: 'client-ca', commonName: 'kubernetes-client-ca', secret: 'client-ca', sealed: true },
    { ...leaf, name: 'apiserver', issuer: 'server-ca', commonName: 'kube-apiserver', usages: ['serverAuth'], dnsNames: ['kubernetes', 'api.example.com'], ipAddresses: ['10.32.0.1', 'fd00::1', '::1'], secret: 'apiserver' },
    { ...leaf, name: 'scheduler', commonName: 'system:kube-scheduler', secret: 'scheduler' },
    { ...leaf, name: 'admin', commonName: 'kubernetes-admin', organizations: ['kubeadm:cluster-admins', 'staff'], secret: 'admin-kubeconfig' },
  ],
  keys: [
    { kind: 'serviceAccount', name: 'service-account', secret: 'service-account' },
    { kind: 'encryption', name: 'key1', bytes: 32, secret: 'encryption' },
  ],
};

/** The plan with one certificate changed. */
export function planWith(name: string, change: Partial<CertificateSpec>): PkiPlan {
  return { ...PLAN, certificates: PLAN.certificates.map((spec) => (spec.name === name ? { ...spec, ...change } : spec)) };
}

export function contextOf(change: Partial<IssueContext> = {}): IssueContext {
  return { now: NOW, entropy: seededEntropy('first'), sealing: SEALING.sealing, recipients: [RECIPIENT], ...change };
}

export type Success = Extract<IssueResult, { ok: true }>;

export async function issue(plan: PkiPlan, lock: PkiLock | null, keystore: Keystore | 'closed' | null, change: Partial<IssueContext> = {}): Promise<Success> {
  const result = await issueCertificates(plan, lock, keystore, contextOf(change));
  if (!result.ok) throw new Error(result.problems.map(({ code, what }) => `${code}: ${what}`).join('\n'));
  return result;
}

/** A cluster for which everything was issued on NOW. */
export async function issuedCluster(): Promise<{ readonly lock: PkiLock; readonly keystore: Keystore }> {
  const { lock, keystore } = await issue(PLAN, null, null);
  if (keystore === null) throw new Error('a new cluster has a keystore');
  return { lock, keystore };
}

export const days = (count: number): Date => new Date(NOW.getTime() + count * 86_400_000);

export const names = ({ issued }: Success): string[] => issued.map(({ name }) => name).toSorted();
