import type { ConfigMap } from 'kubernetes-types/core/v1';
import { pkiFile, trustFile } from '../../lib/constructs/mounts.ts';
import { compareText } from '../../lib/model/manifest.ts';
import { toYaml } from '../../lib/yaml/serialize.ts';
import { everywhere } from '../../lib/net.ts';
import { labelsOf, memberHost, memberName, memberServiceHost, PATHS, PORTS, TLS, type EtcdName } from '../../lib/model/names.ts';
import type { ResolvedCluster, ResolvedEtcd, ResolvedEventsEtcd } from '../../lib/model/resolved.ts';
import { etcdHas } from '../../lib/versions/gates.ts';

/** One etcd of a cluster: the main one, or the one for events. */
export interface EtcdSubject {
  readonly cluster: ResolvedCluster;
  readonly name: EtcdName;
  readonly etcd: ResolvedEtcd;
  readonly own: ResolvedEventsEtcd;
}

type Settings = Record<string, string | number | boolean | readonly string[] | Readonly<Record<string, string | boolean>>>;

/** A configuration file for each member, under its Pod's name: what differs for one restarts nobody else. */
export function etcdConfigMap(subject: EtcdSubject): ConfigMap {
  const { cluster, name, own } = subject;
  const files = own.members.map((_, index) => [`${memberName(name, index)}.yaml`, toYaml(memberSettings(subject, index))]);
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `${name}-config`, namespace: cluster.namespace, labels: labelsOf(cluster.name, name) },
    data: Object.fromEntries(files),
  };
}

/** etcd reads nothing else: with a configuration file it ignores all flags. */
function memberSettings(subject: EtcdSubject, index: number): Settings {
  return withOverrides({ ...identityOf(subject, index), ...commonSettings(subject) }, subject.etcd.settings);
}

/** What is the same for all members: a change of it restarts them, one at a time. */
export function commonSettings({ cluster, name, etcd, own }: EtcdSubject): Settings {
  const here = everywhere(cluster.meta.pods);
  return withOverrides({
    'listen-client-urls': `https://${here}:${PORTS.etcdClient}`,
    'listen-peer-urls': `https://${here}:${PORTS.etcdPeer}`,
    // Health and metrics without a client certificate; the network policy keeps others out.
    'listen-metrics-urls': `http://${here}:${PORTS.etcdMetrics}`,
    'client-transport-security': transport(`${name}-server`, 'etcd-ca'),
    'peer-transport-security': transport(`${name}-peer`, 'etcd-peer-ca'),
    'quota-backend-bytes': own.quotaBytes,
    'snapshot-count': 10000,
    'strict-reconfig-check': true,
    'tls-min-version': 'TLS1.2',
    logger: 'zap',
    'log-outputs': ['stderr'],
    ...(cluster.datastore.compaction === 'datastore' ? { 'auto-compaction-mode': 'periodic', 'auto-compaction-retention': '30m' } : {}),
    ...(etcdHas(etcd.version, 'featureGates') ? STABLE : EXPERIMENTAL),
  }, etcd.settings);
}

/** Five seconds. In its configuration file etcd takes durations as nanoseconds only; `5s` stops it. */
const PROGRESS = 5_000_000_000;

/** A member that finds its data damaged must not serve; API servers read from caches that follow etcd's progress. */
const STABLE: Settings = { 'feature-gates': 'InitialCorruptCheck=true', 'watch-progress-notify-interval': PROGRESS };
const EXPERIMENTAL: Settings = { 'experimental-initial-corrupt-check': true, 'experimental-watch-progress-notify-interval': PROGRESS };

const transport = (secret: string, authority: string): Record<string, string | boolean> => ({
  'cert-file': pkiFile(secret, TLS.certificate),
  'key-file': pkiFile(secret, TLS.key),
  'trusted-ca-file': trustFile(authority),
  'client-cert-auth': true,
});

/** Who the member is. A replaced one joins the running cluster with an empty folder of its own. */
function identityOf({ cluster, name, own }: EtcdSubject, index: number): Settings {
  const { generation = 0 } = own.members[index] ?? {};
  const peerUrl = (member: number): string => `https://${memberHost(cluster, name, member)}:${PORTS.etcdPeer}`;
  return {
    name: memberName(name, index),
    'data-dir': `${PATHS.etcdData}/data${generation === 0 ? '' : `-${generation}`}`,
    'advertise-client-urls': `https://${memberServiceHost(cluster, name, index)}:${PORTS.etcdClient}`,
    'initial-advertise-peer-urls': peerUrl(index),
    'initial-cluster': own.members.map((_, member) => `${memberName(name, member)}=${peerUrl(member)}`).join(','),
    'initial-cluster-state': generation === 0 ? 'new' : 'existing',
    'initial-cluster-token': `${cluster.name}-${name}`,
  };
}

function withOverrides(settings: Settings, overrides: ResolvedEtcd['settings']): Settings {
  // In one order: a digest of these settings decides whether every member restarts.
  const sorted = Object.entries(overrides).sort(([a], [b]) => compareText(a, b));
  const merged = new Map<string, Settings[string] | null>([...Object.entries(settings), ...sorted]);
  return Object.fromEntries([...merged].filter((entry): entry is [string, Settings[string]] => entry[1] !== null));
}

