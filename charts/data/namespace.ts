import type { Namespace, ResourceQuota } from 'kubernetes-types/core/v1';
import { holdsState, isLeaving } from '../../lib/constructs/protect.ts';
import type { KubernetesObject } from '../../lib/constructs/place.ts';
import { labelsOf, RING_LABEL, STATE_LABEL } from '../../lib/model/names.ts';
import type { ResolvedCluster } from '../../lib/model/resolved.ts';

/** The namespace of a control plane, restricted, with an upper limit on what it may take from the meta cluster. */
export function namespaceObjects(cluster: ResolvedCluster): KubernetesObject[] {
  return [namespace(cluster), quota(cluster)];
}

const LEVEL = 'restricted';

function namespace(cluster: ResolvedCluster): Namespace {
  const security = ['enforce', 'warn', 'audit'].map((mode) => [`pod-security.kubernetes.io/${mode}`, LEVEL]);
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: holdsState(cluster, {
      name: cluster.namespace,
      labels: { ...labelsOf(cluster.name, 'control-plane'), [RING_LABEL]: cluster.ring, ...Object.fromEntries(security), ...(isLeaving(cluster) ? { [STATE_LABEL]: cluster.state } : {}) },
    }),
  };
}

function quota(cluster: ResolvedCluster): ResourceQuota {
  return {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'control-plane', namespace: cluster.namespace, labels: labelsOf(cluster.name, 'control-plane') },
    spec: {
      hard: {
        pods: String(cluster.quota.pods),
        'requests.cpu': cluster.quota.cpu,
        'requests.memory': cluster.quota.memory,
        'services.loadbalancers': cluster.endpoint.expose.type === 'loadBalancer' ? '1' : '0',
        'services.nodeports': String(nodePortsOf(cluster)),
      },
    },
  };
}

/** One for each port of the outer Service, where that kind of Service takes any: the API's, and that of the tunnels. */
function nodePortsOf({ endpoint, nodes }: ResolvedCluster): number {
  const ports = nodes.access.type === 'konnectivity' ? 2 : 1;
  return { nodePort: ports, loadBalancer: ports, dnsRoundRobin: 0, gateway: 0 }[endpoint.expose.type];
}
