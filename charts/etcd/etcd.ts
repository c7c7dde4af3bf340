import type { StatefulSet } from 'kubernetes-types/apps/v1';
import type { PersistentVolumeClaim, Service, Volume } from 'kubernetes-types/core/v1';
import type { PodDisruptionBudget } from 'kubernetes-types/policy/v1';
import { restartOn } from '../../lib/constructs/digest.ts';
import { configMount, secretMount, trustMount, type Mount } from '../../lib/constructs/mounts.ts';
import type { KubernetesObject } from '../../lib/constructs/place.ts';
import { podField, podTemplate, probe, type ProcessSpec } from '../../lib/constructs/pod.ts';
import { holdsState } from '../../lib/constructs/protect.ts';
import { ETCD_VOLUME, labelsOf, memberName, PATHS, PORTS, PRIORITY_CLASSES, selectorOf } from '../../lib/model/names.ts';
import type { ResolvedStorage } from '../../lib/model/resolved.ts';
import { certificateOf, type PkiLock } from '../../lib/pki/plan.ts';
import { commonSettings, etcdConfigMap, type EtcdSubject } from './config.ts';
import { defragmentationSeconds } from './pace.ts';

/** An etcd: its members, their configuration, and the Services by which peers and clients know them. */
export function etcdObjects(subject: EtcdSubject, lock: PkiLock): KubernetesObject[] {
  return [
    peersService(subject),
    ...subject.etcd.members.map((_, index) => memberService(subject, index)),
    etcdConfigMap(subject),
    disruptionBudget(subject),
    members(subject, lock),
  ];
}

const PORT_NAMES = { client: PORTS.etcdClient, peer: PORTS.etcdPeer, metrics: PORTS.etcdMetrics } as const;

const servicePort = (name: keyof typeof PORT_NAMES) => ({ name, port: PORT_NAMES[name], protocol: 'TCP', targetPort: name });

/** Names the members. It publishes them before they are ready: they need each other to become so. */
function peersService({ cluster, name }: EtcdSubject): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: cluster.namespace, labels: labelsOf(cluster.name, name) },
    spec: {
      clusterIP: 'None',
      publishNotReadyAddresses: true,
      selector: selectorOf(cluster.name, name),
      ports: [servicePort('client'), servicePort('peer'), servicePort('metrics')],
    },
  };
}

/** One member's own address, which outlives its Pods; published when not ready too, for repair. */
function memberService({ cluster, name }: EtcdSubject, index: number): Service {
  const member = memberName(name, index);
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: member, namespace: cluster.namespace, labels: labelsOf(cluster.name, name) },
    spec: {
      publishNotReadyAddresses: true,
      selector: { ...selectorOf(cluster.name, name), 'statefulset.kubernetes.io/pod-name': member },
      ports: [servicePort('client')],
    },
  };
}

/** One member may be away; a second one would take the quorum. */
function disruptionBudget({ cluster, name }: EtcdSubject): PodDisruptionBudget {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name, namespace: cluster.namespace, labels: labelsOf(cluster.name, name) },
    spec: { maxUnavailable: 1, selector: { matchLabels: selectorOf(cluster.name, name) } },
  };
}

/**
 * All members start together, so that a new cluster forms; an update takes one at a time and waits until it has caught
 * up, because readiness needs quorum and a member that follows its leader.
 */
function members(subject: EtcdSubject, lock: PkiLock): StatefulSet {
  const { cluster, name, etcd, own } = subject;
  const labels = selectorOf(cluster.name, name);
  const template = podTemplate(cluster, {
    name,
    image: etcd.image,
    command: ['etcd', `--config-file=${PATHS.etcdConfig}/$(POD_NAME).yaml`],
    args: [],
    env: [podField('POD_NAME', 'metadata.name')],
    ports: PORT_NAMES,
    probes: probesOf(subject),
    resources: own.resources,
    mounts: mountsOf(subject),
    sidecars: [],
    priorityClass: PRIORITY_CLASSES.etcd,
    graceSeconds: 30,
    labels: {},
    annotations: {},
    restartOn: {
      ...restartOn('settings', commonSettings(subject)),
      ...restartOn('trust', ['etcd-ca', 'etcd-peer-ca'].map((authority) => certificateOf(lock, authority).certificate)),
    },
    placement: hostsOf(subject),
  });
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: holdsState(cluster, { name, namespace: cluster.namespace, labels: labelsOf(cluster.name, name) }),
    spec: {
      replicas: cluster.state === 'hibernated' ? 0 : etcd.members.length,
      serviceName: name,
      podManagementPolicy: 'Parallel',
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
      revisionHistoryLimit: 3,
      selector: { matchLabels: labels },
      template,
      ...(own.storage.type === 'emptyDir' ? {} : { volumeClaimTemplates: [claimTemplate(own.storage)] }),
    },
  };
}

/** Never on a host that has a member already: such a host would take two with it. */
function hostsOf({ cluster, name }: EtcdSubject): ProcessSpec['placement'] {
  if (cluster.mode === 'minimal') return {};
  const labelSelector = { matchLabels: selectorOf(cluster.name, name) };
  return {
    affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector, topologyKey: 'kubernetes.io/hostname' }] } },
    topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway', labelSelector }],
  };
}

/**
 * Liveness asks the member alone, or a lost quorum would end the rest of it, and waits for one that is defragmented and
 * answers nobody. Readiness asks for the quorum. Start allows for ten minutes of reading a large log back.
 */
const probesOf = ({ own }: EtcdSubject): ProcessSpec['probes'] => ({
  startupProbe: probe('/livez', 'metrics', 'HTTP', { periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 300 }),
  livenessProbe: probe('/livez', 'metrics', 'HTTP', { periodSeconds: 10, timeoutSeconds: 5, failureThreshold: Math.ceil(defragmentationSeconds(own.quotaBytes) / 10) }),
  readinessProbe: probe('/readyz', 'metrics', 'HTTP', { periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 3 }),
});

function mountsOf({ name, own }: EtcdSubject): Mount[] {
  return [
    configMount(`${name}-config`, PATHS.etcdConfig),
    secretMount(`${name}-server`),
    secretMount(`${name}-peer`),
    trustMount(['etcd-ca', 'etcd-peer-ca']),
    { volume: dataVolume(own.storage), mount: { name: ETCD_VOLUME, mountPath: PATHS.etcdData } },
  ];
}

function dataVolume(storage: ResolvedStorage): Volume | null {
  if (storage.type !== 'emptyDir') return null;
  const { medium, sizeLimit } = storage;
  return { name: ETCD_VOLUME, emptyDir: { ...(medium === '' ? {} : { medium }), sizeLimit } };
}

/**
 * Written in full, status too: otherwise the API server's own defaults would look like a change for ever. It
 * can never be changed; the claims beside it are what counts.
 */
function claimTemplate(storage: Exclude<ResolvedStorage, { type: 'emptyDir' }>): PersistentVolumeClaim {
  const storageClass = storage.type === 'claimTemplate' ? storage.storageClass : '';
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: ETCD_VOLUME },
    spec: {
      accessModes: ['ReadWriteOnce'],
      ...(storageClass === null ? {} : { storageClassName: storageClass }),
      resources: { requests: { storage: storage.size } },
      volumeMode: 'Filesystem',
    },
    status: { phase: 'Pending' },
  };
}
