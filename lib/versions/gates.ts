import type { Minor } from './minor.ts';
import { isAtLeast } from './version.ts';

/** A question about a version, by name, and the reason for its answer. */
interface Gate {
  readonly since: string;
  readonly until?: string;
  readonly because: string;
}

const GATES = {
  structuredAuthenticationV1: { since: '1.34', because: 'AuthenticationConfiguration is v1 from v1.34 on, v1beta1 before' },
  authorizationCacheSwitches: { since: '1.34', because: 'AuthorizationConfiguration takes cacheAuthorizedRequests and cacheUnauthorizedRequests from v1.34 on' },
  egressSelectorOfIssuers: { since: '1.34', because: 'a JWT issuer takes egressSelectorType from v1.34 on' },
  renamedStorageMetrics: { since: '1.34', because: 'v1.34 renamed labels and names of etcd and storage metrics (apiserver_resource_objects)' },
  configHashMetrics: { since: '1.34', because: 'apiserver_*_config_controller_last_config_info tells which configuration is loaded from v1.34 on' },
  etcdOverrideChecks: { since: '1.34', because: 'each server of --etcd-servers-overrides has a health check of its own from v1.34 on' },
  largeServiceRanges: { since: '1.34', because: 'Service ranges of more than 20 bits are refused while DisableAllocatorDualWrite is off, as it is before v1.34' },
  minCompatibilityVersion: { since: '1.35', because: '--min-compatibility-version came with v1.35' },
  gateDependencies: { since: '1.35', because: 'a gate that is on while one it depends on is off stops the process from v1.35 on' },
  requestheaderNamesNeeded: { since: '1.35', because: 'front-proxy and client authorities that overlap need --requestheader-allowed-names from v1.35 on' },
  tlsCurvePreferences: { since: '1.36', because: '--tls-curve-preferences came with v1.36' },
  auditAllGroups: { since: '1.36', because: 'audit rules take group "*" from v1.36 on' },
  egressServerName: { since: '1.36', because: 'tlsServerName of EgressSelectorConfiguration came with v1.36' },
  mutatingAdmissionPolicyV1: { since: '1.36', because: 'MutatingAdmissionPolicy is v1 from v1.36 on' },
  storageVersionMigrationV1alpha1: { since: '1.33', until: '1.35', because: 'storagemigration.k8s.io/v1alpha1 was removed in v1.35' },
} as const satisfies Record<string, Gate>;

/** A question that a chart may ask about a Kubernetes minor. */
export type KubernetesQuestion = keyof typeof GATES;

const ETCD_GATES = {
  featureGates: { since: '3.6', because: 'etcd has --feature-gates from 3.6 on; --experimental-* flags are deprecated with it' },
  stableWatchProgress: { since: '3.6', because: 'watch-progress-notify-interval lost its experimental- prefix in 3.6' },
  experimentalFlags: { since: '3.5', until: '3.7', because: '3.7 removed every --experimental-* flag' },
  etcdctlSnapshotRestore: { since: '3.5', until: '3.6', because: '3.6 moved snapshot restore and status from etcdctl to etcdutl' },
} as const satisfies Record<string, Gate>;

/** A question that a chart may ask about a version of etcd. */
export type EtcdQuestion = keyof typeof ETCD_GATES;

/** Whether this Kubernetes minor has what the question names. */
export const has = (minor: Minor, question: KubernetesQuestion): boolean => holds(GATES[question], minor);

/** Whether this version of etcd has what the question names. */
export const etcdHas = (version: string, question: EtcdQuestion): boolean => holds(ETCD_GATES[question], version);

/** Why: for comments, messages and `kubewright explain`. */
export const becauseOf = (question: KubernetesQuestion): string => GATES[question].because;

const holds = ({ since, until }: Gate, version: string): boolean =>
  isAtLeast(version, since) && (until === undefined || !isAtLeast(version, until));
