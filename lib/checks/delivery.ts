import { PORTS, selectorOf } from '../model/names.ts';
import { givesRights, type ResolvedDelivery } from '../model/resolved-delivery.ts';
import type { ResolvedCluster } from '../model/resolved.ts';
import type { Flow, FlowEnd, ProvidedObject } from './input.ts';

const TOOLS = ['argocd', 'flux'] as const;

/** The tools that apply what belongs inside a cluster. */
export const toolsOf = ({ delivery }: ResolvedCluster): ('argocd' | 'flux')[] => TOOLS.filter((tool) => delivery?.[tool] != null);

/** What delivery opens, and what stays shut all the same. */
export function deliveryFlows(cluster: ResolvedCluster): { readonly flows: readonly Flow[]; readonly denied: readonly Flow[] } {
  const { delivery, namespace, components, meta: { name: api } } = cluster;
  const pods = (component: Parameters<typeof selectorOf>[1]): FlowEnd => ({ labels: selectorOf(cluster.name, component), namespace, address: null });
  const tools = toolsOf(cluster).map((tool): FlowEnd => ({ labels: { 'app.kubernetes.io/name': tool }, namespace: delivery?.[tool]?.namespace ?? null, address: null }));
  const [apiserver, rights] = [pods('kube-apiserver'), pods('delivery-rights')];
  const flow = (from: FlowEnd, to: FlowEnd, port: number): Flow => ({ api, from, to, port, protocol: 'TCP', source: 'delivery' });
  const inside = givesRights(cluster) ? [rights] : [];
  return {
    flows: [...tools, ...inside].map((from) => flow(from, apiserver, components.apiserver.securePort)),
    denied: cluster.etcd === null ? [] : [...tools, ...inside].map((from) => flow(from, pods('etcd'), PORTS.etcdClient)),
  };
}

/** What the meta cluster's own files bring, and an operator applies once: where the objects of every cluster get their content from. */
export function providedForDelivery(meta: string, delivery: ResolvedDelivery | null): ProvidedObject[] {
  if (delivery?.flux == null) return [];
  return [{ api: meta, kind: 'GitRepository', namespace: delivery.flux.namespace, name: meta, keys: null }];
}
