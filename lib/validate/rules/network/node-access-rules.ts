import type { ClusterDefinition, NodeAccess } from '../../../model/definition.ts';
import { agentHostOf, agentPortOf, DEFAULTS, portOf } from '../../../model/defaults.ts';
import { PORTS } from '../../../model/names.ts';
import { TENANT_DEFAULTS } from '../../../model/tenant-defaults.ts';
import { parseAddress } from '../../../net.ts';
import type { Problem } from '../../../problem.ts';
import type { ClusterRule } from '../../rule.ts';
import { error, warning } from '../../say.ts';

type Konnectivity = Extract<NodeAccess, { type: 'konnectivity' }>;

/** What the definition says of tunnels; null when nodes are reached in another way. */
export function tunnelsOf({ nodes }: ClusterDefinition): Konnectivity | null {
  const access: NodeAccess = nodes?.access ?? { type: 'konnectivity' };
  return access.type === 'konnectivity' ? access : null;
}

/** How agents on the nodes reach the control plane. */
export const NODE_ACCESS_RULES: readonly ClusterRule[] = [nodePortIsThere, nodePortFits, hostIsName, hostsDiffer, portsDiffer, podPortFits, podsAreRouted];

const WITHOUT_TUNNELS = 'kubectl logs and exec, webhooks and metrics would not work.';

/** A node port where the API server has one, and only there. */
function nodePortIsThere(...[cluster]: Parameters<ClusterRule>): Problem[] {
  const { name, endpoint: { expose } } = cluster;
  const tunnels = tunnelsOf(cluster);
  const isNeeded = expose.type === 'nodePort';
  if (tunnels === null || isNeeded === (tunnels.nodePort !== undefined)) return [];
  return [error('nodes/node-port', name, 'nodes.access.nodePort', isNeeded ? {
    what: 'the API server is exposed by nodePort, and nodes.access.nodePort is missing.',
    why: `agents on the nodes need a port of their own to dial; without it ${WITHOUT_TUNNELS}`,
    fix: 'add nodes: { access: { type: \'konnectivity\', nodePort: … } } with a free node port, or choose another access.',
  } : {
    what: `nodes.access.nodePort is ${tunnels.nodePort}, but the API server is exposed by ${expose.type}.`,
    why: 'there is no Service with node ports that could have it.',
    fix: 'remove it; nodes.access.port says what agents dial.',
  })];
}

function nodePortFits(...[cluster, { meta }]: Parameters<ClusterRule>): Problem[] {
  const { name, endpoint: { expose } } = cluster;
  const nodePort = tunnelsOf(cluster)?.nodePort;
  const { from, to } = meta?.nodePortRange ?? DEFAULTS.nodePortRange;
  if (nodePort === undefined || expose.type !== 'nodePort') return [];
  if (nodePort === expose.nodePort) {
    return [error('nodes/node-port', name, 'nodes.access.nodePort', {
      what: `nodes.access.nodePort ${nodePort} is that of the API server as well.`,
      why: 'a Service has each node port once, and Kubernetes refuses it.',
      fix: 'choose another free node port.',
    })];
  }
  return nodePort >= from && nodePort <= to ? [] : [error('endpoint/node-port-range', name, 'nodes.access.nodePort', {
    what: `node port ${nodePort} is outside ${from}–${to}.`,
    why: `${meta === null ? 'Kubernetes' : `meta cluster ${meta.name}`} gives control planes only ports of that range.`,
    fix: `choose a free port from ${from} to ${to}.`,
  })];
}

function hostIsName(...[cluster]: Parameters<ClusterRule>): Problem[] {
  const host = tunnelsOf(cluster)?.host;
  if (host === undefined || !parseAddress(host).ok) return [];
  return [error('nodes/host', cluster.name, 'nodes.access.host', {
    what: `nodes.access.host ${host} is an address.`,
    why: 'it stands in the certificate as a name, and could never be moved to another address.',
    fix: 'write a DNS name that leads where endpoint.host does, or remove it.',
  })];
}

/** A gateway looks at nothing but the name. */
function hostsDiffer(...[cluster]: Parameters<ClusterRule>): Problem[] {
  const { name, endpoint } = cluster;
  const tunnels = tunnelsOf(cluster);
  if (tunnels === null || endpoint.expose.type !== 'gateway' || agentHostOf(endpoint, tunnels.host) !== endpoint.host) return [];
  return [error('nodes/host', name, 'nodes.access.host', {
    what: `nodes.access.host ${endpoint.host} is endpoint.host as well, behind one gateway.`,
    why: 'the gateway tells API and tunnels apart by their names only.',
    fix: `remove it, and let konnectivity.${endpoint.host} lead to the gateway.`,
  })];
}

/** Node ports differ by a rule of their own; behind a gateway names do outside, and the Service's ports by a rule of theirs. */
function portsDiffer(...[cluster]: Parameters<ClusterRule>): Problem[] {
  const { name, endpoint } = cluster;
  const tunnels = tunnelsOf(cluster);
  if (tunnels === null || !['loadBalancer', 'dnsRoundRobin'].includes(endpoint.expose.type)) return [];
  const port = agentPortOf(endpoint, tunnels);
  if (port !== portOf(endpoint)) return [];
  return [error('nodes/port', name, tunnels.port === undefined ? 'endpoint.port' : 'nodes.access.port', {
    what: `agents dial port ${port}, which is the API's own.`,
    why: 'one Service cannot lead from one port to two servers.',
    fix: tunnels.port === undefined ? 'choose another endpoint.port, or set nodes.access.port.' : `choose another port, such as ${PORTS.konnectivityAgents}.`,
  })];
}

/** Where clients reach the Pods themselves, ports of the outside are ports in the Pod. */
function podPortFits(...[cluster]: Parameters<ClusterRule>): Problem[] {
  const { name, endpoint } = cluster;
  const tunnels = tunnelsOf(cluster);
  if (tunnels === null || endpoint.expose.type !== 'dnsRoundRobin') return [];
  const own: readonly number[] = [PORTS.konnectivityAdmin, PORTS.konnectivityHealth];
  const port = agentPortOf(endpoint, tunnels);
  const words = { why: 'the server of tunnels stops at its start.', fix: `choose another port; ${PORTS.konnectivityAgents} and ${DEFAULTS.ports.dnsRoundRobin} are the usual ones.` };
  return [
    ...(own.includes(portOf(endpoint)) ? [error('nodes/port', name, 'endpoint.port', { ...words, what: `endpoint.port ${portOf(endpoint)} is taken in the API server's Pod by konnectivity.` })] : []),
    ...(own.includes(port) ? [error('nodes/port', name, 'nodes.access.port', { ...words, what: `nodes.access.port ${port} is taken in the API server's Pod by konnectivity itself.` })] : []),
    ...(port >= 1024 && port <= 49151 ? [] : [error('nodes/port', name, 'nodes.access.port', { ...words, what: `nodes.access.port is ${port}, and the server of tunnels takes 1024 to 49151 only.` })]),
  ];
}

/** Addresses of an overlay are known to nodes only. */
function podsAreRouted(...[{ name, nodes, network }]: Parameters<ClusterRule>): Problem[] {
  const access = nodes?.access?.type ?? 'konnectivity';
  if (access === 'konnectivity' || (network.cni ?? TENANT_DEFAULTS.cni).type !== 'flannel') return [];
  return [warning('nodes/overlay', name, 'nodes.access', {
    what: `nodes are reached by ${access}, and Pods have addresses of flannel.`,
    why: 'nothing outside the nodes knows the way to those: webhooks, metrics-server and other extensions of the API time out.',
    fix: 'choose konnectivity, or a network.cni whose Pods are routed: routes, or a plugin of your own.',
  })];
}
