import type { ClusterDefinition } from '../model/definition.ts';
import { agentHostOf, agentPortOf, DEFAULTS } from '../model/defaults.ts';
import { PORTS } from '../model/names.ts';
import type { ResolvedNodeAccess } from '../model/resolved-access.ts';
import { RELEASES, UPSTREAM_REGISTRY } from '../versions/releases.ts';
import { minorOf } from '../versions/version.ts';
import type { ImageResolver } from './images.ts';
import { resolveResources } from './resources.ts';

/** How the API server reaches the nodes; behind a wall unless the definition says otherwise. */
export function resolveNodeAccess({ kubernetes, mode, endpoint, nodes }: ClusterDefinition, image: ImageResolver): ResolvedNodeAccess {
  const given = nodes?.access ?? { type: 'konnectivity' };
  if (given.type !== 'konnectivity') return given;
  const version = RELEASES[minorOf(kubernetes)].konnectivity;
  const program = (name: string): string => image(UPSTREAM_REGISTRY, `kas-network-proxy/${name}`, `v${version}`);
  const port = agentPortOf(endpoint, given);
  return {
    type: 'konnectivity',
    version,
    host: agentHostOf(endpoint, given.host),
    port,
    nodePort: given.nodePort ?? null,
    // Where names lead to the Pods themselves, nobody translates the port.
    podPort: endpoint.expose.type === 'dnsRoundRobin' ? port : PORTS.konnectivityAgents,
    serverImage: program('proxy-server'),
    agentImage: program('proxy-agent'),
    resources: resolveResources(given.resources, DEFAULTS.resources[mode].konnectivity),
    agentResources: resolveResources(given.agentResources, DEFAULTS.agentResources),
  };
}
