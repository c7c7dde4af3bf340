import type { Container, EnvVar, PodSpec, PodTemplateSpec, Probe, ResourceRequirements, TopologySpreadConstraint, Volume } from 'kubernetes-types/core/v1';
import { labelsOf, selectorOf, USER_ID, type ComponentName } from '../model/names.ts';
import type { ResolvedCluster, ResolvedComponent, ResolvedResources } from '../model/resolved.ts';
import type { Mount } from './mounts.ts';

/** One container, before it is in a Pod. */
export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: readonly EnvVar[];
  readonly ports: Readonly<Record<string, number>>;
  readonly probes: Pick<Container, 'startupProbe' | 'livenessProbe' | 'readinessProbe'>;
  readonly resources: ResolvedResources;
  readonly mounts: readonly Mount[];
}

/** One process of a control plane, before it is a Pod. */
export interface ProcessSpec extends ContainerSpec {
  readonly name: ComponentName;
  /** Containers that are there before the process, and until it has ended. */
  readonly sidecars: readonly ContainerSpec[];
  readonly priorityClass: string;
  readonly graceSeconds: number;
  /** Labels beside the common ones. */
  readonly labels: Readonly<Record<string, string>>;
  /** Annotations beside the common ones. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Digests of what the process reads only when it starts: a change of one restarts it. */
  readonly restartOn: Readonly<Record<string, string>>;
  /** On which hosts, and how many on one. */
  readonly placement: Pick<PodSpec, 'topologySpreadConstraints' | 'affinity'>;
}

/** The Pod that all components share: restricted, without a token of the meta cluster, without its Services' variables. */
export function podTemplate(cluster: ResolvedCluster, spec: ProcessSpec): PodTemplateSpec {
  return {
    metadata: {
      labels: { ...labelsOf(cluster.name, spec.name), ...spec.labels },
      annotations: { 'kubectl.kubernetes.io/default-container': spec.name, ...spec.annotations, ...spec.restartOn },
    },
    spec: {
      ...podDefaults(cluster, spec.priorityClass),
      ...spec.placement,
      terminationGracePeriodSeconds: spec.graceSeconds,
      ...(spec.sidecars.length === 0 ? {} : { initContainers: spec.sidecars.map((sidecar) => ({ ...containerOf(cluster, sidecar), restartPolicy: 'Always' })) }),
      containers: [containerOf(cluster, spec)],
      volumes: volumesOf([spec, ...spec.sidecars]),
    },
  };
}

/** Everything of a Pod that does not depend on what runs in it. */
export function podDefaults(cluster: ResolvedCluster, priorityClassName: string): Omit<PodSpec, 'containers'> {
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    priorityClassName,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: USER_ID,
      runAsGroup: USER_ID,
      fsGroup: USER_ID,
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
    },
    // Names here have many dots and are whole: without this each look-up asks four times (ndots is 5 by default).
    dnsConfig: { options: [{ name: 'ndots', value: '2' }] },
    ...(cluster.images.pullSecrets.length === 0 ? {} : { imagePullSecrets: cluster.images.pullSecrets.map((name) => ({ name })) }),
    ...(Object.keys(cluster.masterNodeSelector).length === 0 ? {} : { nodeSelector: cluster.masterNodeSelector }),
    ...(cluster.masterTolerations.length === 0 ? {} : { tolerations: [...cluster.masterTolerations] }),
  };
}

/** A volume that two containers share stands once. */
function volumesOf(containers: readonly ContainerSpec[]): Volume[] {
  const volumes = containers.flatMap(({ mounts }) => mounts.flatMap(({ volume }) => volume ?? []));
  return [...new Map(volumes.map((volume) => [volume.name, volume])).values()];
}

function containerOf(cluster: ResolvedCluster, spec: ContainerSpec): Container {
  return {
    name: spec.name,
    image: spec.image,
    imagePullPolicy: cluster.images.pullPolicy,
    command: [...spec.command],
    ...(spec.args.length === 0 ? {} : { args: [...spec.args] }),
    ...(spec.env.length === 0 ? {} : { env: [...spec.env] }),
    ports: Object.entries(spec.ports).map(([name, containerPort]) => ({ name, containerPort, protocol: 'TCP' })),
    ...spec.probes,
    resources: requirementsOf(spec.resources),
    securityContext: RESTRICTED,
    volumeMounts: spec.mounts.map(({ mount }) => mount),
  };
}

/** What Pod Security's `restricted` asks of a container, and a root file system that nobody writes to. */
export const RESTRICTED = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  readOnlyRootFilesystem: true,
};

export function requirementsOf({ requests, limits }: ResolvedResources): ResourceRequirements {
  const set = Object.entries(limits).filter((entry): entry is [string, string] => entry[1] !== null);
  return { requests, ...(set.length === 0 ? {} : { limits: Object.fromEntries(set) }) };
}

export function probe(path: string, port: string | number, scheme: 'HTTP' | 'HTTPS', timing: Pick<Probe, 'periodSeconds' | 'timeoutSeconds' | 'failureThreshold'>): Probe {
  return { httpGet: { path, port, scheme }, ...timing };
}

/** The author's variables, as Kubernetes spells them. */
export function extraEnvironment(component: ResolvedComponent): EnvVar[] {
  return component.env.map(({ name, value, secret, configMap }) => {
    if (secret) return { name, valueFrom: { secretKeyRef: secret } };
    if (configMap) return { name, valueFrom: { configMapKeyRef: configMap } };
    return { name, value: value ?? '' };
  });
}

export const podField = (name: string, fieldPath: string): EnvVar => ({ name, valueFrom: { fieldRef: { fieldPath } } });

/** Fewest hosts over which a standard control plane is spread. */
const HOSTS = 3;

/**
 * One Pod a host in standard mode, and zones as even as they can be. The revision is part of the count: with as many
 * hosts as Pods, the Pod of a new revision fits beside the one that it replaces (plain anti-affinity would refuse it). A host
 * whose taints keep these Pods away is none: empty for as long as it is dead or drained, it would hold all others to one Pod.
 */
export function spreadOf(cluster: ResolvedCluster, component: ComponentName, hosts: 'must' | 'should'): Pick<PodSpec, 'topologySpreadConstraints'> {
  if (cluster.mode === 'minimal') return {};
  const common = { maxSkew: 1, labelSelector: { matchLabels: selectorOf(cluster.name, component) }, matchLabelKeys: ['pod-template-hash'], nodeTaintsPolicy: 'Honor' };
  const hard = { whenUnsatisfiable: 'DoNotSchedule', minDomains: HOSTS } as const;
  const soft = { whenUnsatisfiable: 'ScheduleAnyway' } as const;
  const constraints: TopologySpreadConstraint[] = [
    { ...common, topologyKey: 'kubernetes.io/hostname', ...(hosts === 'must' ? hard : soft) },
    { ...common, topologyKey: 'topology.kubernetes.io/zone', ...soft },
  ];
  return { topologySpreadConstraints: constraints };
}
