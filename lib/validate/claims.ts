import type { ClusterDefinition, MetaClusterDefinition } from '../model/definition.ts';
import { portOf } from '../model/defaults.ts';
import { storagesOf } from './rules/etcd-rules.ts';
import { rangesOf } from './rules/network-rules.ts';

/** What only one member of the fleet may have. */
export type ClaimTopic = 'name' | 'host' | 'address' | 'node-port' | 'volume';

/** One thing that a cluster or a meta cluster takes for itself. */
export interface Claim {
  readonly topic: ClaimTopic;
  /** What is taken: two claims with one topic and one key are in conflict. */
  readonly key: string;
  /** The same, for a sentence. */
  readonly shown: string;
  readonly path: string;
  /** Claims that name the same sharer may stand together: clusters behind one Gateway have its address in common. */
  readonly shared?: string;
}

/** A network that is routed natively, and so must be there only once. */
export interface RoutedRange {
  readonly cidr: string;
  readonly path: string;
}

/** What one cluster or meta cluster takes, as plain JSON: it can be kept, so that an edit is judged without the others. */
export interface Claims {
  /** What problems call it: its name, or its place in the fleet. */
  readonly of: string;
  readonly kind: 'cluster' | 'meta';
  /** The meta cluster that a cluster runs in; its own name for a meta cluster. */
  readonly meta: string;
  readonly claims: readonly Claim[];
  readonly routed: readonly RoutedRange[];
}

/** What a cluster takes from what the fleet has in common. Its shape is right. */
export function claimsOf(cluster: ClusterDefinition): Claims {
  return {
    of: cluster.name,
    kind: 'cluster',
    meta: cluster.meta,
    claims: [
      { topic: 'name', key: cluster.name, shown: cluster.name, path: 'name' },
      { topic: 'host', key: cluster.endpoint.host, shown: cluster.endpoint.host, path: 'endpoint.host' },
      ...addressClaims(cluster),
      ...nodePortClaims(cluster),
      ...volumeClaims(cluster),
    ],
    routed: cluster.endpoint.expose.type === 'dnsRoundRobin' ? routedOf(cluster, ['pods']) : [],
  };
}

/** What a meta cluster takes. Its own ranges are routed where clusters with routable Pods live. */
export function metaClaimsOf(meta: MetaClusterDefinition): Claims {
  return {
    of: meta.name,
    kind: 'meta',
    meta: meta.name,
    claims: [
      { topic: 'name', key: meta.name, shown: meta.name, path: 'name' },
      { topic: 'host', key: meta.endpoint.host, shown: meta.endpoint.host, path: 'endpoint.host' },
    ],
    routed: routedOf(meta, ['pods', 'machines']),
  };
}

function routedOf({ network }: Pick<ClusterDefinition, 'network'> | Pick<MetaClusterDefinition, 'network'>, holds: readonly string[]): RoutedRange[] {
  return rangesOf(network).filter((range) => holds.includes(range.holds)).map(({ text, path }) => ({ cidr: text, path }));
}

function addressClaims({ meta, endpoint }: ClusterDefinition): Claim[] {
  if (endpoint.address === undefined) return [];
  const shown = `${endpoint.address.includes(':') ? `[${endpoint.address}]` : endpoint.address}:${portOf(endpoint)}`;
  const claim: Claim = { topic: 'address', key: `${meta} ${shown}`, shown, path: 'endpoint.address' };
  if (endpoint.expose.type !== 'gateway') return [claim];
  const { namespace, name } = endpoint.expose.gateway;
  return [{ ...claim, shared: `${namespace}/${name}` }];
}

function nodePortClaims({ meta, endpoint: { expose } }: ClusterDefinition): Claim[] {
  if (expose.type !== 'nodePort') return [];
  return [{ topic: 'node-port', key: `${meta} ${expose.nodePort}`, shown: String(expose.nodePort), path: 'endpoint.expose.nodePort' }];
}

function volumeClaims(cluster: ClusterDefinition): Claim[] {
  return storagesOf(cluster).flatMap(({ path, storage }) => (['local', 'hostPath'] as const).flatMap((kind) => {
    const { path: folder = '', hosts = [] } = storage[kind] ?? {};
    const plain = folder.replace(/(.)\/+$/, '$1');
    return hosts.map((host): Claim => ({
      topic: 'volume', key: `${cluster.meta} ${host} ${plain}`, shown: `${plain} on ${host}`, path: `${path}.storage.${kind}.path`,
    }));
  }));
}
