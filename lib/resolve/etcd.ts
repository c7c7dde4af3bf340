import type { ClusterDefinition, Etcd, EtcdBackup, EtcdEvents, EtcdStorage } from '../model/definition.ts';
import { memberName, PORTS, type EtcdName } from '../model/names.ts';
import type { ResolvedBackup, ResolvedDatastore, ResolvedEtcd, ResolvedEventsEtcd, ResolvedStorage } from '../model/resolved.ts';
import { bytesQuantity, canonicalQuantity, quantityValue } from '../units.ts';
import { RELEASES } from '../versions/releases.ts';
import { minorOf } from '../versions/version.ts';
import { DEFAULTS } from '../model/defaults.ts';
import type { ImageResolver } from './images.ts';
import { resolveResources } from './resources.ts';

/** etcd's own registry: it has every release, while registry.k8s.io has only those that a Kubernetes release named. */
const ETCD_IMAGE = ['gcr.io', 'etcd-development/etcd'] as const;

/** The cluster's own etcd, or null when its datastore is somebody else's. */
export function resolveEtcd(definition: ClusterDefinition, image: ImageResolver): ResolvedEtcd | null {
  const given = definition.etcd;
  if (given === undefined) return null;
  const version = given.version ?? RELEASES[minorOf(definition.kubernetes)].etcd;
  const quota = canonicalQuantity(given.quota ?? DEFAULTS.quota);
  return {
    version,
    minor: version.split('.').slice(0, 2).join('.'),
    image: given.image ?? image(...ETCD_IMAGE, `v${version}`),
    members: resolveMembers(given.members, definition.mode),
    storage: resolveStorage(given.storage),
    quota,
    quotaBytes: quantityValue(quota),
    settings: given.settings ?? {},
    resources: resolveResources(given.resources, DEFAULTS.resources[definition.mode].etcd),
    backup: given.backup === undefined ? null : resolveBackup(given.backup, definition.name),
    withoutFinalSnapshot: given.withoutFinalSnapshot ?? null,
    defragmentation: given.defragmentation ?? null,
    upkeepResources: resolveResources(undefined, DEFAULTS.jobResources),
    events: given.events === undefined ? null : resolveEvents(given.events, definition.mode),
  };
}

function resolveEvents(given: EtcdEvents, mode: ClusterDefinition['mode']): ResolvedEventsEtcd {
  const quota = canonicalQuantity(given.quota ?? DEFAULTS.eventsQuota);
  return {
    members: resolveMembers(given.members, mode),
    storage: resolveStorage(given.storage),
    quota,
    quotaBytes: quantityValue(quota),
    resources: resolveResources(given.resources, DEFAULTS.resources[mode].events),
  };
}

function resolveMembers(given: Etcd['members'], mode: ClusterDefinition['mode']): ResolvedEtcd['members'] {
  return Array.from({ length: DEFAULTS.replicas[mode] }, (_, index) => ({ generation: given?.[index]?.generation ?? 0 }));
}

function resolveStorage(given: EtcdStorage): ResolvedStorage {
  if (given.claimTemplate !== undefined) {
    const { storageClass, size, requestedSize } = given.claimTemplate;
    return {
      type: 'claimTemplate', storageClass: storageClass ?? null,
      size: canonicalQuantity(size), requestedSize: canonicalQuantity(requestedSize ?? size),
    };
  }
  if (given.local !== undefined) return { type: 'local', ...given.local, size: canonicalQuantity(given.local.size) };
  if (given.hostPath !== undefined) return { type: 'hostPath', ...given.hostPath, size: canonicalQuantity(given.hostPath.size) };
  return {
    type: 'emptyDir', medium: given.emptyDir?.medium ?? '',
    sizeLimit: canonicalQuantity(given.emptyDir?.sizeLimit ?? DEFAULTS.emptyDirSize),
  };
}

function resolveBackup(given: EtcdBackup, cluster: string): ResolvedBackup {
  const common = { schedule: given.schedule, keep: given.keep ?? DEFAULTS.backupKeep };
  const { s3, persistentVolumeClaim: claim } = given.to;
  if (s3 !== undefined) {
    return { ...common, to: 's3', ...s3, region: s3.region ?? DEFAULTS.s3Region, prefix: s3.prefix ?? cluster };
  }
  return { ...common, to: 'persistentVolumeClaim', storageClass: claim?.storageClass ?? null, size: canonicalQuantity(claim?.size ?? bytesQuantity(0)) };
}

interface EtcdPlace {
  readonly namespace: string;
  readonly dnsDomain: string;
  readonly etcd: ResolvedEtcd | null;
}

/** The URLs that the API server is given: each member's own Service, so that its client balances by itself. */
export function resolveDatastore(definition: ClusterDefinition, place: EtcdPlace): ResolvedDatastore {
  const external = definition.datastore?.external;
  if (external !== undefined) {
    return {
      endpoints: external.endpoints, eventsEndpoints: [], prefix: external.prefix ?? DEFAULTS.etcdPrefix,
      credentials: external.credentials ?? null, external: true, networks: external.networks ?? [],
      compaction: external.compaction ?? 'apiserver',
    };
  }
  return {
    endpoints: memberUrls(place, 'etcd'),
    eventsEndpoints: place.etcd?.events == null ? [] : memberUrls(place, 'etcd-events'),
    prefix: DEFAULTS.etcdPrefix, credentials: null, external: false, networks: [], compaction: 'apiserver',
  };
}

function memberUrls({ namespace, dnsDomain, etcd }: EtcdPlace, name: EtcdName): string[] {
  return (etcd?.members ?? []).map((_, index) => `https://${memberName(name, index)}.${namespace}.svc.${dnsDomain}:${PORTS.etcdClient}`);
}
