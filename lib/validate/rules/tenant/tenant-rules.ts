import type { ClusterDefinition } from '../../../model/definition.ts';
import { DEFAULTS } from '../../../model/defaults.ts';
import { TENANT_DEFAULTS } from '../../../model/tenant-defaults.ts';
import { BITS } from '../../../net.ts';
import type { Problem } from '../../../problem.ts';
import { SKEWS, skewOf } from '../../../versions/skew.ts';
import { isAtLeast, minorText, parseVersion } from '../../../versions/version.ts';
import type { ClusterRule } from '../../rule.ts';
import { error, warning } from '../../say.ts';
import { rangesOf } from '../network/network-rules.ts';
import { unsupported } from '../components/version-rules.ts';

/** What is inside a cluster: its nodes, and how Pods reach each other and Services. */
export const TENANT_RULES: readonly ClusterRule[] = [
  ({ name, nodes }) => (nodes?.kubernetes === undefined ? [] : unsupported(name, 'nodes.kubernetes', nodes.kubernetes)),
  kubeletSkew, proxyMode, withoutProxy, withoutRanges, maxPods,
];

/** The network of Pods that a cluster will have. */
export const cniOf = ({ network }: ClusterDefinition): string => network.cni?.type ?? TENANT_DEFAULTS.cni.type;

function kubeletSkew(...[{ name, kubernetes, nodes, components }]: Parameters<ClusterRule>): Problem[] {
  const [version, apiserver] = [nodes?.kubernetes ?? kubernetes, components?.apiserver?.version ?? kubernetes];
  if (parseVersion(version) === null || parseVersion(apiserver) === null) return [];
  const skew = skewOf('kubelet', version, apiserver);
  if (skew === 'allowed') return [];
  const isSaid = nodes?.kubernetes !== undefined;
  return [error('version/skew', name, isSaid ? 'nodes.kubernetes' : 'components.apiserver.version', {
    what: `kubelet ${version} is too ${skew === 'too-new' ? 'new' : 'old'} for kube-apiserver ${apiserver}.`,
    why: `a kubelet may be ${SKEWS.kubelet.older} minors older than the API server, and never newer: it would ask for APIs that are not there.`,
    fix: isSaid ? SKEW_FIXES[skew] : `set nodes.kubernetes to a release of v${minorText(apiserver)}, or remove components.apiserver.version.`,
  })];
}

const SKEW_FIXES = { 'too-new': 'remove nodes.kubernetes, or upgrade the cluster first.', 'too-old': 'upgrade the nodes before the cluster.' } as const;

function proxyMode(...[{ name, kubernetes, nodes, network }]: Parameters<ClusterRule>): Problem[] {
  const version = nodes?.kubernetes ?? kubernetes;
  if (network.kubeProxy?.mode !== 'ipvs' || parseVersion(version) === null || !isAtLeast(version, '1.35')) return [];
  return [warning('network/proxy-mode', name, 'network.kubeProxy.mode', {
    what: `kube-proxy of v${minorText(version)} is to use ipvs, which is deprecated since v1.35.`,
    why: 'a later release removes it, and all nodes would have to change at once.',
    fix: 'choose nftables on kernels of 5.13 or newer, or iptables.',
  })];
}

/** flanneld, and the routes of a network, bring packets to Pods; neither knows of Services. */
function withoutProxy(...[cluster]: Parameters<ClusterRule>): Problem[] {
  const cni = cniOf(cluster);
  if (cluster.network.kubeProxy?.enabled !== false || cni === 'none') return [];
  return [error('network/no-proxy', cluster.name, 'network.kubeProxy.enabled', {
    what: `kube-proxy is off, and the network is ${cni}.`,
    why: 'nobody would lead to Services: not to DNS, and not to the API server.',
    fix: 'remove enabled, or choose cni none and bring a network that serves Services.',
  })];
}

function withoutRanges(...[cluster]: Parameters<ClusterRule>): Problem[] {
  const cni = cniOf(cluster);
  if (cluster.network.allocateNodeRanges !== false || cni === 'none') return [];
  return [error('network/no-node-ranges', cluster.name, 'network.allocateNodeRanges', {
    what: `nodes get no Pod range, and the network is ${cni}.`,
    why: `${cni} gives a node's Pods addresses of the node's range, and waits for one for ever.`,
    fix: 'remove allocateNodeRanges, or choose cni none and bring a network that gives ranges itself.',
  })];
}

/** Of a node's range, three addresses are nobody's: its own, the gateway's, and the last. */
const TAKEN = 3;

function maxPods(...[cluster]: Parameters<ClusterRule>): Problem[] {
  const { network, nodes } = cluster;
  const wanted = nodes?.kubelet?.['maxPods'];
  if (typeof wanted !== 'number' || cniOf(cluster) === 'none') return [];
  return rangesOf(network).filter(({ holds }) => holds === 'pods').flatMap(({ network: { family } }) => {
    const mask = network.nodeMask?.[`ipv${family}`] ?? DEFAULTS.nodeMasks[family];
    const room = 2 ** (BITS[family] - mask) - TAKEN;
    return wanted <= room ? [] : [error('nodes/max-pods', cluster.name, 'nodes.kubelet.maxPods', {
      what: `a node takes ${wanted} Pods, and its /${mask} has addresses for ${room}.`,
      why: 'the others would be scheduled there, and never start for want of an address.',
      fix: `set maxPods to ${room} or less, or network.nodeMask.ipv${family} to a shorter prefix.`,
    })];
  });
}
