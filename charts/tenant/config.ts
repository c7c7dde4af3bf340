import type { ConfigMap, Endpoints } from 'kubernetes-types/core/v1';
import type { EndpointSlice } from 'kubernetes-types/discovery/v1';
import type { KubernetesObject } from '../../lib/constructs/place.ts';
import { familyOf } from '../../lib/net.ts';
import { advertisedOf } from '../../lib/model/resolved-endpoint.ts';
import type { JsonValue } from '../../lib/model/manifest.ts';
import type { JsonObject, ResolvedCluster } from '../../lib/model/resolved.ts';
import { certificateOf, type PkiLock } from '../../lib/pki/plan.ts';
import { toYaml } from '../../lib/yaml/serialize.ts';
import { apiUrl, KUBE_PUBLIC, KUBE_SYSTEM, tenantLabels } from './names.ts';

/** What `kubeadm join` reads, and where the tenant finds its own API. */
export function configObjects(cluster: ResolvedCluster, lock: PkiLock): KubernetesObject[] {
  return [
    configMap(KUBE_PUBLIC, 'cluster-info', { kubeconfig: clusterInfo(cluster, lock) }),
    configMap(KUBE_SYSTEM, 'kubeadm-config', { ClusterConfiguration: clusterConfiguration(cluster) }),
    configMap(KUBE_SYSTEM, 'kubelet-config', { kubelet: kubeletConfiguration(cluster) }),
    ...apiEndpoints(cluster),
  ];
}

const configMap = (namespace: string, name: string, data: Record<string, string>): ConfigMap =>
  ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, labels: tenantLabels() }, data });

const yamlOf = (value: object): string => toYaml(value as JsonValue);

/**
 * Both authorities in one bundle, that of servers first: kubeadm writes it as a whole to the file by which a kubelet
 * knows its clients, and the API server is such a client. The pin of a join command is that of the first.
 */
const nodeTrust = (lock: PkiLock): string => ['server-ca', 'client-ca'].map((name) => `${certificateOf(lock, name).certificate.trim()}\n`).join('');

/** A kubeconfig without a user. The controller-manager adds a signature of it for each bootstrap token. */
const clusterInfo = (cluster: ResolvedCluster, lock: PkiLock): string => yamlOf({
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [{ name: '', cluster: { 'certificate-authority-data': Buffer.from(nodeTrust(lock)).toString('base64'), server: apiUrl(cluster) } }],
  contexts: [],
  'current-context': '',
  users: [],
});

/** What a joining machine needs of it; control-plane machines do not join here. */
function clusterConfiguration(cluster: ResolvedCluster): string {
  const { endpoint, network, images, dns } = cluster;
  return yamlOf({
    apiVersion: 'kubeadm.k8s.io/v1beta4',
    kind: 'ClusterConfiguration',
    clusterName: cluster.name,
    kubernetesVersion: `v${cluster.kubernetes}`,
    controlPlaneEndpoint: `${endpoint.host}:${endpoint.port}`,
    certificatesDir: '/etc/kubernetes/pki',
    imageRepository: images.repository,
    networking: { podSubnet: network.pods.join(','), serviceSubnet: network.services.join(','), dnsDomain: network.dnsDomain },
    dns: { imageRepository: `${images.repository}/coredns`, imageTag: `v${dns.version}` },
    ...(network.kubeProxy === null ? { proxy: { disabled: true } } : {}),
  });
}

const kubeletConfiguration = ({ nodes }: ResolvedCluster): string =>
  yamlOf({ apiVersion: 'kubelet.config.k8s.io/v1beta1', kind: 'KubeletConfiguration', ...nodes.kubelet } satisfies JsonObject);

/**
 * Where the Service `default/kubernetes` leads when the API servers do not say so themselves. Networks and DNS read the
 * slice, and need no more. Endpoints is deprecated, and still conformance of every supported minor fails without one that
 * says the same as the slice. Its label keeps the mirroring controller from making a second slice of it.
 */
function apiEndpoints({ endpoint }: ResolvedCluster): KubernetesObject[] {
  const advertised = advertisedOf(endpoint);
  if (advertised === null) return [];
  const { address, port } = advertised;
  const place = (labels: Record<string, string>) => ({ name: 'kubernetes', namespace: 'default', labels: tenantLabels(labels) });
  const ports = [{ name: 'https', port, protocol: 'TCP' }];
  const slice: EndpointSlice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: place({ 'kubernetes.io/service-name': 'kubernetes' }),
    addressType: `IPv${familyOf(address)}`,
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports,
  };
  const endpoints: Endpoints = {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: place({ 'endpointslice.kubernetes.io/skip-mirror': 'true' }),
    subsets: [{ addresses: [{ ip: address }], ports }],
  };
  return [slice, endpoints];
}
