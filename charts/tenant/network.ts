import type { KubernetesObject } from '../../lib/constructs/place.ts';
import type { ResolvedCluster } from '../../lib/model/resolved.ts';
import { flannelObjects } from './flannel.ts';
import { routesObjects } from './routes.ts';

/** The network of Pods that the definition asks for. */
export function networkObjects(cluster: ResolvedCluster): KubernetesObject[] {
  const { cni } = cluster.network;
  switch (cni.type) {
    case 'flannel':
      return flannelObjects(cluster, cni);
    case 'routes':
      return routesObjects(cluster);
    case 'none':
      return [];
  }
}
