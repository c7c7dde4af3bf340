import type { Cni, ClusterDefinition, Images, KubeProxy, Network } from '../model/definition.ts';
import type { JsonObject, ResolvedNetwork, ResolvedNodes } from '../model/resolved.ts';
import type { ResolvedCni, ResolvedDns, ResolvedKubeProxy, ResolvedMetricsServer } from '../model/resolved-tenant.ts';
import { TENANT_DEFAULTS } from '../model/tenant-defaults.ts';
import { BITS, familyOf } from '../net.ts';
import { ADDON_RELEASES, RELEASES } from '../versions/releases.ts';
import { minorOf } from '../versions/version.ts';
import { imageResolver, type ImageResolver } from './images.ts';
import { mergeJson } from './merge.ts';
import { resolveNodeAccess } from './node-access.ts';
import { resolveResources } from './resources.ts';
import { resolveRuntime } from './runtime.ts';

/** What CNI plugins find: the network plugin with its images. */
export function resolveCni(given: Cni | undefined, image: ImageResolver): ResolvedCni {
  const { type } = given ?? TENANT_DEFAULTS.cni;
  if (type !== 'flannel') return { type };
  const backend = (given?.type === 'flannel' ? given.backend : undefined) ?? TENANT_DEFAULTS.cni.backend;
  return {
    type, backend,
    image: image('ghcr.io', 'flannel-io/flannel', `v${ADDON_RELEASES.flannel}`),
    pluginImage: image('ghcr.io', 'flannel-io/flannel-cni-plugin', `v${ADDON_RELEASES.flannelCniPlugin}`),
  };
}

/** kube-proxy goes with the kubelets: an older node gets the older one. */
export function resolveKubeProxy(given: KubeProxy | undefined, pods: readonly string[], version: string, image: ImageResolver): ResolvedKubeProxy | null {
  if (given?.enabled === false) return null;
  const mode = given?.mode ?? TENANT_DEFAULTS.kubeProxyMode;
  const own = {
    bindAddress: familyOf(pods[0] ?? '') === 6 ? '::' : '0.0.0.0',
    clientConnection: { kubeconfig: '/var/lib/kube-proxy/kubeconfig.conf' },
    clusterCIDR: pods.join(','),
    mode,
  };
  return { mode, configuration: mergeJson(own, (given?.configuration ?? {}) as JsonObject), image: image('registry.k8s.io', 'kube-proxy', `v${version}`) };
}

/** Release of the machines' kubelets: the cluster's own unless the author says otherwise. */
export const nodeVersion = ({ nodes, kubernetes }: ClusterDefinition): string => nodes?.kubernetes ?? kubernetes;

/** The kubelets' configuration, in which the network decides where DNS is and how many Pods fit, and that of their runtime. */
export function resolveNodes(definition: ClusterDefinition, network: ResolvedNetwork, fleetImages: Images | undefined): ResolvedNodes {
  const own = {
    ...TENANT_DEFAULTS.kubelet,
    clusterDNS: network.dnsServiceIps.slice(0, 1),
    clusterDomain: network.dnsDomain,
    maxPods: Math.min(TENANT_DEFAULTS.maxPods, addressesOf(network)),
  };
  const version = nodeVersion(definition);
  const minor = minorOf(version);
  const kubelet = mergeJson(own, (definition.nodes?.kubelet ?? {}) as JsonObject);
  return {
    kubernetes: version, minor, kubelet,
    runtime: resolveRuntime(minor, kubelet, fleetImages, definition.images),
    access: resolveNodeAccess(definition, imageResolver(fleetImages, definition.images)),
  };
}

/** Addresses that Pods of one node can have: the range without its own, the gateway's and the last. */
export function addressesOf({ pods, nodeMasks, allocateNodeRanges }: Pick<ResolvedNetwork, 'pods' | 'nodeMasks' | 'allocateNodeRanges'>): number {
  if (!allocateNodeRanges) return Number.POSITIVE_INFINITY;
  return Math.min(...pods.map((range, index) => 2 ** (BITS[familyOf(range)] - (nodeMasks[index] ?? 0)) - 3));
}

export function resolveDns({ dns = {}, kubernetes, mode }: ClusterDefinition, image: ImageResolver): ResolvedDns {
  const version = dns.version ?? RELEASES[minorOf(kubernetes)].coredns;
  const { requests, memoryLimit } = TENANT_DEFAULTS.dns;
  const limits = { memory: dns.resources?.requests?.memory ?? memoryLimit, ...dns.resources?.limits };
  return {
    version,
    image: dns.image ?? image('registry.k8s.io', 'coredns/coredns', `v${version}`),
    replicas: dns.replicas ?? TENANT_DEFAULTS.replicas[mode],
    corefile: dns.corefile ?? null,
    resources: resolveResources({ ...dns.resources, limits }, requests),
  };
}

export function resolveMetricsServer({ metricsServer = {}, mode }: ClusterDefinition, image: ImageResolver): ResolvedMetricsServer | null {
  if (metricsServer.enabled === false) return null;
  return {
    image: image('registry.k8s.io', 'metrics-server/metrics-server', `v${ADDON_RELEASES.metricsServer}`),
    replicas: metricsServer.replicas ?? TENANT_DEFAULTS.replicas[mode],
    args: metricsServer.args ?? {},
    resources: resolveResources(metricsServer.resources, TENANT_DEFAULTS.metricsServer),
  };
}

/** What a network is besides its ranges. */
export const resolvePlugins = (given: Network, version: string, image: ImageResolver): Pick<ResolvedNetwork, 'cni' | 'kubeProxy'> =>
  ({ cni: resolveCni(given.cni, image), kubeProxy: resolveKubeProxy(given.kubeProxy, [given.pods].flat(), version, image) });
