import type { MetaMachine } from '../../../model/definition.ts';
import { contains, parseAddress } from '../../../net.ts';
import type { Problem } from '../../../problem.ts';
import { isWithin, parseVersion } from '../../../versions/version.ts';
import { META_ARGUMENT_RULES } from '../components/args-rules.ts';
import { META_CONFIG_RULES } from '../config/config-rules.ts';
import { machineNetworks, META_NETWORK_RULES } from '../network/network-rules.ts';
import { digestNames, labels, mirrorNames, registries } from '../components/pod-rules.ts';
import { repeatsOf, type MetaRule } from '../../rule.ts';
import { error } from '../../say.ts';
import { unsupported } from '../components/version-rules.ts';

/** Releases whose controllers break the StatefulSets that etcd runs in. */
const KNOWN_BUGS = [
  { first: '1.34.0', last: '1.34.1', mended: '1.34.2', because: 'it rolls every StatefulSet without a cause, and with them every etcd of every cluster (kubernetes#134773)' },
  { first: '1.35.0', last: '1.35.3', mended: '1.35.4', because: 'a StatefulSet whose update once failed never heals, and an etcd with it (kubernetes#137409)' },
] as const;

/** What may be wrong with a meta cluster. */
export const META_RULES: readonly MetaRule[] = [
  (meta) => unsupported(meta.name, 'kubernetes', meta.kubernetes),
  knownBug, controlPlaneSize, machinesAreUnique, machinesAreInTheirNetwork, endpointIsApart, nodePortRange, storageClassesAreUnique,
  ...META_NETWORK_RULES, ...META_ARGUMENT_RULES, ...META_CONFIG_RULES,
  (meta) => registries(meta.name, meta.images),
  (meta) => mirrorNames(meta.name, meta.images),
  (meta) => digestNames(meta.name, meta.images),
  (meta) => machinesOf(meta).flatMap(({ path, machine }) => labels(meta.name, `${path}.labels`, machine.labels)),
];

function machinesOf(meta: Parameters<MetaRule>[0]): { path: string; machine: MetaMachine }[] {
  return (['controlPlane', 'workers'] as const).flatMap((field) =>
    (meta[field] ?? []).map((machine, index) => ({ path: `${field}[${index}]`, machine })));
}

function knownBug(...[{ name, kubernetes }]: Parameters<MetaRule>): Problem[] {
  const bug = parseVersion(kubernetes) === null ? undefined : KNOWN_BUGS.find(({ first, last }) => isWithin(kubernetes, first, last));
  return bug === undefined ? [] : [error('meta/known-bug', name, 'kubernetes', {
    what: `Kubernetes ${kubernetes} has a bug that a meta cluster must not have.`,
    why: `${bug.because}.`,
    fix: `choose ${bug.mended} or newer.`,
  })];
}

function controlPlaneSize(...[{ name, controlPlane }]: Parameters<MetaRule>): Problem[] {
  if ([1, 3, 5].includes(controlPlane.length)) return [];
  return [error('meta/control-plane-size', name, 'controlPlane', {
    what: `the meta cluster has ${controlPlane.length} control-plane machines.`,
    why: 'each holds a member of its etcd; an even number survives no more losses than one machine less.',
    fix: 'name one, three or five machines.',
  })];
}

function machinesAreUnique(...[meta]: Parameters<MetaRule>): Problem[] {
  const machines = machinesOf(meta);
  return (['name', 'address'] as const).flatMap((field) => repeatsOf(machines.map(({ machine }) => machine[field])).map(({ index, first, value }) =>
    error('meta/duplicate-machine', meta.name, `${machines[index]?.path}.${field}`, {
      what: `${field} ${value} stands twice; the first is ${machines[first]?.path}.`,
      why: 'two machines would fight over one node.',
      fix: `correct the ${field}, or remove one of the machines.`,
    })));
}

function machinesAreInTheirNetwork(...[meta]: Parameters<MetaRule>): Problem[] {
  const networks = machineNetworks(meta);
  return machinesOf(meta).flatMap(({ path, machine }) => {
    const address = parseAddress(machine.address);
    if (!address.ok || networks.some((network) => contains(network, address.value))) return [];
    return [error('meta/machine-outside', meta.name, `${path}.address`, {
      what: `machine ${machine.name} at ${machine.address} is in none of network.machines.`,
      why: 'the network policies of control planes would keep it out.',
      fix: 'add its network to network.machines, or correct the address.',
    })];
  });
}

function endpointIsApart(...[meta]: Parameters<MetaRule>): Problem[] {
  if (!parseAddress(meta.endpoint.host).ok) return [];
  return [error('endpoint/host', meta.name, 'endpoint.host', {
    what: `endpoint.host ${meta.endpoint.host} is an address.`,
    why: 'it stands in every kubeconfig and in the certificate as a name, and could never be moved to another address.',
    fix: 'write a DNS name, and the address in endpoint.address.',
  })];
}

function nodePortRange(...[{ name, nodePortRange: range }]: Parameters<MetaRule>): Problem[] {
  if (range === undefined || range.from <= range.to) return [];
  return [error('meta/node-port-range', name, 'nodePortRange', {
    what: `nodePortRange.from ${range.from} is more than nodePortRange.to ${range.to}.`,
    why: 'no port is in such a range.',
    fix: 'write the smaller number in from.',
  })];
}

function storageClassesAreUnique(...[{ name, platform }]: Parameters<MetaRule>): Problem[] {
  const names = (platform?.storageClasses ?? []).map((storageClass) => storageClass.name);
  return repeatsOf(names).map(({ index, first, value }) => error('meta/duplicate-storage-class', name, `platform.storageClasses[${index}].name`, {
    what: `storage class ${value} stands twice; the first is platform.storageClasses[${first}].`,
    why: 'two manifests would want one object.',
    fix: 'choose another name, or remove one of them.',
  }));
}
