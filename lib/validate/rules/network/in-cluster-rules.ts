import type { ClusterDefinition, InCluster, MetaClusterDefinition } from '../../../model/definition.ts';
import { agentHostOf, inClusterAddressOf, inClusterHostOf, portOf } from '../../../model/defaults.ts';
import { PORTS } from '../../../model/names.ts';
import { contains, parseAddress, type Address } from '../../../net.ts';
import type { Problem } from '../../../problem.ts';
import type { ClusterRule } from '../../rule.ts';
import { error } from '../../say.ts';
import { kindOfUnusable } from './endpoint-rules.ts';
import { rangesOf } from './network-rules.ts';
import { tunnelsOf } from './node-access-rules.ts';

/** What the definition says of Pods' way to the API server; null where they need none of their own. */
export const inClusterGivenOf = ({ endpoint: { expose } }: ClusterDefinition): InCluster | null => (expose.type === 'gateway' ? expose.inCluster ?? {} : null);

/** How Pods reach an API server behind a gateway. */
export const IN_CLUSTER_RULES: readonly ClusterRule[] = [addressFits, hostFits, portFits];

const ADDRESS = 'endpoint.expose.inCluster.address';
const HOST = 'endpoint.expose.inCluster.host';

const unsaid = (given: string | undefined): string => (given === undefined ? ', as nothing else is said' : '');

function addressFits(...[cluster, { meta }]: Parameters<ClusterRule>): Problem[] {
  const given = inClusterGivenOf(cluster);
  if (given === null) return [];
  const text = inClusterAddressOf(cluster.network.services, given.address);
  const address = parseAddress(text);
  if (!address.ok) return [];
  const why = whyNot(cluster, meta, address.value);
  return why === null ? [] : [error('endpoint/in-cluster', cluster.name, ADDRESS, {
    what: `${ADDRESS} is ${text}${unsaid(given.address)}: ${why.what}`,
    why: why.why,
    fix: 'write another address, of the family of the first Service range, that no network around the nodes has.',
  })];
}

/** Every node has it for itself: what has the address elsewhere is out of the nodes' reach. */
function whyNot({ endpoint, network }: ClusterDefinition, meta: MetaClusterDefinition | null, address: Address): { readonly what: string; readonly why: string } | null {
  const kind = kindOfUnusable(address);
  if (kind !== undefined) return { what: `${kind}.`, why: 'Kubernetes refuses it as an endpoint of the Service `kubernetes`.' };
  const services = rangesOf(network).find(({ holds }) => holds === 'services');
  if (services !== undefined && services.network.family !== address.family) {
    return { what: `IPv${address.family}, but the first Service range ${services.text} is IPv${services.network.family}.`, why: 'the Service `kubernetes` has an address of the first family, and endpoints of the other one are not used.' };
  }
  const shared = parseAddress(endpoint.address ?? '');
  if (shared.ok && shared.value.family === address.family && shared.value.value === address.value) {
    return { what: 'that of the gateway.', why: 'each node would look for the gateway at itself, and never reach the API server.' };
  }
  const around = meta === null ? [] : rangesOf(meta.network).map((range) => ({ ...range, path: `meta cluster ${meta.name}'s ${range.path}` }));
  const range = [...rangesOf(network), ...around].find((candidate) => contains(candidate.network, address));
  return range === undefined ? null : { what: `an address of ${range.path} ${range.text}.`, why: 'each node has the address itself: whatever else it belongs to could not be reached from any node.' };
}

/** A gateway looks at nothing but the name. */
function hostFits(...[cluster]: Parameters<ClusterRule>): Problem[] {
  const { name, endpoint } = cluster;
  const given = inClusterGivenOf(cluster);
  if (given === null) return [];
  const host = inClusterHostOf(endpoint.host, given.host);
  const fix = given.host === undefined ? `write another name here, or in nodes.access.host.` : `remove it, and ${inClusterHostOf(endpoint.host, undefined)} is asked for; or write another name.`;
  const refuse = (what: string, why: string): Problem[] => [error('endpoint/in-cluster', name, HOST, { what: `${HOST} is ${host}${unsaid(given.host)}: ${what}.`, why, fix })];
  if (parseAddress(host).ok) return refuse('an address', 'it is sent as the server name of a connection, which an address cannot be.');
  const tunnels = tunnelsOf(cluster);
  const taken = [
    ['endpoint.host', endpoint.host],
    ...(tunnels === null ? [] : [['nodes.access.host', agentHostOf(endpoint, tunnels.host)]]),
  ].find(([, other]) => other === host);
  return taken === undefined ? [] : refuse(`that is ${taken[0]} as well`, 'the gateway tells by the name alone to which of them a connection leads.');
}

/** One Service is behind the gateway, with a port for each server in the API server's Pod. */
function portFits(...[cluster]: Parameters<ClusterRule>): Problem[] {
  const { name, endpoint } = cluster;
  const port = portOf(endpoint);
  const taken: readonly number[] = [PORTS.apiserverProxy, ...(tunnelsOf(cluster) === null ? [] : [PORTS.konnectivityAgents])];
  return inClusterGivenOf(cluster) === null || !taken.includes(port) ? [] : [error('endpoint/port', name, 'endpoint.port', {
    what: `endpoint.port is ${port}, which the Service behind the gateway has for another server.`,
    why: 'one Service cannot lead from one port to two servers, and Kubernetes refuses it.',
    fix: 'choose another port; 443 is the usual one.',
  })];
}
