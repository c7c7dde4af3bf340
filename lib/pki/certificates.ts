import { APISERVER_PROXY, DELIVERY, KONNECTIVITY, kubeconfigSecret, memberHost, memberServiceHost, serviceHost, type EtcdName } from '../model/names.ts';
import { usesSops } from '../model/resolved-delivery.ts';
import { inClusterOf } from '../model/resolved-endpoint.ts';
import type { ResolvedCluster } from '../model/resolved.ts';
import { certificateContents, keyContents } from './credentials/contents.ts';
import type { CertificateSpec, KeySpec, PkiPlan, Usage } from './plan.ts';

interface Hosts {
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
}

interface AuthorityRow {
  readonly name: string;
  readonly commonName: string;
  /** Who signs with the key inside the cluster's namespace; null: only `kubewright pki issue` ever does. */
  readonly keyFor: 'kube-controller-manager' | null;
  readonly when?: (cluster: ResolvedCluster) => boolean;
}

interface LeafRow {
  readonly name: string;
  readonly issuer: string;
  readonly commonName: string;
  readonly organizations: readonly string[];
  readonly usages: readonly Usage[];
  readonly hosts?: (cluster: ResolvedCluster) => Hosts;
  /** Somebody outside the control plane uses it: its Secret is a kubeconfig. */
  readonly asKubeconfig?: true;
  /** Where its Secret is, when not in the cluster's namespace under the certificate's own name. */
  readonly to?: (cluster: ResolvedCluster) => Pick<CertificateSpec, 'secret' | 'namespace'>;
  readonly when?: (cluster: ResolvedCluster) => boolean;
}

const SERVER = ['serverAuth'] as const;
const CLIENT = ['clientAuth'] as const;
const BOTH = ['serverAuth', 'clientAuth'] as const;
const LOOPBACK = { dnsNames: ['localhost'], ipAddresses: ['127.0.0.1', '::1'] } as const;

/**
 * Authorities are not chained to one another, and none stands in for another: a front proxy is no user, an etcd client
 * is no etcd member, and whoever serves the API cannot make users.
 */
export const AUTHORITIES: readonly AuthorityRow[] = [
  { name: 'server-ca', commonName: 'kubernetes', keyFor: null },
  { name: 'client-ca', commonName: 'kubernetes-client-ca', keyFor: 'kube-controller-manager' },
  { name: 'kubelet-ca', commonName: 'kubernetes-kubelet-ca', keyFor: 'kube-controller-manager' },
  { name: 'front-proxy-ca', commonName: 'front-proxy-ca', keyFor: null },
  { name: 'etcd-ca', commonName: 'etcd-ca', keyFor: null, when: hasEtcd },
  { name: 'etcd-peer-ca', commonName: 'etcd-peer-ca', keyFor: null, when: hasEtcd },
];

/** Everything that is shown to somebody. `system:masters` stands here once: nothing can take its rights away. */
export const LEAVES: readonly LeafRow[] = [
  { name: 'apiserver', issuer: 'server-ca', commonName: 'kube-apiserver', organizations: [], usages: SERVER, hosts: (cluster) => cluster.certificates.apiserverHosts },
  { name: 'apiserver-kubelet-client', issuer: 'client-ca', commonName: 'kube-apiserver-kubelet-client', organizations: [], usages: CLIENT },
  { name: 'apiserver-etcd-client', issuer: 'etcd-ca', commonName: 'kube-apiserver-etcd-client', organizations: [], usages: CLIENT, when: hasEtcd },
  { name: 'front-proxy-client', issuer: 'front-proxy-ca', commonName: 'front-proxy-client', organizations: [], usages: CLIENT },
  { name: 'etcd-server', issuer: 'etcd-ca', commonName: 'etcd-server', organizations: [], usages: BOTH, hosts: (cluster) => serverHosts(cluster, 'etcd'), when: hasEtcd },
  { name: 'etcd-peer', issuer: 'etcd-peer-ca', commonName: 'etcd-peer', organizations: [], usages: BOTH, hosts: (cluster) => peerHosts(cluster, 'etcd'), when: hasEtcd },
  { name: 'etcd-events-server', issuer: 'etcd-ca', commonName: 'etcd-events-server', organizations: [], usages: BOTH, hosts: (cluster) => serverHosts(cluster, 'etcd-events'), when: hasEventsEtcd },
  { name: 'etcd-events-peer', issuer: 'etcd-peer-ca', commonName: 'etcd-events-peer', organizations: [], usages: BOTH, hosts: (cluster) => peerHosts(cluster, 'etcd-events'), when: hasEventsEtcd },
  { name: 'etcd-maintenance', issuer: 'etcd-ca', commonName: 'kube-etcd-maintenance', organizations: [], usages: CLIENT, when: hasEtcd },
  { name: 'controller-manager', issuer: 'client-ca', commonName: 'system:kube-controller-manager', organizations: [], usages: CLIENT },
  { name: 'scheduler', issuer: 'client-ca', commonName: 'system:kube-scheduler', organizations: [], usages: CLIENT },
  { name: 'controller-manager-serving', issuer: 'server-ca', commonName: 'kube-controller-manager', organizations: [], usages: SERVER, hosts: (cluster) => componentHosts(cluster, 'kube-controller-manager') },
  { name: 'scheduler-serving', issuer: 'server-ca', commonName: 'kube-scheduler', organizations: [], usages: SERVER, hosts: (cluster) => componentHosts(cluster, 'kube-scheduler') },
  { name: 'apiserver-proxy', issuer: 'server-ca', commonName: APISERVER_PROXY, organizations: [], usages: SERVER, hosts: proxyHosts, when: ({ endpoint }) => inClusterOf(endpoint) !== null },
  { name: 'konnectivity-server', issuer: 'server-ca', commonName: 'konnectivity-server', organizations: [], usages: SERVER, hosts: agentHosts, when: hasTunnels },
  { name: 'konnectivity-client', issuer: 'client-ca', commonName: KONNECTIVITY.user, organizations: [], usages: CLIENT, when: hasTunnels },
  { name: 'admin', issuer: 'client-ca', commonName: 'kubernetes-admin', organizations: ['kubeadm:cluster-admins'], usages: CLIENT, asKubeconfig: true },
  { name: 'super-admin', issuer: 'client-ca', commonName: 'kubernetes-super-admin', organizations: ['system:masters'], usages: CLIENT, asKubeconfig: true },
  // Of no group: what they may do stands in one role, which follows from what they apply.
  { name: 'argocd', issuer: 'client-ca', commonName: DELIVERY.argocd.user, organizations: [], usages: CLIENT, to: (cluster) => toolSecret(cluster, 'argocd'), when: ({ delivery }) => delivery?.argocd != null },
  { name: 'flux', issuer: 'client-ca', commonName: DELIVERY.flux.user, organizations: [], usages: CLIENT, to: (cluster) => toolSecret(cluster, 'flux'), when: ({ delivery }) => delivery?.flux != null },
];

/** Name of the key pair that signs the tokens of service accounts. */
export const SERVICE_ACCOUNT_KEY = 'service-account';

/** Name of the key of encryption at rest. It stands on every object that was written with it. */
export const ENCRYPTION_KEY = 'key1';

/** Name of a user's certificate. */
export const userCertificate = (user: string): string => `user-${user}`;

/** Everything that has to be issued for a cluster; authorities first. */
export function planOf(cluster: ResolvedCluster): PkiPlan {
  const { authorityDays, leafDays, renewBeforeDays, bits } = cluster.certificates;
  const authorities = AUTHORITIES.filter((row) => row.when?.(cluster) ?? true).map((row) => authoritySpec(row, authorityDays));
  const leaves = LEAVES.filter((row) => row.when?.(cluster) ?? true).map((row) => leafSpec(row, cluster, leafDays));
  const users = cluster.users.map(userSpec);
  const plan = { cluster: cluster.name, namespace: cluster.namespace, bits, renewBeforeDays, certificates: [...authorities, ...leaves, ...users], keys: keysOf(cluster) };
  return usesSops(cluster) ? withContents(plan, cluster) : plan;
}

/** What is not delivered has no Secret. */
const withContents = (plan: PkiPlan, cluster: ResolvedCluster): PkiPlan => ({
  ...plan,
  certificates: plan.certificates.map((spec) => (spec.sealed ? { ...spec, contents: certificateContents(cluster, spec) } : spec)),
  keys: plan.keys.map((spec) => ({ ...spec, contents: keyContents(cluster, spec) })),
});

function authoritySpec({ name, commonName, keyFor }: AuthorityRow, days: number): CertificateSpec {
  return { name, issuer: null, commonName, organizations: [], usages: [], dnsNames: [], ipAddresses: [], days, secret: name, sealed: keyFor !== null };
}

function leafSpec({ name, issuer, commonName, organizations, usages, hosts, asKubeconfig, to }: LeafRow, cluster: ResolvedCluster, days: number): CertificateSpec {
  const { dnsNames, ipAddresses } = hosts === undefined ? { dnsNames: [], ipAddresses: [] } : hosts(cluster);
  const place = to?.(cluster) ?? { secret: asKubeconfig ? kubeconfigSecret(name) : name };
  return { name, issuer, commonName, organizations, usages, dnsNames, ipAddresses, days, ...place, sealed: true };
}

function userSpec({ name, groups, days }: ResolvedCluster['users'][number]): CertificateSpec {
  const secret = kubeconfigSecret(userCertificate(name));
  return { name: userCertificate(name), issuer: 'client-ca', commonName: name, organizations: groups, usages: CLIENT, dnsNames: [], ipAddresses: [], days, secret, sealed: true };
}

function keysOf({ encryption }: ResolvedCluster): KeySpec[] {
  const serviceAccount: KeySpec = { kind: 'serviceAccount', name: SERVICE_ACCOUNT_KEY, secret: 'service-account' };
  const isLocal = encryption.provider === 'secretbox' || encryption.provider === 'aescbc';
  return isLocal ? [serviceAccount, { kind: 'encryption', name: ENCRYPTION_KEY, bytes: 32, secret: 'encryption' }] : [serviceAccount];
}

function hasEtcd({ etcd }: ResolvedCluster): boolean {
  return etcd !== null;
}

function hasEventsEtcd({ etcd }: ResolvedCluster): boolean {
  return etcd !== null && etcd.events !== null;
}

/** In the tool's namespace, by the name under which it looks for the cluster. */
function toolSecret({ name, delivery }: ResolvedCluster, tool: 'argocd' | 'flux'): Pick<CertificateSpec, 'secret' | 'namespace'> {
  return { secret: DELIVERY[tool].secretOf(name), namespace: delivery?.[tool]?.namespace ?? '' };
}

function hasTunnels({ nodes }: ResolvedCluster): boolean {
  return nodes.access.type === 'konnectivity';
}

/** Agents on the nodes dial the endpoint, and ask there for this name. */
function proxyHosts({ endpoint }: ResolvedCluster): Hosts {
  const proxy = inClusterOf(endpoint);
  return { dnsNames: proxy === null ? [] : [proxy.host], ipAddresses: [] };
}

/** Agents dial one name. It may be the API's own, at another port. */
function agentHosts({ nodes: { access } }: ResolvedCluster): Hosts {
  return { dnsNames: access.type === 'konnectivity' ? [access.host] : [], ipAddresses: [] };
}

function serverHosts(cluster: ResolvedCluster, etcd: EtcdName): Hosts {
  const members = eachMember(cluster, (index) => [memberServiceHost(cluster, etcd, index), memberHost(cluster, etcd, index)]);
  return { dnsNames: [...members, serviceHost(cluster, etcd), ...LOOPBACK.dnsNames], ipAddresses: LOOPBACK.ipAddresses };
}

/** No addresses: with one, etcd demands that a peer's address is among them. It looks every name up, so there are no spare ones. */
function peerHosts(cluster: ResolvedCluster, etcd: EtcdName): Hosts {
  return { dnsNames: eachMember(cluster, (index) => [memberHost(cluster, etcd, index)]), ipAddresses: [] };
}

function eachMember({ etcd }: ResolvedCluster, hosts: (index: number) => readonly string[]): string[] {
  return (etcd?.members ?? []).flatMap((_, index) => hosts(index));
}

function componentHosts(cluster: ResolvedCluster, component: string): Hosts {
  const names = [component, `${component}.${cluster.namespace}.svc`, serviceHost(cluster, component)];
  return { dnsNames: [...names, ...LOOPBACK.dnsNames], ipAddresses: LOOPBACK.ipAddresses };
}
