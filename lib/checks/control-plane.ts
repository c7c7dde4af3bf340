import { familyOf, nthAddress } from '../net.ts';
import { memberHost, memberServiceHost, PORTS, PRIORITY_CLASSES, selectorOf, serviceHost, SERVICES, type ComponentName, type EtcdName } from '../model/names.ts';
import type { ResolvedCluster, ResolvedEtcd } from '../model/resolved.ts';
import { inClusterOf } from '../model/resolved-endpoint.ts';
import { certificateOf, type PkiLock } from '../pki/plan.ts';
import { deliveryFlows, providedForDelivery, toolsOf } from './delivery.ts';
import type { CertificateUse, CheckContext, Flow, FlowEnd, ProvidedObject, Serving } from './input.ts';
import { isolationOf, providedInTenant } from './tenant.ts';

/** What must hold of a control plane and stands in no manifest of it: who talks to whom, by which names, and what its author brings. */
export function expectationsOf(cluster: ResolvedCluster, lock: PkiLock): CheckContext {
  const [isolation, delivery] = [isolationOf(cluster), deliveryFlows(cluster)];
  return {
    provided: [...providedBy(cluster), ...providedInTenant(cluster), ...providedForDelivery(cluster.meta.name, cluster.delivery)],
    priorityClasses: Object.values(PRIORITY_CLASSES),
    storageClasses: null,
    foreignKinds: [],
    flows: [...flowsOf(cluster), ...isolation.flows, ...delivery.flows],
    denied: [...deniedOf(cluster), ...isolation.denied, ...delivery.denied],
    servings: servingsOf(cluster, lock),
    usages: usagesOf(cluster, lock),
    acknowledged: [],
    waivers: [],
  };
}

const SECRET_KEYS = {
  kubeconfig: ['kubeconfig'],
  datastore: ['ca.crt', 'tls.crt', 'tls.key'],
  s3: ['accessKeyId', 'secretAccessKey'],
} as const;

/** Secrets, ConfigMaps and claims that a definition names and that its author puts into the namespace. */
function providedBy(cluster: ResolvedCluster): ProvidedObject[] {
  const { images, datastore, audit, authorization, etcd, components } = cluster;
  const object = (kind: string, name: string, keys: readonly string[] | null = null): ProvidedObject =>
    ({ api: cluster.meta.name, kind, namespace: cluster.namespace, name, keys });
  const secret = (name: string | null | undefined, keys: readonly string[] | null): ProvidedObject[] => (name == null ? [] : [object('Secret', name, keys)]);
  const all = Object.values(components);
  return [
    ...images.pullSecrets.map((name) => object('Secret', name)),
    ...secret(datastore.credentials, SECRET_KEYS.datastore),
    ...secret(audit.webhook?.kubeconfig, SECRET_KEYS.kubeconfig),
    ...authorization.webhooks.flatMap((webhook) => secret(webhook.kubeconfig, SECRET_KEYS.kubeconfig)),
    ...secret(etcd?.backup?.to === 's3' ? etcd.backup.credentials : null, SECRET_KEYS.s3),
    ...all.flatMap(({ env }) => env.flatMap((variable) => [
      ...(variable.secret ? [object('Secret', variable.secret.name)] : []),
      ...(variable.configMap ? [object('ConfigMap', variable.configMap.name)] : []),
    ])),
    ...all.flatMap(({ extraVolumes }) => extraVolumes.flatMap(({ source }) => [
      ...(source.secret ? [object('Secret', source.secret.name)] : []),
      ...(source.configMap ? [object('ConfigMap', source.configMap.name)] : []),
      ...(source.persistentVolumeClaim ? [object('PersistentVolumeClaim', source.persistentVolumeClaim.name)] : []),
    ])),
  ];
}

type Connect = (from: FlowEnd, to: FlowEnd, port: number, source: string, protocol?: 'TCP' | 'UDP') => Flow;

const connectIn = (cluster: ResolvedCluster): Connect => (from, to, port, source, protocol = 'TCP') =>
  ({ api: cluster.meta.name, from, to, port, source, protocol });

const pods = (cluster: ResolvedCluster, component: ComponentName): FlowEnd =>
  ({ labels: selectorOf(cluster.name, component), namespace: cluster.namespace, address: null });
const address = (text: string): FlowEnd => ({ labels: null, namespace: null, address: text });
const stranger = (namespace: string, text: string): FlowEnd => ({ labels: { 'app.kubernetes.io/name': 'stranger' }, namespace, address: text });

/** An address that is nobody's: documentation ranges of RFC 5737 and RFC 3849. */
const OUTSIDE = { 4: '203.0.113.10', 6: '2001:db8::10' } as const;

const etcdsOf = ({ etcd }: ResolvedCluster): EtcdName[] => (etcd === null ? [] : etcd.events === null ? ['etcd'] : ['etcd', 'etcd-events']);
const primary = (cluster: ResolvedCluster): string => cluster.meta.pods[0] ?? '';

function flowsOf(cluster: ResolvedCluster): Flow[] {
  const connect = connectIn(cluster);
  const apiserver = pods(cluster, 'kube-apiserver');
  const { securePort } = cluster.components.apiserver;
  const dns: FlowEnd = { labels: { 'k8s-app': 'kube-dns' }, namespace: 'kube-system', address: null };
  return [
    ...etcdsOf(cluster).flatMap((etcd) => [
      connect(apiserver, pods(cluster, etcd), PORTS.etcdClient, 'etcd'),
      connect(pods(cluster, etcd), pods(cluster, etcd), PORTS.etcdPeer, 'etcd'),
      connect(pods(cluster, etcd), dns, PORTS.dns, 'etcd', 'UDP'),
    ]),
    ...(['kube-controller-manager', 'kube-scheduler'] as const).map((component) => connect(pods(cluster, component), apiserver, securePort, 'components')),
    connect(apiserver, dns, PORTS.dns, 'components.apiserver', 'UDP'),
    ...nodeFlows(cluster, connect, apiserver),
    ...[OUTSIDE[familyOf(primary(cluster))], ...(cluster.meta.machinesInPodRange ? [nthAddress(primary(cluster), 1)] : [])].map((client) => connect(address(client), apiserver, securePort, 'endpoint')),
    ...cluster.datastore.networks.map((network) => connect(apiserver, address(nthAddress(network, 1)), PORTS.etcdClient, 'datastore.external.networks')),
    ...gatewayFlows(cluster, connect, apiserver),
    ...(cluster.etcd?.backup == null ? [] : [connect(pods(cluster, 'etcd-backup'), pods(cluster, 'etcd'), PORTS.etcdClient, 'etcd.backup')]),
    ...(cluster.etcd?.defragmentation == null ? [] : [connect(pods(cluster, 'etcd-defragmentation'), pods(cluster, 'etcd'), PORTS.etcdClient, 'etcd.defragmentation')]),
    ...replacedIn(cluster).map((etcd) => connect(pods(cluster, 'etcd-replacement'), pods(cluster, etcd), PORTS.etcdClient, 'etcd.members')),
  ];
}

/** Each etcd of which a member was replaced: its Job speaks with the others. */
function replacedIn(cluster: ResolvedCluster): EtcdName[] {
  const membersOf = (name: EtcdName): ResolvedEtcd['members'] => (name === 'etcd' ? cluster.etcd?.members : cluster.etcd?.events?.members) ?? [];
  return cluster.state === 'hibernated' ? [] : etcdsOf(cluster).filter((name) => membersOf(name).some(({ generation }) => generation > 0));
}

/** Of the ways to the nodes, what network policies have a say in: a second interface is none of theirs. */
function nodeFlows(cluster: ResolvedCluster, connect: Connect, apiserver: FlowEnd): Flow[] {
  const { meta, nodes: { access } } = cluster;
  const outside = address(OUTSIDE[familyOf(primary(cluster))]);
  switch (access.type) {
    case 'konnectivity':
      return [connect(outside, apiserver, access.podPort, 'nodes.access')];
    case 'direct':
      return [outside, ...meta.machines.map((range) => address(nthAddress(range, 10)))].map((node) => connect(apiserver, node, PORTS.kubelet, 'nodes.access'));
    case 'multus':
      return [];
  }
}

function gatewayFlows(cluster: ResolvedCluster, connect: Connect, apiserver: FlowEnd): Flow[] {
  const { endpoint: { expose }, components, nodes: { access } } = cluster;
  if (expose.type !== 'gateway') return [];
  const gateway = stranger(expose.gateway.proxyNamespace, nthAddress(cluster.meta.pods[0] ?? '', 100));
  return [
    connect(gateway, apiserver, components.apiserver.securePort, 'endpoint.expose'),
    // Its traffic is a Pod's, or on the machine's network, or comes from outside the meta cluster.
    ...[gateway, address(OUTSIDE[familyOf(primary(cluster))])].map((from) => connect(from, apiserver, PORTS.apiserverProxy, 'endpoint.expose')),
    ...(access.type === 'konnectivity' ? [connect(gateway, apiserver, access.podPort, 'nodes.access')] : []),
  ];
}

/** Other control planes reach nothing here but the outer Service; nobody but the API server reaches etcd; and the meta cluster's own API is out of reach. */
function deniedOf(cluster: ResolvedCluster): Flow[] {
  const connect = connectIn(cluster);
  const apiserver = pods(cluster, 'kube-apiserver');
  const neighbour = stranger('cp-another-cluster', nthAddress(primary(cluster), 100));
  return [
    // Where an overlay hides who asks, only certificates tell.
    ...(cluster.meta.machinesInPodRange ? [] : [connect(neighbour, apiserver, cluster.components.apiserver.securePort, 'network')]),
    connect(apiserver, neighbour, 443, 'network'),
    ...tunnelDenials(cluster, connect, neighbour),
    ...(inClusterOf(cluster.endpoint) === null || cluster.meta.machinesInPodRange ? [] : [connect(neighbour, apiserver, PORTS.apiserverProxy, 'endpoint.expose')]),
    ...cluster.meta.machines.map((range) => connect(apiserver, address(nthAddress(range, 10)), 6443, 'network')),
    connect(apiserver, address('169.254.169.254'), 80, 'network'),
    ...etcdsOf(cluster).flatMap((etcd) => [
      connect(neighbour, pods(cluster, etcd), PORTS.etcdClient, 'network'),
      connect(pods(cluster, 'kube-controller-manager'), pods(cluster, etcd), PORTS.etcdClient, 'network'),
      connect(pods(cluster, 'kube-scheduler'), pods(cluster, etcd), PORTS.etcdClient, 'network'),
      connect(apiserver, pods(cluster, etcd), PORTS.etcdPeer, 'network'),
    ]),
  ];
}

/** Agents are outside: nobody inside dials their port. And with them there is no need to reach machines beside the meta cluster's. */
function tunnelDenials(cluster: ResolvedCluster, connect: Connect, neighbour: FlowEnd): Flow[] {
  const { meta, nodes: { access } } = cluster;
  if (access.type !== 'konnectivity') return [];
  const apiserver = pods(cluster, 'kube-apiserver');
  return [
    ...[...(meta.machinesInPodRange ? [] : [neighbour]), pods(cluster, 'kube-scheduler')].map((from) => connect(from, apiserver, access.podPort, 'nodes.access')),
    ...meta.machines.map((range) => connect(apiserver, address(nthAddress(range, 10)), PORTS.kubelet, 'nodes.access')),
  ];
}

/** Names that clients of this control plane dial, or that they expect by `tls-server-name`. */
function servingsOf(cluster: ResolvedCluster, lock: PkiLock): Serving[] {
  const { endpoint, network, nodes } = cluster;
  const proxy = inClusterOf(endpoint);
  const serving = (name: string, source: string, hosts: readonly string[]): Serving => ({ name, source, hosts, certificate: certificateOf(lock, name).certificate });
  const members = (host: typeof memberHost, etcd: EtcdName): string[] => (cluster.etcd?.members ?? []).map((_, index) => host(cluster, etcd, index));
  return [
    serving('apiserver', 'endpoint', [
      endpoint.host, ...(endpoint.address === null ? [] : [endpoint.address]),
      serviceHost(cluster, SERVICES.apiserver), serviceHost(cluster, SERVICES.apiserverExternal),
      'kubernetes.default.svc', `kubernetes.default.svc.${network.dnsDomain}`, ...network.apiServiceIps,
    ]),
    ...(proxy === null ? [] : [serving('apiserver-proxy', 'endpoint.expose', [proxy.host])]),
    ...(nodes.access.type === 'konnectivity' ? [serving('konnectivity-server', 'nodes.access', [nodes.access.host])] : []),
    serving('controller-manager-serving', 'components.controllerManager', [serviceHost(cluster, 'kube-controller-manager')]),
    serving('scheduler-serving', 'components.scheduler', [serviceHost(cluster, 'kube-scheduler')]),
    ...etcdsOf(cluster).flatMap((etcd) => [
      // The name of them all is dialled by who takes a snapshot.
      serving(`${etcd}-server`, 'etcd', [...members(memberServiceHost, etcd), serviceHost(cluster, etcd)]),
      serving(`${etcd}-peer`, 'etcd', members(memberHost, etcd)),
    ]),
  ];
}

function usagesOf(cluster: ResolvedCluster, lock: PkiLock): CertificateUse[] {
  const use = (name: string, purpose: CertificateUse['use'], source: string): CertificateUse =>
    ({ name, use: purpose, source, certificate: certificateOf(lock, name).certificate });
  return [
    use('apiserver', 'serverAuth', 'endpoint'),
    ...['controller-manager-serving', 'scheduler-serving'].map((name) => use(name, 'serverAuth', 'components')),
    ...['apiserver-kubelet-client', 'front-proxy-client', 'controller-manager', 'scheduler', 'admin', 'super-admin'].map((name) => use(name, 'clientAuth', 'certificates')),
    ...etcdsOf(cluster).flatMap((etcd) => [`${etcd}-server`, `${etcd}-peer`].flatMap((name) => [use(name, 'serverAuth', 'etcd'), use(name, 'clientAuth', 'etcd')])),
    ...(cluster.etcd === null ? [] : [use('apiserver-etcd-client', 'clientAuth', 'etcd'), use('etcd-maintenance', 'clientAuth', 'etcd')]),
    ...(cluster.nodes.access.type === 'konnectivity' ? [use('konnectivity-server', 'serverAuth', 'nodes.access'), use('konnectivity-client', 'clientAuth', 'nodes.access')] : []),
    ...toolsOf(cluster).map((tool) => use(tool, 'clientAuth', 'delivery')),
    ...cluster.users.map((user, index) => use(`user-${user.name}`, 'clientAuth', `users[${index}]`)),
  ];
}
