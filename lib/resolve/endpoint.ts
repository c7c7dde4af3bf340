import type { Endpoint, Expose, Network } from '../model/definition.ts';
import type { ResolvedEndpoint, ResolvedExpose, ResolvedNetwork } from '../model/resolved.ts';
import { familyOf, nthAddress } from '../net.ts';
import { DEFAULTS, portOf } from '../model/defaults.ts';
import type { ImageResolver } from './images.ts';
import { resolvePlugins } from './tenant.ts';

/** Where the API server is reached, and how its replicas tell the tenant of their addresses. */
export function resolveEndpoint(given: Endpoint): ResolvedEndpoint {
  const expose = resolveExpose(given.expose);
  return {
    host: given.host,
    address: given.address ?? null,
    port: portOf(given),
    expose,
    reconciler: expose.type === 'dnsRoundRobin' ? 'lease' : 'none',
  };
}

function resolveExpose(given: Expose): ResolvedExpose {
  switch (given.type) {
    case 'loadBalancer':
      return { type: given.type, class: given.class ?? null, annotations: given.annotations ?? {}, sourceRanges: given.sourceRanges ?? [] };
    case 'nodePort':
      return given;
    case 'dnsRoundRobin':
      return { type: given.type, ttl: given.ttl ?? DEFAULTS.dnsTtlSeconds };
    case 'gateway':
      return { type: given.type, gateway: { ...given.gateway, listener: given.gateway.listener ?? null, proxyNamespace: given.gateway.proxyNamespace ?? given.gateway.namespace } };
  }
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
