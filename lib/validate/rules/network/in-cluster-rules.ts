import type { ClusterDefinition, Expose } from '../../../model/definition.ts';
import { agentHostOf, inClusterAddressOf, inClusterHostOf } from '../../../model/defaults.ts';
import { contains, parseAddress, type Address } from '../../../net.ts';
import type { Problem } from '../../../problem.ts';
import type { ClusterRule } from '../../rule.ts';
import { error } from '../../say.ts';
import { kindOfUnusable } from './endpoint-rules.ts';
import { rangesOf } from './network-rules.ts';
import { tunnelsOf } from './node-access-rules.ts';

type InCluster = NonNullable<Extract<Expose, { type: 'gateway' }>['inCluster']>;

/** What the definition says of Pods' way to the API server; null where they need none of their own. */
export const inClusterOf = ({ endpoint: { expose } }: ClusterDefinition): InCluster | null => (expose.type === 'gateway' ? expose.inCluster ?? {} : null);

/** How Pods reach an API server behind a gateway. */
export const IN_CLUSTER_RULES: readonly ClusterRule[] = [addressFits, hostFits];

const ADDRESS = 'endpoint.expose.inCluster.address';
const HOST = 'endpoint.expose.inCluster.host';

function addressFits(...[cluster]: Parameters<ClusterRule>): Problem[] {
  const given = inClusterOf(cluster);
  const text = inClusterAddressOf(cluster.network.services, given?.address);
  const address = parseAddress(text);
  if (given === null || !address.ok) return [];
  const why = whyNot(cluster, address.value);
  return why === null ? [] : [error('endpoint/in-cluster', cluster.name, ADDRESS, {
    what: `${ADDRESS} is ${text}${given.address === undefined ? ', as nothing else is said' : ''}: ${why.what}`,
    why: why.why,
    fix: 'write another address, of the family of the first Service range, that no network around the nodes has.',
  })];
}

/** Every node has it for itself: what has the address elsewhere is out of the nodes' reach. */
function whyNot({ endpoint, network }: ClusterDefinition, address: Address): { readonly what: string; readonly why: string } | null {
  const kind = kindOfUnusable(address);
  if (kind !== undefined) return { what: `${kind}.`, why: 'Kubernetes refuses it as an endpoint of the Service `kubernetes`.' };
  const services = rangesOf(network).find(({ holds }) => holds === 'services');
  if (services !== undefined && services.network.family !== address.family) {
    return { what: `IPv${address.family}, but the first Service range ${services.text} is IPv${services.network.family}.`, why: 'the Service `kubernetes` has an address of the first family, and endpoints of the other one are not used.' };
  }
  const range = rangesOf(network).find((candidate) => contains(candidate.network, address));
  if (range !== undefined) return { what: `an address of ${range.path} ${range.text}.`, why: 'each node has the address itself: whatever else it belongs to could not be reached from any node.' };
  const shared = parseAddress(endpoint.address ?? '');
  if (!shared.ok || shared.value.family !== address.family || shared.value.value !== address.value) return null;
  return { what: 'that of the gateway.', why: 'each node would look for the gateway at itself, and never reach the API server.' };
}

/** A gateway looks at nothing but the name. */
function hostFits(...[cluster]: Parameters<ClusterRule>): Problem[] {
  const { name, endpoint } = cluster;
  const given = inClusterOf(cluster);
  if (given === null) return [];
  const host = inClusterHostOf(endpoint.host, given.host);
  const refuse = (what: string, why: string): Problem[] => [error('endpoint/in-cluster', name, HOST, {
    what: `${HOST} ${host} is ${what}.`, why, fix: `remove it, and ${`kubernetes.${endpoint.host}`} is asked for; or write another name.`,
  })];
  if (parseAddress(host).ok) return refuse('an address', 'it is sent as the server name of a connection, which an address cannot be.');
  const tunnels = tunnelsOf(cluster);
  const taken = [
    ['endpoint.host', endpoint.host],
    ...(tunnels === null ? [] : [['nodes.access.host', agentHostOf(endpoint, tunnels.host)]]),
  ].find(([, other]) => other === host);
  return taken === undefined ? [] : refuse(`${taken[0]} as well`, 'the gateway tells by the name alone to which of them a connection leads.');
}
