import type { PersistentVolume, PersistentVolumeClaim, PersistentVolumeClaimSpec } from 'kubernetes-types/core/v1';
import { holdsState } from '../../lib/constructs/protect.ts';
import type { KubernetesObject } from '../../lib/constructs/place.ts';
import { claimName, labelsOf, type EtcdName } from '../../lib/model/names.ts';
import type { ResolvedCluster, ResolvedStorage } from '../../lib/model/resolved.ts';

/**
 * A claim for each member under the name that the StatefulSet's template would take, so that size and class are changed
 * here and the template stays as it was first rendered; and the volumes themselves where they are folders of hosts.
 */
export function memberVolumes(cluster: ResolvedCluster, etcd: EtcdName, storage: ResolvedStorage): KubernetesObject[] {
  const indices = cluster.etcd?.members.map((_, index) => index) ?? [];
  switch (storage.type) {
    case 'emptyDir':
      return [];
    case 'claimTemplate':
      return indices.map((index) => claim(cluster, etcd, index, {
        ...classOf(storage.storageClass), resources: { requests: { storage: storage.requestedSize } },
      }));
    case 'local':
    case 'hostPath':
      return indices.flatMap((index) => [
        hostVolume(cluster, etcd, index, storage),
        claim(cluster, etcd, index, { storageClassName: '', volumeName: volumeName(cluster, etcd, index), resources: { requests: { storage: storage.size } } }),
      ]);
  }
}

const classOf = (storageClass: string | null): Partial<PersistentVolumeClaimSpec> =>
  (storageClass === null ? {} : { storageClassName: storageClass });

function claim(cluster: ResolvedCluster, etcd: EtcdName, index: number, spec: PersistentVolumeClaimSpec): PersistentVolumeClaim {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: holdsState(cluster, { name: claimName(etcd, index), namespace: cluster.namespace, labels: labelsOf(cluster.name, etcd) }),
    spec: { accessModes: ['ReadWriteOnce'], volumeMode: 'Filesystem', ...spec },
  };
}

/** Volumes belong to the whole meta cluster, so their names carry the control plane's. */
const volumeName = (cluster: ResolvedCluster, etcd: EtcdName, index: number): string => `${cluster.namespace}-${claimName(etcd, index)}`;

/** Bound to its claim beforehand, kept when the claim goes, and on one host only. */
function hostVolume(cluster: ResolvedCluster, etcd: EtcdName, index: number, storage: Extract<ResolvedStorage, { path: string }>): PersistentVolume {
  const { path } = storage;
  const host = storage.hosts[index] ?? '';
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: holdsState(cluster, { name: volumeName(cluster, etcd, index), labels: labelsOf(cluster.name, etcd) }),
    spec: {
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: storage.size },
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: cluster.namespace, name: claimName(etcd, index) },
      persistentVolumeReclaimPolicy: 'Retain',
      volumeMode: 'Filesystem',
      ...(storage.type === 'local' ? { local: { path } } : { hostPath: { path, type: 'Directory' } }),
      nodeAffinity: {
        required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [host] }] }] },
      },
    },
  };
}
