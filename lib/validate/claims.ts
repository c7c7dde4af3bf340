import type { ClusterDefinition, MetaClusterDefinition } from '../model/definition.ts';
import { agentHostOf, agentPortOf, inClusterHostOf, portOf } from '../model/defaults.ts';
import { withPort } from '../net.ts';
import { storagesOf } from './rules/etcd/etcd-rules.ts';
import { rangesOf } from './rules/network/network-rules.ts';
import { tunnelsOf } from './rules/network/node-access-rules.ts';

/** What only one member of the fleet may have. */
export type ClaimTopic = 'name' | 'host' | 'address' | 'node-port' | 'volume' | 'object';

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
  /** What is known only of what was made for it. Absent until it is. */
  readonly made?: Made;
}

/** What an owner's manifests take. */
export interface Made {
  /** Bytes of what Argo CD delivers it with: the root of its meta cluster reads that of all its clusters. */
  readonly rootBytes: number;
  /** Objects for the API server of the meta cluster, outside a namespace of its own: `Application.argoproj.io argocd/prod-tenant`. */
  readonly objects: readonly string[];
}

/** Everything that it takes for itself; whoever shares a name of an object has chosen that of the cluster or meta cluster. */
export function allClaimsOf({ meta, claims, made }: Claims): readonly Claim[] {
  return made === undefined ? claims : [...claims, ...made.objects.map((shown): Claim => ({ topic: 'object', key: `${meta} ${shown}`, shown, path: 'name' }))];
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
      ...agentClaims(cluster),
      ...inClusterClaims(cluster),
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

function addressClaims(cluster: ClusterDefinition): Claim[] {
  const { endpoint: { address, expose } } = cluster;
  if (address === undefined) return [];
  const claim = addressClaim(cluster, address, portOf(cluster.endpoint), 'endpoint.address');
  if (expose.type !== 'gateway') return [claim];
  const { namespace, name } = expose.gateway;
  return [{ ...claim, shared: `${namespace}/${name}` }];
}

function addressClaim({ meta }: ClusterDefinition, address: string, port: number, path: string): Claim {
  const shown = withPort(address, port);
  return { topic: 'address', key: `${meta} ${shown}`, shown, path };
}

/** What agents dial: a second port of the address, or a second name behind the gateway. */
function agentClaims(cluster: ClusterDefinition): Claim[] {
  const { endpoint } = cluster;
  const tunnels = tunnelsOf(cluster);
  if (tunnels === null) return [];
  const host = agentHostOf(endpoint, tunnels.host);
  if (endpoint.expose.type === 'gateway') return [{ topic: 'host', key: host, shown: host, path: 'nodes.access.host' }];
  if (endpoint.address === undefined) return [];
  return [addressClaim(cluster, endpoint.address, agentPortOf(endpoint, tunnels), 'nodes.access.port')];
}

/** Behind a gateway Pods' connections have a name of their own. */
function inClusterClaims({ endpoint: { host, expose } }: ClusterDefinition): Claim[] {
  if (expose.type !== 'gateway') return [];
  const key = inClusterHostOf(host, expose.inCluster?.host);
  return [{ topic: 'host', key, shown: key, path: 'endpoint.expose.inCluster.host' }];
}

function nodePortClaims(cluster: ClusterDefinition): Claim[] {
  const { meta, endpoint: { expose } } = cluster;
  if (expose.type !== 'nodePort') return [];
  const ports = [{ port: expose.nodePort, path: 'endpoint.expose.nodePort' }, { port: tunnelsOf(cluster)?.nodePort, path: 'nodes.access.nodePort' }];
  return ports.flatMap(({ port, path }) => (port === undefined ? [] : [{ topic: 'node-port', key: `${meta} ${port}`, shown: String(port), path }]));
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
