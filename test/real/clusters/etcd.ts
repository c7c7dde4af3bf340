import type { EtcdName } from '../../../lib/model/names.ts';
import type { Kubectl } from './kubectl.ts';

/** Runs etcdctl inside the first member of one etcd of a hosted control plane, against endpoints that may be anybody's. */
export function etcdctlAt(endpoints: string, kubectl: Kubectl, namespace: string, etcd: EtcdName, ...args: readonly string[]): Promise<string> {
  const client = [
    '--cacert=/etc/kubernetes/trust/etcd-ca.crt',
    `--cert=/etc/kubernetes/pki/${etcd}-server/tls.crt`,
    `--key=/etc/kubernetes/pki/${etcd}-server/tls.key`,
  ];
  return kubectl.run(['-n', namespace, 'exec', `${etcd}-0`, '-c', etcd, '--', 'etcdctl', ...client, `--endpoints=${endpoints}`, ...args]);
}

/** Runs etcdctl against the first member of one etcd. */
export const etcdctlOf = (kubectl: Kubectl, namespace: string, etcd: EtcdName, ...args: readonly string[]): Promise<string> =>
  etcdctlAt('https://localhost:2379', kubectl, namespace, etcd, ...args);

/** Runs etcdctl against the first member of the main etcd. */
export const etcdctl = (kubectl: Kubectl, namespace: string, ...args: readonly string[]): Promise<string> => etcdctlOf(kubectl, namespace, 'etcd', ...args);

/** The members that say of themselves that they take part in a quorum. */
export async function healthyMembers(kubectl: Kubectl, namespace: string, etcd: EtcdName = 'etcd'): Promise<string[]> {
  const answer = await etcdctlOf(kubectl, namespace, etcd, 'endpoint', 'health', '--cluster', '--write-out=json');
  const members = JSON.parse(answer) as { readonly endpoint: string; readonly health: boolean }[];
  return members.filter(({ health }) => health).map(({ endpoint }) => endpoint);
}

/** A member as etcd's own list has it. */
export interface ListedMember {
  readonly name: string;
  readonly peerUrl: string;
  /** Another one after it was taken off the list and in again. */
  readonly id: string;
}

/** etcd's list of its members, by name. */
export async function listedMembers(kubectl: Kubectl, namespace: string, etcd: EtcdName = 'etcd'): Promise<ListedMember[]> {
  const lines = (await etcdctlOf(kubectl, namespace, etcd, 'member', 'list')).trim().split('\n').map((line) => line.split(', '));
  const members = lines.map(([id = '', , name = '', peerUrl = '']) => ({ id, name, peerUrl }));
  return members.sort((a, b) => (a.peerUrl < b.peerUrl ? -1 : 1));
}

/** The member that leads, by its name. Ids are compared as text: as numbers they would be rounded. */
export async function leadingMember(kubectl: Kubectl, namespace: string): Promise<string> {
  const answer = await etcdctl(kubectl, namespace, 'endpoint', 'status', '--cluster', '--write-out=json');
  const rows = [...answer.matchAll(/"Endpoint":"https:\/\/([^."]+)[^}]*"member_id":(\d+)[^}]*\}[^}]*"leader":(\d+)/g)];
  const [, name] = rows.find(([, , id, leader]) => id === leader) ?? [];
  if (name === undefined) throw new Error(`nobody leads: ${answer}`);
  return name;
}

/** The election that the first member knows of last: each has a higher number. */
export async function raftTerm(kubectl: Kubectl, namespace: string): Promise<number> {
  const [status] = JSON.parse(await etcdctl(kubectl, namespace, 'endpoint', 'status', '--write-out=json')) as { readonly Status: { readonly header: { readonly raft_term: number } } }[];
  return status?.Status.header.raft_term ?? 0;
}

/** The hash that each member has of everything up to one revision. */
export async function hashesOf(kubectl: Kubectl, namespace: string): Promise<number[]> {
  const status = JSON.parse(await etcdctl(kubectl, namespace, 'endpoint', 'status', '--write-out=json')) as { readonly Status: { readonly header: { readonly revision: number } } }[];
  const answer = await etcdctl(kubectl, namespace, 'endpoint', 'hashkv', '--cluster', `--rev=${status[0]?.Status.header.revision ?? 0}`, '--write-out=json');
  return (JSON.parse(answer) as { readonly HashKV: { readonly hash: number } }[]).map(({ HashKV }) => HashKV.hash);
}
