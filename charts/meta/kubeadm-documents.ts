import type { JsonObject } from '../../lib/model/resolved.ts';
import type { ResolvedMetaCluster, ResolvedMetaMachine } from '../../lib/model/resolved-meta.ts';

const KUBEADM_API = 'kubeadm.k8s.io/v1beta4';

/** Where an operator puts the kubeconfig with a short-lived token, so that no token stands in git. */
export const DISCOVERY_FILE = '/etc/kubernetes/discovery.conf';

/** The four documents with which `kubeadm init` makes the cluster on its first machine. */
export function initDocuments(meta: ResolvedMetaCluster, machine: ResolvedMetaMachine): JsonObject[] {
  return [initConfiguration(meta, machine), clusterConfiguration(meta), kubeletConfiguration(meta), kubeProxyConfiguration(meta)];
}

/** What `kubeadm join` reads on a further machine; the rest comes from the cluster. */
export function joinConfiguration(meta: ResolvedMetaCluster, machine: ResolvedMetaMachine, role: 'controlPlane' | 'worker'): JsonObject {
  return {
    apiVersion: KUBEADM_API,
    kind: 'JoinConfiguration',
    discovery: { file: { kubeConfigPath: DISCOVERY_FILE } },
    nodeRegistration: nodeRegistration(meta, machine),
    ...(role === 'controlPlane' ? { controlPlane: { localAPIEndpoint: localEndpoint(meta, machine) } } : {}),
  };
}

/** kubeadm makes one bootstrap token in any case: this one is random, is in no file, and is gone within the hour. */
function initConfiguration(meta: ResolvedMetaCluster, machine: ResolvedMetaMachine): JsonObject {
  return {
    apiVersion: KUBEADM_API,
    kind: 'InitConfiguration',
    bootstrapTokens: [{ ttl: '1h0m0s', usages: ['signing', 'authentication'], groups: ['system:bootstrappers:kubeadm:default-node-token'] }],
    localAPIEndpoint: localEndpoint(meta, machine),
    nodeRegistration: nodeRegistration(meta, machine),
  };
}

function localEndpoint(meta: ResolvedMetaCluster, machine: ResolvedMetaMachine): JsonObject {
  return { advertiseAddress: machine.address, bindPort: meta.endpoint.machinePort };
}

/** `taints` is always written: without it kubeadm adds one of its own to a control-plane machine. */
function nodeRegistration(meta: ResolvedMetaCluster, machine: ResolvedMetaMachine): JsonObject {
  return {
    name: machine.name,
    imagePullPolicy: meta.images.pullPolicy,
    kubeletExtraArgs: argumentList(machine.kubeletArgs),
    taints: machine.taints.map(({ key, value, effect }) => (value === '' ? { key, effect } : { key, value, effect })),
  };
}

function clusterConfiguration(meta: ResolvedMetaCluster): JsonObject {
  const { components, certificates, network, images } = meta;
  return {
    apiVersion: KUBEADM_API,
    kind: 'ClusterConfiguration',
    clusterName: meta.name,
    kubernetesVersion: `v${meta.kubernetes}`,
    controlPlaneEndpoint: `${meta.endpoint.host}:${meta.endpoint.port}`,
    imageRepository: images.repository,
    encryptionAlgorithm: certificates.algorithm,
    certificateValidityPeriod: certificates.leaf,
    caCertificateValidityPeriod: certificates.authority,
    networking: { podSubnet: network.pods.join(','), serviceSubnet: network.services.join(','), dnsDomain: network.dnsDomain },
    apiServer: { certSANs: certificates.apiserverHosts, extraArgs: argumentList(components.apiserver) },
    controllerManager: { extraArgs: argumentList(components.controllerManager) },
    scheduler: { extraArgs: argumentList(components.scheduler) },
    etcd: { local: { dataDir: '/var/lib/etcd', extraArgs: argumentList(components.etcd) } },
    ...(images.mirrored ? { dns: { imageRepository: images.coreDnsRepository } } : {}),
  };
}

function kubeletConfiguration(meta: ResolvedMetaCluster): JsonObject {
  return { apiVersion: 'kubelet.config.k8s.io/v1beta1', kind: 'KubeletConfiguration', ...meta.kubelet };
}

function kubeProxyConfiguration(meta: ResolvedMetaCluster): JsonObject {
  return { apiVersion: 'kubeproxy.config.k8s.io/v1alpha1', kind: 'KubeProxyConfiguration', ...meta.kubeProxy };
}

/** Arguments as v1beta4 has them, by name: the order of a definition decides nothing. */
function argumentList(args: Readonly<Record<string, string>>): JsonObject[] {
  return Object.keys(args).sort().map((name) => ({ name, value: args[name] }));
}
