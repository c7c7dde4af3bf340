import type { ClusterDefinition, Delivery, Images, MetaClusterDefinition } from '../model/definition.ts';
import type { JsonObject, ResolvedCluster, ResolvedMetaView } from '../model/resolved.ts';
import { daysOf } from '../units.ts';
import { UPSTREAM_REGISTRY } from '../versions/releases.ts';
import { minorOf } from '../versions/version.ts';
import { resolveAddon } from './addons.ts';
import { resolveAudit, resolveCertificates, resolveEncryption } from './access.ts';
import { resolveBindings } from './bindings.ts';
import { resolveComponents } from './components.ts';
import { DEFAULTS } from '../model/defaults.ts';
import { resolveClusterDelivery } from './delivery.ts';
import { resolveEndpoint, resolveNetwork } from './endpoint.ts';
import { resolveDatastore, resolveEtcd } from './etcd.ts';
import { imageResolver, placeOf, type ImageResolver } from './images.ts';
import { resolveNamespace } from './namespaces.ts';
import { resolveQuota } from './quota.ts';
import { resolveTenantStorageClass } from './storage.ts';
import { nodeVersion, resolveDns, resolveMetricsServer, resolveNodes } from './tenant.ts';

/** What a cluster takes from the fleet around it. */
export interface Surroundings {
  readonly meta: ResolvedMetaView;
  readonly images: Images | undefined;
  readonly delivery: Delivery | undefined;
}

/** The part of a meta cluster that its clusters depend on: a change elsewhere in it re-renders none of them. */
export function metaView(meta: MetaClusterDefinition): ResolvedMetaView {
  return {
    name: meta.name,
    kubernetes: meta.kubernetes,
    minor: minorOf(meta.kubernetes),
    dnsDomain: meta.network.dnsDomain ?? DEFAULTS.dnsDomain,
    pods: [meta.network.pods].flat(),
    services: [meta.network.services].flat(),
    machines: meta.network.machines,
    machinesInPodRange: meta.network.machinesInPodRange ?? false,
  };
}

/** Definition → resolved. The definition is valid; every question that it leaves open is answered here. */
export function resolve(definition: ClusterDefinition, around: Surroundings): ResolvedCluster {
  const image = imageResolver(around.images, definition.images);
  const network = resolveNetwork(definition.network, nodeVersion(definition), image);
  const endpoint = resolveEndpoint(definition, image);
  const namespace = `cp-${definition.name}`;
  const etcd = resolveEtcd(definition, image);
  const nodes = resolveNodes(definition, network, around.images);
  const components = resolveComponents(definition, image, endpoint);
  return {
    name: definition.name,
    namespace,
    meta: around.meta,
    ring: definition.ring ?? DEFAULTS.ring,
    state: definition.state ?? 'running',
    mode: definition.mode,
    kubernetes: definition.kubernetes,
    minor: minorOf(definition.kubernetes),
    masterNodeSelector: { ...definition.masterNodeSelector },
    masterTolerations: definition.masterTolerations ?? [],
    images: {
      pullSecrets: definition.images?.pullSecrets ?? around.images?.pullSecrets ?? [],
      pullPolicy: definition.images?.pullPolicy ?? around.images?.pullPolicy ?? DEFAULTS.pullPolicy,
      repository: placeOf(around.images, definition.images)(UPSTREAM_REGISTRY),
      curl: imageOf(image, DEFAULTS.curlImage),
      rclone: imageOf(image, DEFAULTS.rcloneImage),
    },
    endpoint,
    network,
    nodes,
    dns: resolveDns(definition, image),
    metricsServer: resolveMetricsServer(definition, image),
    addons: (definition.addons ?? []).map(resolveAddon),
    etcd,
    datastore: resolveDatastore(definition, { namespace, dnsDomain: around.meta.dnsDomain, etcd }),
    components,
    audit: resolveAudit(definition.audit),
    authentication: {
      jwt: (definition.authentication?.jwt ?? []) as JsonObject[],
      anonymousPaths: definition.authentication?.anonymousPaths ?? DEFAULTS.anonymousPaths,
    },
    authorization: { webhooks: (definition.authorization?.webhooks ?? []) as ResolvedCluster['authorization']['webhooks'] },
    admission: {
      enable: definition.admission?.enable ?? [],
      disable: definition.admission?.disable ?? [],
      configuration: (definition.admission?.configuration ?? {}) as Record<string, JsonObject>,
    },
    encryption: resolveEncryption(definition.encryption),
    certificates: resolveCertificates(definition, { namespace, meta: around.meta, network, endpoint }),
    users: (definition.users ?? []).map((user) => ({
      name: user.name, groups: user.groups, days: daysOf(user.lifetime ?? definition.certificates?.leaf ?? DEFAULTS.certificates.leaf),
    })),
    bindings: resolveBindings(definition.bindings),
    namespaces: (definition.namespaces ?? []).map(resolveNamespace),
    storageClasses: (definition.storageClasses ?? []).map(resolveTenantStorageClass),
    quota: resolveQuota(definition.quota, { components, etcd, endpoint, nodes }),
    delivery: resolveClusterDelivery(around.delivery, definition, image),
  };
}

function imageOf(image: ImageResolver, reference: string): string {
  const [registry = '', ...rest] = reference.split('/');
  const [name = '', tag = ''] = rest.join('/').split(':');
  return image(registry, name, tag);
}
