import type { DaemonSet, DaemonSetUpdateStrategy } from 'kubernetes-types/apps/v1';
import type { Affinity, EnvVar, HostPathVolumeSource, PodSpec, Volume, VolumeMount } from 'kubernetes-types/core/v1';
import type { PodDisruptionBudget } from 'kubernetes-types/policy/v1';
import type { Mount } from '../../lib/constructs/mounts.ts';
import { podField } from '../../lib/constructs/pod.ts';
import type { ResolvedCluster } from '../../lib/model/resolved.ts';
import { KUBE_SYSTEM, tenantLabels } from './names.ts';

/** Every image here is one for Linux. */
export const ON_LINUX = { 'kubernetes.io/os': 'linux' } as const;

/** A folder or file of the node. */
export function hostMount(name: string, path: string, type?: HostPathVolumeSource['type'], mount: Partial<VolumeMount> = {}): Mount {
  return { volume: { name, hostPath: { path, ...(type === undefined ? {} : { type }) } }, mount: { name, mountPath: path, ...mount } };
}

export const volumesOf = (mounts: readonly Mount[]): Volume[] => mounts.flatMap(({ volume }) => volume ?? []);
export const mountsOf = (mounts: readonly Mount[]): VolumeMount[] => mounts.map(({ mount }) => mount);

/** Where a Pod on the host's network finds the API server: not by the Service, for kube-proxy may not be there yet. */
export function apiVariables({ endpoint }: ResolvedCluster): EnvVar[] {
  return [{ name: 'KUBERNETES_SERVICE_HOST', value: endpoint.host }, { name: 'KUBERNETES_SERVICE_PORT', value: String(endpoint.port) }];
}

type Pace = NonNullable<DaemonSetUpdateStrategy['rollingUpdate']>;

/** A tenth of the nodes at a time: the old Pod first goes, or the new one first comes. */
const IN_TURN: Pace = { maxUnavailable: '10%' };
export const SURGE: Pace = { maxSurge: '10%', maxUnavailable: 0 };

/** A Pod on each node. */
export function onEveryNode(name: string, selector: Record<string, string>, annotations: Record<string, string>, spec: PodSpec, pace = IN_TURN): DaemonSet {
  const labels = tenantLabels(selector);
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace: KUBE_SYSTEM, labels },
    spec: {
      selector: { matchLabels: selector },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: pace },
      template: { metadata: { labels, ...(Object.keys(annotations).length === 0 ? {} : { annotations }) }, spec },
    },
  };
}

/** The node that a Pod is on. */
export const NODE_NAME = podField('NODE_NAME', 'spec.nodeName');

/** On different nodes while there are some; a cluster of one node has all of them there. */
export const apart = (labels: Record<string, string>): Affinity => ({
  podAntiAffinity: {
    preferredDuringSchedulingIgnoredDuringExecution: [
      { weight: 100, podAffinityTerm: { labelSelector: { matchLabels: labels }, topologyKey: 'kubernetes.io/hostname' } },
    ],
  },
});

/** One at a time may be taken away; of a single Pod nobody promises anything. */
export function disruptionBudget(name: string, labels: Record<string, string>, replicas: number): PodDisruptionBudget[] {
  if (replicas === 1) return [];
  return [{
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name, namespace: KUBE_SYSTEM, labels: tenantLabels(labels) },
    spec: { maxUnavailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow', selector: { matchLabels: labels } },
  }];
}
