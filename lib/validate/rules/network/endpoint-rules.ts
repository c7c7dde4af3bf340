import type { ClusterDefinition } from '../../../model/definition.ts';
import { contains, parseAddress, parseCidr, type Address } from '../../../net.ts';
import type { Problem } from '../../../problem.ts';
import { DEFAULTS } from '../../../model/defaults.ts';
import { rangesOf } from './network-rules.ts';
import type { ClusterRule } from '../../rule.ts';
import { error, warning } from '../../say.ts';

/** How the API server is reached. */
export const ENDPOINT_RULES: readonly ClusterRule[] = [hostIsName, addressFits, addressIsUsable, familyFits, nodePortFits, portFits];

const NEEDS_ADDRESS: Readonly<Record<ClusterDefinition['endpoint']['expose']['type'], boolean>> = {
  loadBalancer: true, nodePort: true, gateway: true, dnsRoundRobin: false,
};

function hostIsName(...[{ name, endpoint }]: Parameters<ClusterRule>): Problem[] {
  if (!parseAddress(endpoint.host).ok) return [];
  return [error('endpoint/host', name, 'endpoint.host', {
    what: `endpoint.host ${endpoint.host} is an address.`,
    why: 'it stands in every kubeconfig and in the certificate as a name, and could never be moved to another address.',
    fix: 'write a DNS name, and the address in endpoint.address.',
  })];
}

function addressFits(...[{ name, endpoint }]: Parameters<ClusterRule>): Problem[] {
  const isNeeded = NEEDS_ADDRESS[endpoint.expose.type];
  if (isNeeded === undefined || isNeeded === (endpoint.address !== undefined)) return [];
  return [error('endpoint/address', name, 'endpoint.address', isNeeded ? {
    what: `the API server is exposed by ${endpoint.expose.type}, and endpoint.address is missing.`,
    why: `it stands in the certificate${endpoint.expose.type === 'gateway' ? '' : ', and is what the Service `kubernetes` inside the cluster leads to'}; it must be known before anything runs.`,
    fix: 'add the address that endpoint.host will have.',
  } : {
    what: `endpoint.address is ${endpoint.address}, but the API server is exposed by ${endpoint.expose.type}.`,
    why: 'with it every API server advertises an address of its own; one shared address would hide the others.',
    fix: 'remove endpoint.address, or expose the API server by a loadBalancer.',
  })];
}

const UNUSABLE: Readonly<Record<string, string>> = {
  '0.0.0.0/8': 'no address of a host', '127.0.0.0/8': 'a loopback address', '169.254.0.0/16': 'a link-local address', '224.0.0.0/4': 'a multicast address',
  '::/127': 'a loopback address, or none', 'fe80::/10': 'a link-local address', 'ff00::/8': 'a multicast address',
};

/** What kind of address cannot be an endpoint's; undefined for one that can. */
export function kindOfUnusable(address: Address): string | undefined {
  return Object.entries(UNUSABLE).find(([range]) => {
    const network = parseCidr(range);
    return network.ok && contains(network.value, address);
  })?.[1];
}

function addressIsUsable(...[{ name, endpoint }]: Parameters<ClusterRule>): Problem[] {
  const address = parseAddress(endpoint.address ?? '');
  if (!address.ok) return [];
  const kind = kindOfUnusable(address.value);
  if (kind === undefined) return [];
  return [error('endpoint/address', name, 'endpoint.address', {
    what: `endpoint.address ${endpoint.address} is ${kind}.`,
    why: 'Kubernetes refuses it as an endpoint, and no other machine could reach it.',
    fix: 'write the address at which nodes and clients reach the API server.',
  })];
}

function familyFits(...[{ name, endpoint, network }]: Parameters<ClusterRule>): Problem[] {
  const address = parseAddress(endpoint.address ?? '');
  const primary = rangesOf(network).find(({ holds }) => holds === 'services');
  // Behind a gateway that Service leads to another address.
  if (endpoint.expose.type === 'gateway' || !address.ok || primary === undefined || primary.network.family === address.value.family) return [];
  return [error('endpoint/address', name, 'endpoint.address', {
    what: `endpoint.address ${endpoint.address} is IPv${address.value.family}, but the first Service range ${primary.text} is IPv${primary.network.family}.`,
    why: 'the Service `kubernetes` has an address of the first family, and endpoints of the other one are not used.',
    fix: `write an IPv${primary.network.family} address, or the other Service range first.`,
  })];
}

function nodePortFits(...[{ name, endpoint: { expose } }, { meta }]: Parameters<ClusterRule>): Problem[] {
  const { from, to } = meta?.nodePortRange ?? DEFAULTS.nodePortRange;
  if (expose.type !== 'nodePort' || (expose.nodePort >= from && expose.nodePort <= to)) return [];
  return [error('endpoint/node-port-range', name, 'endpoint.expose.nodePort', {
    what: `node port ${expose.nodePort} is outside ${from}–${to}.`,
    why: `${meta === null ? 'Kubernetes' : `meta cluster ${meta.name}`} gives control planes only ports of that range.`,
    fix: `choose a free port from ${from} to ${to}.`,
  })];
}

function portFits(...[{ name, endpoint }, { meta }]: Parameters<ClusterRule>): Problem[] {
  const { expose, port, address } = endpoint;
  if (port === undefined) return [];
  const machine = [...(meta?.controlPlane ?? []), ...(meta?.workers ?? [])].find((candidate) => candidate.address === address);
  if (expose.type === 'nodePort' && machine !== undefined && port !== expose.nodePort) {
    return [error('endpoint/port', name, 'endpoint.port', {
      what: `endpoint.port is ${port}, but machine ${machine.name} at ${machine.address} serves the node port ${expose.nodePort}.`,
      why: 'nothing listens on the other port; only a balancer in front of the nodes could translate it.',
      fix: `remove endpoint.port, or write ${expose.nodePort}.`,
    })];
  }
  if (expose.type !== 'dnsRoundRobin' || port >= 1024) return [];
  return [warning('endpoint/port', name, 'endpoint.port', {
    what: `endpoint.port is ${port}, and clients reach the API server's Pods themselves.`,
    why: 'Pods do not run as root, and some container runtimes let only root listen below 1024.',
    fix: 'choose a port from 1024 on, such as 6443.',
  })];
}
