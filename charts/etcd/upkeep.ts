import type { CronJob } from 'kubernetes-types/batch/v1';
import type { Container, EnvVar, PersistentVolumeClaim } from 'kubernetes-types/core/v1';
import { emptyMount, pkiFile, secretMount, trustFile, trustMount, type Mount } from '../../lib/constructs/mounts.ts';
import type { KubernetesObject } from '../../lib/constructs/place.ts';
import { podDefaults, podField, requirementsOf, RESTRICTED } from '../../lib/constructs/pod.ts';
import { PROTECTED } from '../../lib/constructs/protect.ts';
import { labelsOf, memberServiceHost, PORTS, PRIORITY_CLASSES, TLS, type ComponentName } from '../../lib/model/names.ts';
import type { ResolvedBackup, ResolvedCluster, ResolvedEtcd } from '../../lib/model/resolved.ts';
import { bytesQuantity } from '../../lib/units.ts';

/** What keeps an etcd well while it runs: snapshots, and defragmentation one member at a time. */
export function upkeepObjects(cluster: ResolvedCluster, etcd: ResolvedEtcd): KubernetesObject[] {
  return [
    ...(etcd.backup === null ? [] : [backupJob(cluster, etcd, etcd.backup)]),
    ...(etcd.defragmentation === null ? [] : [defragmentationJob(cluster, etcd, etcd.defragmentation.schedule)]),
  ];
}

const BACKUP = 'etcd-backup';
const FOLDER = '/backup';
const SCRATCH = '/scratch';

/** The claim that holds snapshots when they stay in the meta cluster. */
export function backupClaim(cluster: ResolvedCluster, backup: ResolvedBackup): KubernetesObject[] {
  if (backup.to !== 'persistentVolumeClaim') return [];
  const claim: PersistentVolumeClaim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: BACKUP, namespace: cluster.namespace, labels: labelsOf(cluster.name, BACKUP), annotations: PROTECTED },
    spec: {
      accessModes: ['ReadWriteOnce'],
      ...(backup.storageClass === null ? {} : { storageClassName: backup.storageClass }),
      resources: { requests: { storage: backup.size } },
      volumeMode: 'Filesystem',
    },
  };
  return [claim];
}

/** Common flags of etcdctl. The image has no shell: each step is a container of its own. */
function etcdctl(etcd: ResolvedEtcd, name: string, args: readonly string[], mounts: readonly Mount[]): Container {
  return step(etcd, name, etcd.image, ['etcdctl'], [
    `--cacert=${trustFile('etcd-ca')}`,
    `--cert=${pkiFile('etcd-maintenance', TLS.certificate)}`,
    `--key=${pkiFile('etcd-maintenance', TLS.key)}`,
    ...args,
  ], mounts);
}

const POD_NAME: EnvVar = podField('POD_NAME', 'metadata.name');

const step = (etcd: ResolvedEtcd, name: string, image: string, command: readonly string[], args: readonly string[], mounts: readonly Mount[], env: readonly EnvVar[] = []): Container => ({
  name,
  image,
  command: [...command],
  args: [...args],
  env: [POD_NAME, ...env],
  resources: requirementsOf(etcd.upkeepResources),
  securityContext: RESTRICTED,
  ...(mounts.length === 0 ? {} : { volumeMounts: mounts.map(({ mount }) => mount) }),
});

/** Named after the Pod, whose name ends in the scheduled minute: no two snapshots have one name. */
const SNAPSHOT = '$(POD_NAME).db';
const CLIENT = [secretMount('etcd-maintenance'), trustMount(['etcd-ca'])] as const;

/** Take it, verify it, bring it away, drop what is too old. A step that fails ends the Job, and the next one tries anew. */
function backupJob(cluster: ResolvedCluster, etcd: ResolvedEtcd, backup: ResolvedBackup): CronJob {
  const target = backupTarget(backup);
  // A snapshot is as large as the store: the quota, and as much again for what is being written.
  const scratch = emptyMount('scratch', SCRATCH, bytesQuantity(2 * etcd.quotaBytes));
  const first = `https://${memberServiceHost(cluster, 'etcd', 0)}:${PORTS.etcdClient}`;
  const rclone = (name: string, args: readonly string[]): Container =>
    step(etcd, name, cluster.images.rclone, ['rclone'], ['--config=', '--stats=0', ...args], target.mounts, target.env);
  return cronJob(cluster, BACKUP, backup.schedule, {
    mounts: [...CLIENT, scratch, ...target.mounts],
    steps: [
      etcdctl(etcd, 'save', [`--endpoints=${first}`, 'snapshot', 'save', `${SCRATCH}/${SNAPSHOT}`], [...CLIENT, scratch]),
      step(etcd, 'verify', etcd.image, ['etcdutl'], ['snapshot', 'status', `${SCRATCH}/${SNAPSHOT}`, '--write-out=json'], [scratch]),
      { ...rclone('copy', ['copyto', `${SCRATCH}/${SNAPSHOT}`, `${target.folder}/${SNAPSHOT}`]), volumeMounts: [scratch, ...target.mounts].map(({ mount }) => mount) },
      rclone('drop-old', ['delete', `--min-age=${backup.keep}`, target.folder]),
    ],
  });
}

interface BackupTarget {
  readonly folder: string;
  readonly env: readonly EnvVar[];
  readonly mounts: readonly Mount[];
}

/** A folder as rclone names it: a mounted claim, or a bucket that its environment describes. */
function backupTarget(backup: ResolvedBackup): BackupTarget {
  if (backup.to === 'persistentVolumeClaim') {
    const mount: Mount = { volume: { name: 'backup', persistentVolumeClaim: { claimName: BACKUP } }, mount: { name: 'backup', mountPath: FOLDER } };
    return { folder: FOLDER, env: [], mounts: [mount] };
  }
  const secret = (name: string, key: string): EnvVar => ({ name, valueFrom: { secretKeyRef: { name: backup.credentials, key } } });
  const plain = (name: string, value: string): EnvVar => ({ name, value });
  return {
    folder: `s3:${backup.bucket}/${backup.prefix}`,
    mounts: [],
    env: [
      plain('RCLONE_CONFIG_S3_TYPE', 's3'),
      plain('RCLONE_CONFIG_S3_PROVIDER', 'Other'),
      plain('RCLONE_CONFIG_S3_ENDPOINT', backup.endpoint),
      plain('RCLONE_CONFIG_S3_REGION', backup.region),
      // The bucket is its author's: one that is misspelt must fail, and credentials for its objects are enough.
      plain('RCLONE_CONFIG_S3_NO_CHECK_BUCKET', 'true'),
      secret('RCLONE_CONFIG_S3_ACCESS_KEY_ID', 'accessKeyId'),
      secret('RCLONE_CONFIG_S3_SECRET_ACCESS_KEY', 'secretAccessKey'),
    ],
  };
}

/** Given several members, etcdctl takes them one after another: all at once would stop the cluster (HCP T15). */
function defragmentationJob(cluster: ResolvedCluster, etcd: ResolvedEtcd, schedule: string): CronJob {
  return cronJob(cluster, 'etcd-defragmentation', schedule, {
    mounts: CLIENT,
    steps: [etcdctl(etcd, 'defragment', [`--endpoints=${cluster.datastore.endpoints.join(',')}`, '--command-timeout=60s', 'defrag'], CLIENT)],
  });
}

interface CronSteps {
  readonly mounts: readonly Mount[];
  /** In order: each is over before the next begins. */
  readonly steps: readonly Container[];
}

function cronJob(cluster: ResolvedCluster, name: ComponentName & `etcd-${string}`, schedule: string, { mounts, steps }: CronSteps): CronJob {
  const labels = labelsOf(cluster.name, name);
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name, namespace: cluster.namespace, labels },
    spec: {
      schedule,
      timeZone: 'Etc/UTC',
      concurrencyPolicy: 'Forbid',
      startingDeadlineSeconds: 600,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 3,
      suspend: cluster.state === 'hibernated',
      jobTemplate: {
        spec: {
          backoffLimit: 2,
          activeDeadlineSeconds: 3600,
          template: {
            metadata: { labels },
            spec: {
              ...podDefaults(cluster, PRIORITY_CLASSES.controlPlane),
              restartPolicy: 'Never',
              ...(steps.length === 1 ? {} : { initContainers: steps.slice(0, -1) }),
              containers: steps.slice(-1),
              volumes: mounts.flatMap(({ volume }) => volume ?? []),
            },
          },
        },
      },
    },
  };
}
