import type { ClusterDefinition, Expose, InCluster, Network } from '../model/definition.ts';
import type { ResolvedNetwork } from '../model/resolved.ts';
import type { ResolvedEndpoint, ResolvedExpose, ResolvedInCluster } from '../model/resolved-endpoint.ts';
import { familyOf, nthAddress } from '../net.ts';
import { DEFAULTS, inClusterAddressOf, inClusterHostOf, portOf } from '../model/defaults.ts';
import { ADDON_RELEASES } from '../versions/releases.ts';
import type { ImageResolver } from './images.ts';
import { resolveResources } from './resources.ts';
import { resolvePlugins } from './tenant.ts';

/** Where the API server is reached, and how its replicas tell the tenant of their addresses. */
export function resolveEndpoint(definition: ClusterDefinition, image: ImageResolver): ResolvedEndpoint {
  const { endpoint } = definition;
  const expose = resolveExpose(endpoint.expose, definition, image);
  return {
    host: endpoint.host,
    address: endpoint.address ?? null,
    port: portOf(endpoint),
    expose,
    reconciler: expose.type === 'dnsRoundRobin' ? 'lease' : 'none',
  };
}

function resolveExpose(given: Expose, definition: ClusterDefinition, image: ImageResolver): ResolvedExpose {
  switch (given.type) {
    case 'loadBalancer':
      return { type: given.type, class: given.class ?? null, annotations: given.annotations ?? {}, sourceRanges: given.sourceRanges ?? [] };
    case 'nodePort':
      return given;
    case 'dnsRoundRobin':
      return { type: given.type, ttl: given.ttl ?? DEFAULTS.dnsTtlSeconds };
    case 'gateway':
      return {
        type: given.type,
        gateway: { ...given.gateway, listener: given.gateway.listener ?? null, proxyNamespace: given.gateway.proxyNamespace ?? given.gateway.namespace },
        inCluster: resolveInCluster(given.inCluster ?? {}, definition, image),
      };
  }
}

function resolveInCluster(given: InCluster, { mode, endpoint, network }: ClusterDefinition, image: ImageResolver): ResolvedInCluster {
  return {
    host: inClusterHostOf(endpoint.host, given.host),
    address: inClusterAddressOf(network.services, given.address),
    image: image('docker.io', 'ghostunnel/ghostunnel', `v${ADDON_RELEASES.ghostunnel}`),
    resources: resolveResources(given.resources, DEFAULTS.resources[mode].proxy),
    agentResources: resolveResources(given.agentResources, DEFAULTS.agentResources),
  };
}

/** Ranges and what follows from them, and who serves them. The DNS address is the tenth of the Service range, the API's the first. */
export function resolveNetwork(given: Network, version: string, image: ImageResolver): ResolvedNetwork {
  const pods = [given.pods].flat();
  const services = [given.services].flat();
  const masks = { 4: given.nodeMask?.ipv4 ?? DEFAULTS.nodeMasks[4], 6: given.nodeMask?.ipv6 ?? DEFAULTS.nodeMasks[6] };
  return {
    pods,
    services,
    apiServiceIps: services.map((range) => nthAddress(range, 1)),
    dnsServiceIps: services.map((range) => nthAddress(range, 10)),
    dnsDomain: given.dnsDomain ?? DEFAULTS.dnsDomain,
    nodeMasks: pods.map((range) => masks[familyOf(range)]),
    allocateNodeRanges: given.allocateNodeRanges ?? true,
    ...resolvePlugins(given, version, image),
  };
}
