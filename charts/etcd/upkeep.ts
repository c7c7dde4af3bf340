import type { CronJob, Job } from 'kubernetes-types/batch/v1';
import type { Container, EnvVar, PersistentVolumeClaim, PodTemplateSpec } from 'kubernetes-types/core/v1';
import { digestOf } from '../../lib/constructs/digest.ts';
import { emptyMount, pkiFile, secretMount, trustFile, trustMount, type Mount } from '../../lib/constructs/mounts.ts';
import type { KubernetesObject } from '../../lib/constructs/place.ts';
import { podDefaults, podField, requirementsOf, RESTRICTED } from '../../lib/constructs/pod.ts';
import { holdsState, isLeaving } from '../../lib/constructs/protect.ts';
import { labelsOf, PORTS, PRIORITY_CLASSES, serviceHost, TLS, type ComponentName } from '../../lib/model/names.ts';
import type { ResolvedBackup, ResolvedCluster, ResolvedEtcd } from '../../lib/model/resolved.ts';
import { bytesQuantity } from '../../lib/units.ts';
import { defragmentationSeconds } from './pace.ts';

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
    metadata: holdsState(cluster, { name: BACKUP, namespace: cluster.namespace, labels: labelsOf(cluster.name, BACKUP) }),
    spec: {
      accessModes: ['ReadWriteOnce'],
      ...(backup.storageClass === null ? {} : { storageClassName: backup.storageClass }),
      resources: { requests: { storage: backup.size } },
      volumeMode: 'Filesystem',
    },
  };
  return [claim];
}

/** One container of a Job. The images have no shell: each step is a container of its own, and they run in order. */
interface Step {
  readonly name: string;
  readonly image: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly mounts: readonly Mount[];
  readonly env?: readonly EnvVar[];
}

const POD_NAME: EnvVar = podField('POD_NAME', 'metadata.name');

const containerOf = (cluster: ResolvedCluster, etcd: ResolvedEtcd, { name, image, command, args, mounts, env = [] }: Step): Container => ({
  name,
  image,
  imagePullPolicy: cluster.images.pullPolicy,
  command: [command],
  args: [...args],
  env: [POD_NAME, ...env],
  resources: requirementsOf(etcd.upkeepResources),
  securityContext: RESTRICTED,
  ...(mounts.length === 0 ? {} : { volumeMounts: mounts.map(({ mount }) => mount) }),
});

const CLIENT = [secretMount('etcd-maintenance'), trustMount(['etcd-ca'])] as const;
const CLIENT_FLAGS = [
  `--cacert=${trustFile('etcd-ca')}`,
  `--cert=${pkiFile('etcd-maintenance', TLS.certificate)}`,
  `--key=${pkiFile('etcd-maintenance', TLS.key)}`,
] as const;

/** Named after the Pod, whose name ends in the scheduled minute: no two snapshots have one name. */
const SNAPSHOT = '$(POD_NAME).db';

interface Steps {
  /** In order: each is over before the next begins. */
  readonly steps: readonly Step[];
  readonly mounts: readonly Mount[];
}

const rcloneOf = (cluster: ResolvedCluster, { env }: BackupTarget) => ({ image: cluster.images.rclone, command: 'rclone', env }) as const;
const QUIET = ['--config=', '--stats=0'] as const;

/** Take it, verify it, bring it away. A step that fails ends the Job. */
function snapshotSteps(cluster: ResolvedCluster, etcd: ResolvedEtcd, target: BackupTarget): Steps {
  // A snapshot is as large as the store: the quota, and as much again for what is being written.
  const scratch = emptyMount('scratch', SCRATCH, bytesQuantity(2 * etcd.quotaBytes));
  // Of whichever member takes the connection: a snapshot must not wait for one that is away.
  const anyMember = `https://${serviceHost(cluster, 'etcd')}:${PORTS.etcdClient}`;
  const steps: readonly Step[] = [
    { name: 'save', image: etcd.image, command: 'etcdctl', args: [...CLIENT_FLAGS, `--endpoints=${anyMember}`, 'snapshot', 'save', `${SCRATCH}/${SNAPSHOT}`], mounts: [...CLIENT, scratch] },
    { name: 'verify', image: etcd.image, command: 'etcdutl', args: ['snapshot', 'status', `${SCRATCH}/${SNAPSHOT}`, '--write-out=json'], mounts: [scratch] },
    { ...rcloneOf(cluster, target), name: 'copy', args: [...QUIET, 'copyto', `${SCRATCH}/${SNAPSHOT}`, `${target.folder}/${SNAPSHOT}`], mounts: [scratch, ...target.mounts] },
  ];
  return { steps, mounts: [...CLIENT, scratch, ...target.mounts] };
}

/** On a schedule, and what is too old goes. When one fails, the next one tries anew. */
function backupJob(cluster: ResolvedCluster, etcd: ResolvedEtcd, backup: ResolvedBackup): CronJob {
  const target = backupTarget(backup);
  const { steps, mounts } = snapshotSteps(cluster, etcd, target);
  // Snapshots only: the folder may hold other files of its owner.
  const dropOld: Step = { ...rcloneOf(cluster, target), name: 'drop-old', args: [...QUIET, 'delete', `--min-age=${backup.keep}`, '--include=/*.db', target.folder], mounts: target.mounts };
  return cronJob(cluster, etcd, { name: BACKUP, schedule: backup.schedule, mounts, steps: [...steps, dropOld] });
}

/**
 * The last snapshot of a cluster that is about to go, in a folder where nothing drops it. The digest is in the name,
 * since the template of a Job cannot be changed; who wants a later one deletes the Job.
 */
export function finalSnapshot(cluster: ResolvedCluster, etcd: ResolvedEtcd): Job[] {
  if (!isLeaving(cluster) || etcd.backup === null || etcd.withoutFinalSnapshot !== null) return [];
  const target = backupTarget(etcd.backup);
  const template = podOf(cluster, etcd, BACKUP, snapshotSteps(cluster, etcd, { ...target, folder: `${target.folder}/final` }));
  return [{
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: `${BACKUP}-final-${digestOf(template).slice(0, 8)}`, namespace: cluster.namespace, labels: labelsOf(cluster.name, BACKUP) },
    spec: { backoffLimit: 6, activeDeadlineSeconds: 3600, template },
  }];
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

/**
 * Given several members, etcdctl takes them one after another: all at once would stop the cluster. When it loses patience
 * with one it goes on to the next while that one is still busy, so it has twice the time that the largest store needs.
 */
function defragmentationJob(cluster: ResolvedCluster, etcd: ResolvedEtcd, schedule: string): CronJob {
  const patience = `--command-timeout=${2 * defragmentationSeconds(etcd.quotaBytes)}s`;
  const args = [...CLIENT_FLAGS, `--endpoints=${cluster.datastore.endpoints.join(',')}`, patience, 'defrag'];
  const steps: readonly Step[] = [{ name: 'defragment', image: etcd.image, command: 'etcdctl', args, mounts: CLIENT }];
  return cronJob(cluster, etcd, { name: 'etcd-defragmentation', schedule, mounts: CLIENT, steps });
}

type JobName = ComponentName & `etcd-${string}`;

interface CronSteps extends Steps {
  readonly name: JobName;
  readonly schedule: string;
}

function podOf(cluster: ResolvedCluster, etcd: ResolvedEtcd, name: JobName, { steps, mounts }: Steps): PodTemplateSpec {
  const containers = steps.map((step) => containerOf(cluster, etcd, step));
  return {
    metadata: { labels: labelsOf(cluster.name, name) },
    spec: {
      ...podDefaults(cluster, PRIORITY_CLASSES.controlPlane),
      restartPolicy: 'Never',
      ...(containers.length === 1 ? {} : { initContainers: containers.slice(0, -1) }),
      containers: containers.slice(-1),
      volumes: mounts.flatMap(({ volume }) => volume ?? []),
    },
  };
}

function cronJob(cluster: ResolvedCluster, etcd: ResolvedEtcd, { name, schedule, ...steps }: CronSteps): CronJob {
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name, namespace: cluster.namespace, labels: labelsOf(cluster.name, name) },
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
          template: podOf(cluster, etcd, name, steps),
        },
      },
    },
  };
}
