import { PORTS } from '../model/names.ts';
import type { ResolvedCluster } from '../model/resolved.ts';
import type { CheckCode } from './advice.ts';
import type { Flow, FlowEnd, ProvidedObject, Waiver } from './input.ts';

interface Wanted {
  readonly source: string;
  readonly object: string;
  readonly codes: readonly CheckCode[];
}

/** What reaches into its machine, as its authors made it. */
const OF_THE_NODE = ['pod/not-restricted', 'pod/writable-root', 'pod/service-account-token'] as const;

/**
 * What is wanted so in a tenant: agents of the node, and Pods that talk to the API server of the very cluster that they are
 * in. Everything else that is asked of a control plane's Pods is asked of these too.
 */
const WANTED: readonly Wanted[] = [
  { source: 'network.kubeProxy', object: 'DaemonSet kube-system/kube-proxy', codes: OF_THE_NODE },
  { source: 'network.cni', object: 'DaemonSet kube-flannel/kube-flannel-ds', codes: OF_THE_NODE },
  // Its folder is root's, on the node; its token it mounts by itself.
  { source: 'network.cni', object: 'DaemonSet kube-system/kubewright-routes', codes: ['pod/not-restricted'] },
  // On the host's network, and nothing else of the host.
  { source: 'nodes.access', object: 'DaemonSet kube-system/konnectivity-agent', codes: ['pod/not-restricted', 'pod/service-account-token'] },
  // On the host's network, and root in one container, which may do nothing but give the host an address.
  { source: 'endpoint.expose', object: 'DaemonSet kube-system/kube-apiserver-proxy', codes: ['pod/not-restricted'] },
  // kubeadm's own: the image's user has no number, so that nobody can be asked to verify it.
  { source: 'dns', object: 'Deployment kube-system/coredns', codes: ['pod/not-restricted', 'pod/service-account-token'] },
  { source: 'metricsServer', object: 'Deployment kube-system/metrics-server', codes: ['pod/service-account-token'] },
];

export const TENANT_WAIVERS: readonly Waiver[] = WANTED.flatMap(({ source, object, codes }) => codes.map((code) => ({ code, source, object })));

/** ClusterRoles that bindings name beside Kubernetes' own: an add-on, or somebody, brings them. */
export function providedInTenant({ name: api, bindings, namespaces }: ResolvedCluster): ProvidedObject[] {
  const bound = [...bindings, ...namespaces.flatMap((namespace) => namespace.bindings)];
  return bound.map(({ clusterRole }) => ({ api, kind: 'ClusterRole', namespace: null, name: clusterRole, keys: null }));
}

/** Isolated namespaces: what must work there, and what must not. */
export function isolationOf({ name: api, namespaces }: ResolvedCluster): { readonly flows: readonly Flow[]; readonly denied: readonly Flow[] } {
  const pods = (namespace: string, labels: Record<string, string> = {}): FlowEnd => ({ labels, namespace, address: null });
  const flow = (from: FlowEnd, to: FlowEnd, port: number, protocol: Flow['protocol'] = 'TCP'): Flow => ({ api, from, to, port, protocol, source: 'namespaces' });
  const [dns, stranger] = [pods('kube-system', { 'k8s-app': 'kube-dns' }), pods('default')];
  const isolated = namespaces.filter((namespace) => namespace.isolated).map((namespace) => pods(namespace.name));
  return {
    flows: isolated.flatMap((own) => [flow(own, own, 8080), flow(own, dns, PORTS.dns, 'UDP'), flow(own, dns, PORTS.dns)]),
    denied: isolated.flatMap((own) => [flow(stranger, own, 8080), flow(own, stranger, 8080), flow(own, dns, 9153)]),
  };
}
