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
