import { compareText } from '../model/manifest.ts';
import type { Delivery, Images, MetaClusterDefinition, MetaMachine } from '../model/definition.ts';
import type {
  ResolvedMetaCluster, ResolvedMetaComponents, ResolvedMetaEndpoint, ResolvedMetaImages, ResolvedMetaMachine, ResolvedMetaNetwork, ResolvedPlatform,
} from '../model/resolved-meta.ts';
import { META_DEFAULTS } from '../model/meta-defaults.ts';
import { nthAddress } from '../net.ts';
import { minorOf } from '../versions/version.ts';
import { resolveDelivery } from './delivery.ts';
import { imageResolver, placeOf } from './images.ts';
import { mergeJson } from './merge.ts';
import { resolveRuntime } from './runtime.ts';
import { resolveStorageClass } from './storage.ts';

/** Definition → resolved. The definition is valid; every question that it leaves open is answered here. */
export function resolveMeta(definition: MetaClusterDefinition, fleetImages: Images | undefined, delivery: Delivery | undefined): ResolvedMetaCluster {
  const endpoint = resolveEndpoint(definition.endpoint);
  const network = resolveNetwork(definition.network);
  const nodePortRange = definition.nodePortRange ?? META_DEFAULTS.nodePortRange;
  const { algorithm, leaf, authority } = META_DEFAULTS.certificates;
  const minor = minorOf(definition.kubernetes);
  const kubelet = mergeJson({ ...META_DEFAULTS.kubelet, clusterDNS: [network.dnsServiceIp], clusterDomain: network.dnsDomain }, definition.kubelet ?? {});
  return {
    name: definition.name,
    kubernetes: definition.kubernetes,
    minor,
    endpoint,
    network,
    ...resolveMachines(definition),
    kubelet,
    runtime: resolveRuntime(minor, kubelet, fleetImages, definition.images),
    kubeProxy: mergeJson(META_DEFAULTS.kubeProxy, definition.kubeProxy ?? {}),
    components: resolveComponents(definition.components, nodePortRange),
    images: resolveImages(definition.images, fleetImages),
    certificates: { algorithm, leaf, authority, apiserverHosts: apiserverHosts(definition) },
    platform: resolvePlatform(definition, fleetImages, delivery?.flux?.decryption === undefined),
    nodePortRange: { from: nodePortRange.from, to: nodePortRange.to },
    delivery: resolveDelivery(delivery),
  };
}

function resolveEndpoint({ host, port, address }: MetaClusterDefinition['endpoint']): ResolvedMetaEndpoint {
  return { host, port: port ?? META_DEFAULTS.port, address: address ?? null, machinePort: META_DEFAULTS.machinePort };
}

function resolveNetwork(network: MetaClusterDefinition['network']): ResolvedMetaNetwork {
  const services = [network.services].flat();
  return {
    pods: [network.pods].flat(),
    services,
    machines: network.machines,
    dnsDomain: network.dnsDomain ?? META_DEFAULTS.dnsDomain,
    dnsServiceIp: nthAddress(services[0] ?? '', 10),
  };
}

type Machines = Pick<ResolvedMetaCluster, 'controlPlane' | 'workers'>;

/** Machines with the control plane take other Pods only when there are no workers to take them. */
function resolveMachines({ controlPlane, workers = [] }: MetaClusterDefinition): Machines {
  const taints = workers.length > 0 ? META_DEFAULTS.controlPlaneTaints : [];
  const [first, ...others] = controlPlane.map((machine) => resolveMachine(machine, taints));
  if (first === undefined) throw new Error('a meta cluster without a control-plane machine passed validation');
  return { controlPlane: [first, ...others], workers: workers.map((machine) => resolveMachine(machine, [])) };
}

function resolveMachine(machine: MetaMachine, taints: ResolvedMetaMachine['taints']): ResolvedMetaMachine {
  return {
    name: machine.name,
    address: machine.address,
    labels: { ...machine.labels },
    taints: machine.taints?.map(({ key, value, effect }) => ({ key, value: value ?? '', effect })) ?? taints,
    kubeletArgs: kubeletArgs(machine),
  };
}

/** `node-ip` names the machine's own address, or both of them when the author says so; labels add up. */
function kubeletArgs({ address, labels = {}, kubeletArgs = {} }: MetaMachine): Record<string, string> {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`).sort(compareText);
  const nodeLabels = [...pairs, kubeletArgs['node-labels'] ?? ''].filter((part) => part !== '').join(',');
  return { 'node-ip': address, ...kubeletArgs, ...(nodeLabels === '' ? {} : { 'node-labels': nodeLabels }) };
}

type Range = ResolvedMetaCluster['nodePortRange'];

function resolveComponents(own: MetaClusterDefinition['components'], { from, to }: Range): ResolvedMetaComponents {
  const { apiserver, controllerManager, scheduler, etcd } = META_DEFAULTS.components;
  return {
    apiserver: { ...apiserver, 'service-node-port-range': `${from}-${to}`, ...own?.apiserver },
    controllerManager: { ...controllerManager, ...own?.controllerManager },
    scheduler: { ...scheduler, ...own?.scheduler },
    etcd: { ...etcd, ...own?.etcd },
  };
}

function resolveImages(own: Images | undefined, fleet: Images | undefined): ResolvedMetaImages {
  const { registry } = META_DEFAULTS;
  const repository = placeOf(fleet, own)(registry);
  return {
    repository,
    coreDnsRepository: `${repository}/coredns`,
    mirrored: repository !== registry,
    pullSecrets: own?.pullSecrets ?? fleet?.pullSecrets ?? [],
    pullPolicy: own?.pullPolicy ?? fleet?.pullPolicy ?? META_DEFAULTS.pullPolicy,
  };
}

/** The endpoint first; then each machine, so that a certificate stays good when clients come past the load balancer. */
function apiserverHosts({ endpoint, controlPlane }: MetaClusterDefinition): string[] {
  const machines = controlPlane.flatMap(({ name, address }) => [name, address]);
  const hosts = [endpoint.host, endpoint.address ?? endpoint.host, ...machines];
  return [...new Set(hosts)];
}

function resolvePlatform({ platform, images }: MetaClusterDefinition, fleetImages: Images | undefined, usesController: boolean): ResolvedPlatform {
  const { install = usesController, version = META_DEFAULTS.sealedSecretsVersion } = platform?.sealedSecrets ?? {};
  const image = imageResolver(fleetImages, images)('docker.io', 'bitnami/sealed-secrets-controller', version);
  return {
    sealedSecrets: install ? { version, image } : null,
    storageClasses: (platform?.storageClasses ?? []).map(resolveStorageClass),
  };
}
