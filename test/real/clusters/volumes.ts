import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { PersistentVolume } from 'kubernetes-types/core/v1';
import { USER_ID } from '../../../lib/model/names.ts';
import type { ResolvedBackup, ResolvedCluster, ResolvedStorage } from '../../../lib/model/resolved.ts';
import { quickPath, type Machine } from '../host/machines.ts';
import type { MetaCluster } from './meta.ts';

const CLUSTER_LABEL = 'kubewright.dev/cluster';

/** What whoever keeps the machines does before a control plane comes: volumes of a class without provisioner, folders of hosts. */
export async function makeVolumes(meta: MetaCluster, cluster: ResolvedCluster): Promise<void> {
  for (const [index, storage] of storagesOf(cluster).entries()) await makeVolume(meta, cluster, storage, index);
}

/** What was in them stays: a claim takes any volume of its class, one that was made for another cluster too. */
export async function removeVolumes({ kubectl }: MetaCluster, cluster: ResolvedCluster): Promise<void> {
  await kubectl.run(['label', 'persistentvolume', '-l', volumesOf(cluster), 'kubewright.dev/deletion=allowed', '--overwrite']);
  await kubectl.run(['delete', 'persistentvolume', '-l', volumesOf(cluster), '--ignore-not-found', '--wait=false']);
}

/** Selects the volumes that were made for a cluster. */
export const volumesOf = ({ name }: Pick<ResolvedCluster, 'name'>): string => `${CLUSTER_LABEL}=${name}`;

const storagesOf = ({ etcd }: ResolvedCluster): ResolvedStorage[] =>
  (etcd === null ? [] : [etcd.storage, ...(etcd.events === null ? [] : [etcd.events.storage]), ...(etcd.backup === null ? [] : claimOf(etcd.backup))]);

/** Snapshots that stay in the meta cluster are kept as a member's data is. */
const claimOf = (backup: ResolvedBackup): ResolvedStorage[] =>
  (backup.to === 'persistentVolumeClaim' ? [{ type: 'claimTemplate', storageClass: backup.storageClass, size: backup.size, requestedSize: backup.size }] : []);

async function makeVolume({ machines, kubectl }: MetaCluster, cluster: ResolvedCluster, storage: ResolvedStorage, index: number): Promise<void> {
  if (storage.type === 'local' || storage.type === 'hostPath') {
    const chosen = machines.filter((machine) => storage.hosts.includes(machine.name));
    await Promise.all(chosen.map((machine) => makeFolder(machine, storage)));
  }
  if (storage.type !== 'claimTemplate') return;
  for (const machine of machines) {
    const { name } = cluster;
    const path = `/var/lib/volumes/${name}-${index}`;
    await machine.run(['sh', '-c', `rm -rf ${path} && mkdir -p ${path}`]);
    const volume = volumeOn(machine, { name: `${name}-${index}-${machine.name}`, cluster: name, path, size: storage.requestedSize, storageClass: storage.storageClass ?? '' });
    await kubectl.run(['apply', '-f', '-'], { input: JSON.stringify(volume) });
  }
}

/** Loses all that is in a volume of a machine at once: nobody who uses it is asked, and nothing comes between. */
export function emptyVolume({ name }: Machine, path: string): void {
  const folder = quickPath(name, path);
  for (const entry of readdirSync(folder)) rmSync(join(folder, entry), { recursive: true, force: true });
}

/** The kubelet gives a local volume to the Pod's group; a folder of the host it leaves as it is. */
async function makeFolder(machine: Machine, { type, path }: { readonly type: 'local' | 'hostPath'; readonly path: string }): Promise<void> {
  await machine.run(['mkdir', '-p', path]);
  if (type === 'hostPath') await machine.run(['chown', `${USER_ID}:${USER_ID}`, path]);
}

interface VolumeSpec {
  readonly name: string;
  readonly cluster: string;
  readonly path: string;
  readonly size: string;
  readonly storageClass: string;
}

function volumeOn(machine: Machine, { name, cluster, path, size, storageClass }: VolumeSpec): PersistentVolume {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, labels: { [CLUSTER_LABEL]: cluster } },
    spec: {
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: size },
      storageClassName: storageClass,
      persistentVolumeReclaimPolicy: 'Retain',
      local: { path },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [machine.name] }] }] } },
    },
  };
}
