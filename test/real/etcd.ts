import type { Kubectl } from './kubectl.ts';

const CLIENT = [
  '--cacert=/etc/kubernetes/trust/etcd-ca.crt',
  '--cert=/etc/kubernetes/pki/etcd-server/tls.crt',
  '--key=/etc/kubernetes/pki/etcd-server/tls.key',
];

/** Runs etcdctl inside the first member of a hosted control plane. */
export function etcdctl(kubectl: Kubectl, namespace: string, ...args: readonly string[]): Promise<string> {
  return kubectl.run(['-n', namespace, 'exec', 'etcd-0', '-c', 'etcd', '--', 'etcdctl', ...CLIENT, '--endpoints=https://localhost:2379', ...args]);
}

/** The members that say of themselves that they take part in a quorum. */
export async function healthyMembers(kubectl: Kubectl, namespace: string): Promise<string[]> {
  const answer = await etcdctl(kubectl, namespace, 'endpoint', 'health', '--cluster', '--write-out=json');
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
export async function listedMembers(kubectl: Kubectl, namespace: string): Promise<ListedMember[]> {
  const lines = (await etcdctl(kubectl, namespace, 'member', 'list')).trim().split('\n').map((line) => line.split(', '));
  const members = lines.map(([id = '', , name = '', peerUrl = '']) => ({ id, name, peerUrl }));
  return members.sort((a, b) => (a.peerUrl < b.peerUrl ? -1 : 1));
}

/** The hash that each member has of everything up to one revision. */
export async function hashesOf(kubectl: Kubectl, namespace: string): Promise<number[]> {
  const status = JSON.parse(await etcdctl(kubectl, namespace, 'endpoint', 'status', '--write-out=json')) as { readonly Status: { readonly header: { readonly revision: number } } }[];
  const answer = await etcdctl(kubectl, namespace, 'endpoint', 'hashkv', '--cluster', `--rev=${status[0]?.Status.header.revision ?? 0}`, '--write-out=json');
  return (JSON.parse(answer) as { readonly HashKV: { readonly hash: number } }[]).map(({ HashKV }) => HashKV.hash);
}
