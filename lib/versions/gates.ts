import type { Minor } from './minor.ts';
import { isAtLeast } from './version.ts';

/** A question about a version, by name, and the reason for its answer. */
interface Gate {
  readonly since: string;
  readonly because: string;
}

/** What is asked about Kubernetes minors; a question that nobody asks any more goes. */
export const GATES = {
  etcdOverrideChecks: { since: '1.34', because: 'each server of --etcd-servers-overrides has a health check of its own from v1.34 on' },
  largeServiceRanges: { since: '1.34', because: 'Service ranges of more than 20 bits are refused while DisableAllocatorDualWrite is off, as it is before v1.34' },
} as const satisfies Record<string, Gate>;

/** A question that may be asked about a Kubernetes minor. */
export type KubernetesQuestion = keyof typeof GATES;

/** The same about versions of etcd. */
export const ETCD_GATES = {
  featureGates: { since: '3.6', because: 'etcd has --feature-gates from 3.6 on; --experimental-* flags are deprecated with it' },
} as const satisfies Record<string, Gate>;

/** A question that may be asked about a version of etcd. */
export type EtcdQuestion = keyof typeof ETCD_GATES;

/** Whether this Kubernetes minor has what the question names. */
export const has = (minor: Minor, question: KubernetesQuestion): boolean => isAtLeast(minor, GATES[question].since);

/** Whether this version of etcd has what the question names. */
export const etcdHas = (version: string, question: EtcdQuestion): boolean => isAtLeast(version, ETCD_GATES[question].since);
