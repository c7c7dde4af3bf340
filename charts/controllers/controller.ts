import type { Deployment } from 'kubernetes-types/apps/v1';
import type { ConfigMap, Service } from 'kubernetes-types/core/v1';
import type { PodDisruptionBudget } from 'kubernetes-types/policy/v1';
import { argumentsOf, always, type Flag } from '../../lib/constructs/flags.ts';
import { configFile, configMount, extraMounts, pkiFile, secretMount, trustFile, trustMount } from '../../lib/constructs/mounts.ts';
import type { KubernetesObject } from '../../lib/constructs/place.ts';
import { extraEnvironment, podTemplate, spreadOf, type ProcessSpec } from '../../lib/constructs/pod.ts';
import { labelsOf, PATHS, PRIORITY_CLASSES, selectorOf, TLS } from '../../lib/model/names.ts';
import type { ResolvedCluster, ResolvedComponent } from '../../lib/model/resolved.ts';

/** What tells controller-manager and scheduler apart; everything else is the same for both. */
export interface ControllerSpec {
  readonly name: 'kube-controller-manager' | 'kube-scheduler';
  /** Its Secrets: `<secret>` with the client certificate, `<secret>-serving` with its own. */
  readonly secret: 'controller-manager' | 'scheduler';
  readonly component: (cluster: ResolvedCluster) => ResolvedComponent;
  readonly port: number;
  readonly probes: ProcessSpec['probes'];
  readonly flags: readonly Flag<ResolvedCluster>[];
  readonly config: (cluster: ResolvedCluster) => Readonly<Record<string, string>>;
  /** Secrets beside the two. */
  readonly secrets: readonly string[];
  readonly restartOn: Readonly<Record<string, string>>;
}

/** A component that elects a leader and talks to the API server only. */
export function controllerObjects(cluster: ResolvedCluster, spec: ControllerSpec): KubernetesObject[] {
  return [configMap(cluster, spec), metricsService(cluster, spec), disruptionBudget(cluster, spec), deployment(cluster, spec)];
}

/**
 * Arguments that both have. The authorities for clients are given as files, so that a start needs no answer of the API
 * server: without them both exit when it is not there yet.
 */
export const commonFlags = (kubeconfig: string, secret: string, port: number): readonly Flag<ResolvedCluster>[] => [
  always('authentication-kubeconfig', kubeconfig),
  always('authorization-kubeconfig', kubeconfig),
  // The kubelet's probes come from the node. kubeadm writes 127.0.0.1, which is for host networks.
  always('bind-address', '0.0.0.0'),
  always('client-ca-file', trustFile('client-ca')),
  always('requestheader-client-ca-file', trustFile('front-proxy-ca')),
  always('requestheader-allowed-names', 'front-proxy-client'),
  always('secure-port', port),
  always('tls-cert-file', pkiFile(`${secret}-serving`, TLS.certificate)),
  always('tls-private-key-file', pkiFile(`${secret}-serving`, TLS.key)),
  always('tls-min-version', 'VersionTLS12'),
];

export const KUBECONFIG = configFile('kubeconfig.yaml');

const metadata = (cluster: ResolvedCluster, { name }: ControllerSpec, suffix = '') =>
  ({ name: `${name}${suffix}`, namespace: cluster.namespace, labels: labelsOf(cluster.name, name) });

const configMap = (cluster: ResolvedCluster, spec: ControllerSpec): ConfigMap =>
  ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata(cluster, spec, '-config'), data: { ...spec.config(cluster) } });

/** A name for its metrics, which its serving certificate has. */
function metricsService(cluster: ResolvedCluster, spec: ControllerSpec): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata(cluster, spec),
    spec: { clusterIP: 'None', selector: selectorOf(cluster.name, spec.name), ports: [{ name: 'https', port: spec.port, protocol: 'TCP', targetPort: 'https' }] },
  };
}

function disruptionBudget(cluster: ResolvedCluster, spec: ControllerSpec): PodDisruptionBudget {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: metadata(cluster, spec),
    spec: { maxUnavailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow', selector: { matchLabels: selectorOf(cluster.name, spec.name) } },
  };
}

/**
 * The new Pod is there before the old one goes. A scheduler that stops gives its lease up; a controller-manager does not,
 * so that after it nobody leads until the lease has run out (15 s).
 */
function deployment(cluster: ResolvedCluster, spec: ControllerSpec): Deployment {
  const component = spec.component(cluster);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadata(cluster, spec),
    spec: {
      replicas: component.replicas,
      revisionHistoryLimit: 2,
      progressDeadlineSeconds: 900,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      selector: { matchLabels: selectorOf(cluster.name, spec.name) },
      template: controllerPod(cluster, spec, component),
    },
  };
}

function controllerPod(cluster: ResolvedCluster, spec: ControllerSpec, component: ResolvedComponent) {
  return podTemplate(cluster, {
    name: spec.name,
    image: component.image,
    command: [spec.name],
    args: argumentsOf(spec.flags, cluster, component.args),
    env: extraEnvironment(component),
    ports: { https: spec.port },
    probes: spec.probes,
    resources: component.resources,
    mounts: [
      configMount(`${spec.name}-config`, PATHS.config),
      trustMount(['server-ca', 'client-ca', 'front-proxy-ca']),
      ...[spec.secret, `${spec.secret}-serving`, ...spec.secrets].map((secret) => secretMount(secret)),
      ...extraMounts(component),
    ],
    sidecars: [],
    priorityClass: PRIORITY_CLASSES.controlPlane,
    graceSeconds: 30,
    labels: {},
    annotations: {},
    restartOn: spec.restartOn,
    placement: spreadOf(cluster, spec.name, 'should'),
  });
}
