import { etcdHas } from './gates.ts';

/** What a key of etcd's configuration file takes. A duration is a number of nanoseconds there: `5s` stops etcd. */
export type SettingType = 'text' | 'number' | 'flag' | 'nanoseconds';

type Settings = Readonly<Record<string, SettingType>>;

const all = (type: SettingType, names: string): Settings => Object.fromEntries(names.split(' ').map((name) => [name, type]));

/** From `embed/config.go` of etcd 3.5.35 and 3.6.16. etcd ignores a key that it does not know, without a word. */
const COMMON: Settings = {
  ...all('text', 'auth-token auto-compaction-mode auto-compaction-retention backend-bbolt-freelist-type cors host-whitelist log-level log-rotation-config-json logger metrics tls-max-version tls-min-version'),
  ...all('number', 'auth-token-ttl backend-batch-limit bcrypt-cost election-timeout heartbeat-interval max-concurrent-streams max-request-bytes max-snapshots max-txn-ops max-wals snapshot-count'),
  ...all('flag', 'enable-grpc-gateway enable-log-rotation enable-pprof initial-election-tick-advance pre-vote strict-reconfig-check unsafe-no-fsync'),
  ...all('nanoseconds', 'backend-batch-interval grpc-keepalive-interval grpc-keepalive-min-time grpc-keepalive-timeout'),
};

const EXPERIMENTAL: Settings = {
  ...all('text', 'experimental-distributed-tracing-address experimental-distributed-tracing-instance-id experimental-distributed-tracing-service-name'),
  ...all('number', 'experimental-bootstrap-defrag-threshold-megabytes experimental-compaction-batch-limit experimental-distributed-tracing-sampling-rate experimental-snapshot-catch-up-entries'),
  ...all('flag', 'experimental-compact-hash-check-enabled experimental-enable-distributed-tracing experimental-enable-lease-checkpoint experimental-enable-lease-checkpoint-persist experimental-initial-corrupt-check experimental-memory-mlock experimental-stop-grpc-service-on-defrag experimental-txn-mode-write-with-shared-buffer'),
  ...all('nanoseconds', 'experimental-compact-hash-check-time experimental-compaction-sleep-interval experimental-corrupt-check-time experimental-downgrade-check-time experimental-warning-apply-duration experimental-watch-progress-notify-interval'),
};

/** 3.6 knows the experimental names too, and warns of them: only the lasting ones are offered. */
const LASTING: Settings = {
  ...all('text', 'distributed-tracing-address distributed-tracing-instance-id distributed-tracing-service-name feature-gates log-format'),
  ...all('number', 'bootstrap-defrag-threshold-megabytes compaction-batch-limit distributed-tracing-sampling-rate max-learners snapshot-catchup-entries'),
  ...all('flag', 'enable-distributed-tracing memory-mlock'),
  ...all('nanoseconds', 'compact-hash-check-time compaction-sleep-interval corrupt-check-time downgrade-check-time warning-apply-duration warning-unary-request-duration watch-progress-notify-interval'),
};

/** Keys that this version of etcd understands, beside those that follow from the definition. */
export const etcdSettings = (version: string): Settings => ({ ...COMMON, ...(etcdHas(version, 'featureGates') ? LASTING : EXPERIMENTAL) });
