import type { NetworkPolicy, NetworkPolicyEgressRule, NetworkPolicyIngressRule, NetworkPolicyPeer, NetworkPolicyPort } from 'kubernetes-types/networking/v1';
import type { KubernetesObject } from '../../lib/constructs/place.ts';
import { familyOf } from '../../lib/net.ts';
import { labelsOf, PORTS, selectorOf, type ComponentName, type EtcdName } from '../../lib/model/names.ts';
import { givesRights } from '../../lib/model/resolved-delivery.ts';
import type { ResolvedCluster } from '../../lib/model/resolved.ts';

/** Everything is refused that is not said here: who may talk to whom, by component. */
export function networkPolicies(cluster: ResolvedCluster): KubernetesObject[] {
  const etcds: EtcdName[] = cluster.etcd === null ? [] : cluster.etcd.events === null ? ['etcd'] : ['etcd', 'etcd-events'];
  return [
    policy(cluster, 'default-deny', {}, [], []),
    policy(cluster, 'dns', {}, null, [{ to: [DNS], ports: [port(PORTS.dns, 'UDP'), port(PORTS.dns)] }]),
    ...etcds.map((etcd) => etcdPolicy(cluster, etcd)),
    apiserverPolicy(cluster),
    ...clientsOf(cluster).map((component) => clientPolicy(cluster, component)),
    ...upkeepPolicies(cluster, etcds),
  ];
}

type Rules<T> = readonly T[] | null;

/** An empty list of rules refuses everything in that direction; null says nothing about it. */
function policy(
  cluster: ResolvedCluster, name: string, selector: Record<string, string>,
  ingress: Rules<NetworkPolicyIngressRule>, egress: Rules<NetworkPolicyEgressRule>,
): NetworkPolicy {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace: cluster.namespace, labels: labelsOf(cluster.name, 'control-plane') },
    spec: {
      podSelector: Object.keys(selector).length === 0 ? {} : { matchLabels: selector },
      policyTypes: [...(ingress === null ? [] : ['Ingress']), ...(egress === null ? [] : ['Egress'])],
      ...(ingress === null || ingress.length === 0 ? {} : { ingress: [...ingress] }),
      ...(egress === null || egress.length === 0 ? {} : { egress: [...egress] }),
    },
  };
}

const port = (number: number, protocol: 'TCP' | 'UDP' = 'TCP'): NetworkPolicyPort => ({ port: number, protocol });
const component = (cluster: ResolvedCluster, name: ComponentName): NetworkPolicyPeer => ({ podSelector: { matchLabels: selectorOf(cluster.name, name) } });

/** The meta cluster's own DNS, as kubeadm labels it. */
const DNS: NetworkPolicyPeer = {
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
  podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
};

const ANYWHERE: Readonly<Record<4 | 6, string>> = { 4: '0.0.0.0/0', 6: '::/0' };
/** Instance metadata of clouds: credentials of the node. */
const METADATA = '169.254.0.0/16';

const exceptFor = (cidr: string, ranges: readonly string[]) => ({ cidr, ...(ranges.length === 0 ? {} : { except: [...ranges] }) });

/** Everything but these ranges, for each family that the meta cluster has. */
function outside(cluster: ResolvedCluster, ranges: readonly string[]): NetworkPolicyPeer[] {
  const families = [...new Set(cluster.meta.pods.map(familyOf))];
  return families.map((family) => ({
    ipBlock: exceptFor(ANYWHERE[family], ranges.filter((range) => familyOf(range) === family)),
  }));
}

/** Jobs that look after an etcd. Snapshots and defragmentation are of the main one; events are not worth it. */
function upkeepOf({ etcd, state }: ResolvedCluster, name: EtcdName): ComponentName[] {
  const members = name === 'etcd' ? etcd?.members : etcd?.events?.members;
  const isReplaced = state !== 'hibernated' && (members ?? []).some(({ generation }) => generation > 0);
  return [
    ...(name === 'etcd' && etcd?.backup != null ? ['etcd-backup' as const] : []),
    ...(name === 'etcd' && etcd?.defragmentation != null ? ['etcd-defragmentation' as const] : []),
    ...(isReplaced ? ['etcd-replacement' as const] : []),
  ];
}

function etcdPolicy(cluster: ResolvedCluster, etcd: EtcdName): NetworkPolicy {
  const peers = component(cluster, etcd);
  const clients = ['kube-apiserver' as const, ...upkeepOf(cluster, etcd)].map((name) => component(cluster, name));
  return policy(
    cluster, etcd, selectorOf(cluster.name, etcd),
    [{ from: [peers, ...clients], ports: [port(PORTS.etcdClient)] }, { from: [peers], ports: [port(PORTS.etcdPeer)] }],
    [{ to: [peers], ports: [port(PORTS.etcdClient), port(PORTS.etcdPeer)] }],
  );
}

/** Where clients come from who are none of the meta cluster's Pods. An overlay lets them come from among those. */
const clients = (cluster: ResolvedCluster): NetworkPolicyPeer[] => outside(cluster, cluster.meta.machinesInPodRange ? [] : cluster.meta.pods);

/**
 * The API server answers its own components, who applies what belongs inside, and everybody from outside the meta cluster's
 * Pods: Pods of other control planes reach it by its outer Service only. It may reach its nodes and webhooks, and nothing of the meta cluster's own.
 */
function apiserverPolicy(cluster: ResolvedCluster): NetworkPolicy {
  const { meta, components, endpoint, datastore, delivery, nodes: { access } } = cluster;
  const secure = [port(components.apiserver.securePort)];
  const gateways = endpoint.expose.type === 'gateway' ? [namespacePeer(endpoint.expose.gateway.proxyNamespace)] : [];
  const tools = [delivery?.argocd, delivery?.flux].flatMap((tool) => (tool == null ? [] : [namespacePeer(tool.namespace)]));
  const stores = datastore.external
    ? datastore.networks.map((cidr) => ({ ipBlock: { cidr } }))
    : (['etcd', 'etcd-events'] as const).filter((name) => name === 'etcd' || datastore.eventsEndpoints.length > 0).map((name) => component(cluster, name));
  return policy(
    cluster, 'kube-apiserver', selectorOf(cluster.name, 'kube-apiserver'),
    [
      { from: [{ podSelector: {} }, ...gateways, ...tools, ...clients(cluster)], ports: secure },
      ...(gateways.length === 0 ? [] : [{ from: [...gateways, ...clients(cluster)], ports: [port(PORTS.apiserverProxy)] }]),
      ...(access.type === 'konnectivity' ? [{ from: [...gateways, ...clients(cluster)], ports: [port(access.podPort)] }] : []),
    ],
    [
      ...(stores.length === 0 ? [] : [{ to: stores, ...(datastore.external ? {} : { ports: [port(PORTS.etcdClient)] }) }]),
      { to: outside(cluster, [...meta.pods, ...meta.services, ...meta.machines, METADATA]) },
      // Nodes may stand beside the meta cluster's machines; through a tunnel, or another interface, they are reached anyway.
      ...(access.type === 'direct' ? [{ to: meta.machines.map((cidr) => ({ ipBlock: { cidr } })), ports: [port(PORTS.kubelet)] }] : []),
    ],
  );
}

const namespacePeer = (name: string): NetworkPolicyPeer => ({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } });

const clientsOf = (cluster: ResolvedCluster): ComponentName[] =>
  ['kube-controller-manager', 'kube-scheduler', ...(givesRights(cluster) ? ['delivery-rights' as const] : [])];

/** These talk to the API server and to nobody else. */
function clientPolicy(cluster: ResolvedCluster, name: ComponentName): NetworkPolicy {
  const { securePort } = cluster.components.apiserver;
  return policy(cluster, name, selectorOf(cluster.name, name), null, [{ to: [component(cluster, 'kube-apiserver')], ports: [port(securePort)] }]);
}

/** Jobs reach the members that they look after; a backup reaches its bucket as well. */
function upkeepPolicies(cluster: ResolvedCluster, etcds: readonly EtcdName[]): NetworkPolicy[] {
  const jobs = [...new Set(etcds.flatMap((etcd) => upkeepOf(cluster, etcd)))];
  return jobs.map((job) => {
    const served = etcds.filter((etcd) => upkeepOf(cluster, etcd).includes(job));
    const members = { to: served.map((name) => component(cluster, name)), ports: [port(PORTS.etcdClient)] };
    return policy(cluster, job, selectorOf(cluster.name, job), null, [members, ...(job === 'etcd-backup' ? bucketRules(cluster) : [])]);
  });
}

/** A bucket may stand beside the machines. Its port keeps kubelets and the meta cluster's own API server out of reach. */
function bucketRules(cluster: ResolvedCluster): NetworkPolicyEgressRule[] {
  const backup = cluster.etcd?.backup;
  if (backup?.to !== 's3') return [];
  const { port: stated, protocol } = new URL(backup.endpoint);
  const number = stated === '' ? (protocol === 'http:' ? 80 : 443) : Number(stated);
  return [{ to: outside(cluster, [...cluster.meta.pods, METADATA]), ports: [port(number)] }];
}
