import type { Deployment } from 'kubernetes-types/apps/v1';
import type { HorizontalPodAutoscaler, MetricSpec } from 'kubernetes-types/autoscaling/v2';
import type { ConfigMap } from 'kubernetes-types/core/v1';
import type { PodDisruptionBudget } from 'kubernetes-types/policy/v1';
import { restartOn } from '../../lib/constructs/digest.ts';
import { argumentsOf } from '../../lib/constructs/flags.ts';
import { configMount, emptyMount, extraMounts, secretMount, trustMount, type Mount } from '../../lib/constructs/mounts.ts';
import type { KubernetesObject } from '../../lib/constructs/place.ts';
import { extraEnvironment, podField, podTemplate, probe, spreadOf, type ContainerSpec, type ProcessSpec } from '../../lib/constructs/pod.ts';
import { labelsOf, PATHS, pkiPath, PRIORITY_CLASSES, selectorOf, servesLabel } from '../../lib/model/names.ts';
import type { ResolvedCluster } from '../../lib/model/resolved.ts';
import { inClusterOf } from '../../lib/model/resolved-endpoint.ts';
import { certificateOf, keyOf, type PkiLock } from '../../lib/pki/plan.ts';
import { has } from '../../lib/versions/gates.ts';
import { minorsServedBy } from '../../lib/versions/skew.ts';
import { configFiles, restartingFiles } from './config-files.ts';
import { APISERVER_FLAGS } from './flags.ts';
import { konnectivityConfig, konnectivityRestart, konnectivitySidecar, socketMount } from './konnectivity.ts';
import { proxySidecar } from './proxy.ts';

const NAME = 'kube-apiserver';

/** kube-apiserver without its Services. */
export function apiserverObjects(cluster: ResolvedCluster, lock: PkiLock): KubernetesObject[] {
  return [
    configMap(cluster),
    ...(cluster.nodes.access.type === 'konnectivity' ? [konnectivityConfig(cluster)] : []),
    disruptionBudget(cluster),
    deployment(cluster, lock),
    ...(cluster.components.apiserver.autoscale === null ? [] : [autoscaler(cluster)]),
  ];
}

const metadata = (cluster: ResolvedCluster, name: string = NAME) =>
  ({ name, namespace: cluster.namespace, labels: labelsOf(cluster.name, NAME) });

const configMap = (cluster: ResolvedCluster): ConfigMap =>
  ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata(cluster, `${NAME}-config`), data: configFiles(cluster) });

/** A Pod that is broken anyway may go: it must not hold up the emptying of a node. */
function disruptionBudget(cluster: ResolvedCluster): PodDisruptionBudget {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: metadata(cluster),
    spec: { maxUnavailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow', selector: { matchLabels: selectorOf(cluster.name, NAME) } },
  };
}

/** Replaced one at a time, a new one first: no request is refused during a rollout. */
function deployment(cluster: ResolvedCluster, lock: PkiLock): Deployment {
  const { apiserver } = cluster.components;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadata(cluster),
    spec: {
      // An autoscaler owns the number: a manifest that states it would set it back at each sync.
      ...(apiserver.autoscale === null ? { replicas: apiserver.replicas } : {}),
      revisionHistoryLimit: 2,
      minReadySeconds: 5,
      progressDeadlineSeconds: 900,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      selector: { matchLabels: selectorOf(cluster.name, NAME) },
      template: apiserverPod(cluster, lock),
    },
  };
}

/** Requests under way when a Pod stops may take this long after the drain. */
const REQUEST_SECONDS = 60;

function apiserverPod(cluster: ResolvedCluster, lock: PkiLock) {
  const { components: { apiserver }, nodes: { access } } = cluster;
  return podTemplate(cluster, {
    name: NAME,
    image: apiserver.image,
    command: [NAME],
    args: argumentsOf(APISERVER_FLAGS, cluster, apiserver.args),
    env: [podField('POD_IP', 'status.podIP'), ...extraEnvironment(apiserver)],
    ports: { https: apiserver.securePort },
    probes: probesOf(cluster),
    resources: apiserver.resources,
    mounts: mountsOf(cluster),
    sidecars: sidecarsOf(cluster),
    priorityClass: PRIORITY_CLASSES.apiserver,
    graceSeconds: apiserver.drainSeconds + REQUEST_SECONDS,
    labels: Object.fromEntries(minorsServedBy(apiserver.minor).map((minor) => [servesLabel(minor), 'true'])),
    annotations: access.type === 'multus' ? { 'k8s.v1.cni.cncf.io/networks': access.network } : {},
    restartOn: restartingContent(cluster, lock),
    placement: spreadOf(cluster, NAME, 'must'),
  });
}

function sidecarsOf(cluster: ResolvedCluster): ContainerSpec[] {
  const { endpoint, nodes: { access } } = cluster;
  const proxy = inClusterOf(endpoint);
  return [...(access.type === 'konnectivity' ? [konnectivitySidecar(access)] : []), ...(proxy === null ? [] : [proxySidecar(cluster, proxy)])];
}

/** Liveness leaves etcd out: its failure must not end all API servers at once. */
const ALIVE = '/livez?exclude=etcd';

/** A store of events that is away costs events, no more: it must not take every API server out of its Services. */
const READY_WITHOUT_EVENTS = '/readyz?exclude=etcd-override-0&exclude=etcd-override-readiness-0';

function probesOf({ datastore, components: { apiserver } }: ResolvedCluster): ProcessSpec['probes'] {
  const asksEvents = datastore.eventsEndpoints.length > 0 && has(apiserver.minor, 'etcdOverrideChecks');
  return {
    startupProbe: probe(ALIVE, 'https', 'HTTPS', { periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 150 }),
    livenessProbe: probe(ALIVE, 'https', 'HTTPS', { periodSeconds: 10, timeoutSeconds: 15, failureThreshold: 8 }),
    readinessProbe: probe(asksEvents ? READY_WITHOUT_EVENTS : '/readyz', 'https', 'HTTPS', { periodSeconds: 1, timeoutSeconds: 15, failureThreshold: 3 }),
  };
}

/** Of what the API server reads at its start only: files, etcd's authority, the key that signs tokens. */
function restartingContent(cluster: ResolvedCluster, lock: PkiLock): Record<string, string> {
  const serviceAccount = keyOf(lock, 'service-account');
  return {
    ...restartOn('config', restartingFiles(cluster)),
    ...(cluster.datastore.external ? {} : restartOn('trust', certificateOf(lock, 'etcd-ca').certificate)),
    ...(cluster.nodes.access.type === 'konnectivity' ? konnectivityRestart(cluster, lock) : {}),
    ...restartOn('service-account', serviceAccount.kind === 'serviceAccount' ? serviceAccount.publicKey : ''),
  };
}

function mountsOf(cluster: ResolvedCluster): Mount[] {
  const { datastore, encryption, audit, authorization, nodes } = cluster;
  const authors = [datastore.credentials, audit.webhook?.kubeconfig ?? null, ...authorization.webhooks.map((webhook) => webhook.kubeconfig)];
  return [
    configMount(`${NAME}-config`, PATHS.config),
    trustMount(['client-ca', 'front-proxy-ca', ...(datastore.external ? [] : ['etcd-ca'])]),
    ...['apiserver', 'apiserver-kubelet-client', 'front-proxy-client', 'service-account'].map((secret) => secretMount(secret)),
    ...(datastore.external ? [] : [secretMount('apiserver-etcd-client')]),
    ...encryptionMount(encryption),
    ...(nodes.access.type === 'konnectivity' ? [socketMount()] : []),
    ...[...new Set(authors)].flatMap((secret) => (secret === null ? [] : [secretMount(secret)])),
    ...(audit.policy !== null && audit.log.to === 'volume' ? [emptyMount('audit-log', PATHS.auditLog, auditVolumeSize(audit.log))] : []),
    ...extraMounts(cluster.components.apiserver),
  ];
}

/** The configuration of a KMS plugin holds no key, so it is no Secret. */
function encryptionMount({ provider }: ResolvedCluster['encryption']): Mount[] {
  if (provider === 'none') return [];
  return [provider === 'kms' ? configMount('encryption', pkiPath('encryption')) : secretMount('encryption')];
}

/** All files that are kept, the one being written, and one that is being rotated. */
const auditVolumeSize = ({ maxSizeMegabytes, maxBackups }: ResolvedCluster['audit']['log']): string => `${maxSizeMegabytes * (maxBackups + 2)}Mi`;

function autoscaler(cluster: ResolvedCluster): HorizontalPodAutoscaler {
  const { autoscale } = cluster.components.apiserver;
  if (autoscale === null) throw new Error(`${cluster.name} has no autoscaler`);
  // Of the API server alone: what is beside it would thin the average out.
  const metric = (name: string, averageUtilization: number | null): MetricSpec[] => (averageUtilization === null ? [] : [
    { type: 'ContainerResource', containerResource: { container: NAME, name, target: { type: 'Utilization', averageUtilization } } },
  ]);
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: metadata(cluster),
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: NAME },
      minReplicas: autoscale.min,
      maxReplicas: autoscale.max,
      metrics: [...metric('cpu', autoscale.cpu), ...metric('memory', autoscale.memory)],
      // Up at once, down slowly: each API server that goes takes its clients' watches with it.
      behavior: {
        scaleUp: { stabilizationWindowSeconds: 60, selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 60 }] },
        scaleDown: { stabilizationWindowSeconds: 1800, selectPolicy: 'Max', policies: [{ type: 'Pods', value: 1, periodSeconds: 300 }] },
      },
    },
  };
}
