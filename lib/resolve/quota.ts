import type { Quota } from '../model/definition.ts';
import type { ResolvedCluster, ResolvedResources } from '../model/resolved.ts';
import { inClusterOf } from '../model/resolved-endpoint.ts';
import { bytesQuantity, canonicalQuantity, coresQuantity, quantityValue } from '../units.ts';
import { DEFAULTS } from '../model/defaults.ts';

type Parts = Pick<ResolvedCluster, 'components' | 'etcd' | 'endpoint' | 'nodes'>;
type Share = { readonly containers: readonly ResolvedResources[]; readonly pods: number };

/** Room beside the running Pods: a surge of each component, Jobs, and what an operator starts by hand. */
const HEADROOM = 1.5;
const EXTRA_PODS = 6;

/** The namespace's quota, computed so that a rollout of everything at once still fits. */
export function resolveQuota(given: Quota | undefined, parts: Parts): ResolvedCluster['quota'] {
  const shares = sharesOf(parts);
  const sum = (amount: 'cpu' | 'memory'): number =>
    shares.reduce((total, { containers, pods }) => containers.reduce((inner, { requests }) => inner + quantityValue(requests[amount]) * pods, total), 0)
    + quantityValue(DEFAULTS.jobResources[amount]) * EXTRA_PODS;
  return {
    cpu: canonicalQuantity(given?.cpu ?? coresQuantity(Math.ceil(sum('cpu') * HEADROOM))),
    memory: canonicalQuantity(given?.memory ?? bytesQuantity(Math.ceil((sum('memory') * HEADROOM) / 2 ** 30) * 2 ** 30)),
    pods: given?.pods ?? shares.reduce((total, { pods }) => total + pods, EXTRA_PODS),
  };
}

/** Most Pods of each workload: twice as many during a rollout, and as many as autoscaling allows. */
function sharesOf({ components: { apiserver, controllerManager, scheduler }, etcd, endpoint, nodes: { access } }: Parts): Share[] {
  const proxy = inClusterOf(endpoint);
  const members = etcd?.members.length ?? 0;
  const etcds = etcd === null ? [] : [etcd, ...(etcd.events === null ? [] : [etcd.events])];
  return [
    ...etcds.map(({ resources }) => ({ containers: [resources], pods: members })),
    { containers: [apiserver.resources, ...(access.type === 'konnectivity' ? [access.resources] : []), ...(proxy === null ? [] : [proxy.resources])], pods: 2 * Math.max(apiserver.replicas, apiserver.autoscale?.max ?? 1) },
    { containers: [controllerManager.resources], pods: 2 * Math.max(controllerManager.replicas, 1) },
    { containers: [scheduler.resources], pods: 2 * Math.max(scheduler.replicas, 1) },
  ];
}
