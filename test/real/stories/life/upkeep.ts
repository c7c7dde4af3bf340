import { deepEqual, equal, match } from 'node:assert/strict';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResolvedCluster } from '../../../../lib/model/resolved.ts';
import { programPath } from '../../binaries/build.ts';
import { startBucket, type Bucket } from '../../clusters/bucket.ts';
import { applyStage, type ControlPlane } from '../../clusters/control-plane.ts';
import { completed } from '../../clusters/workloads.ts';
import { editAndBuild, readManifest, stagesOf } from '../../fleet.ts';
import { run } from '../../host/command.ts';
import type { Lab } from '../../story.ts';

/** Where the definition has snapshots go. */
const [ADDRESS, BUCKET, CREDENTIALS] = ['203.0.113.10', 'snapshots', 'bucket'];
const OLD = new Date('2020-01-01T00:00:00Z');

/** One run of each CronJob, as its schedule would begin it; then the cluster is about to go, and leaves its last snapshot. */
export async function checkUpkeep({ meta, say }: Lab, { cluster: { name, namespace } }: ControlPlane): Promise<void> {
  const { kubectl } = meta;
  const here = (...args: readonly string[]): Promise<string> => kubectl.run(['-n', namespace, ...args]);
  const jobOf = async (cronjob: string, job: string): Promise<void> => {
    await here('create', 'job', `--from=cronjob/${cronjob}`, job);
    await completed(kubectl, namespace, job);
  };
  await jobOf('etcd-defragmentation', 'defragmentation');
  const log = await here('logs', 'job/defragmentation');
  for (const member of ['etcd-0', 'etcd-1', 'etcd-2']) match(log, new RegExp(`Finished defragmenting etcd member\\[https://${member}\\.`));

  const bucket = await startBucket(meta, ADDRESS, BUCKET);
  try {
    const { accessKeyId, secretAccessKey } = bucket.credentials;
    await here('create', 'secret', 'generic', CREDENTIALS, `--from-literal=accessKeyId=${accessKeyId}`, `--from-literal=secretAccessKey=${secretAccessKey}`);
    for (const file of ['old.db', 'notes.txt', 'final/kept.db']) leave(bucket, `${name}/${file}`);
    await jobOf('etcd-backup', 'backup');
    const [snapshot = '', ...others] = bucket.files().filter((file) => /\/backup-\w+\.db$/.test(file));
    deepEqual([...others, ...bucket.files().filter((file) => file !== snapshot)], [`${name}/final/kept.db`, `${name}/notes.txt`], 'what is beside the snapshot');
    await isWhole(bucket, snapshot);
    say('a snapshot has come to the bucket, and one that was too old is gone');
    await leaveLast({ meta, say }, { name, namespace }, bucket);
  } finally {
    await bucket.end();
  }
}

function leave({ folder }: Bucket, file: string): void {
  mkdirSync(join(folder, file, '..'), { recursive: true });
  writeFileSync(join(folder, file), 'left by somebody');
  utimesSync(join(folder, file), OLD, OLD);
}

/** etcd's own tool reads it, and finds what a cluster has. */
async function isWhole({ folder }: Bucket, snapshot: string): Promise<void> {
  const status = await run([await programPath('etcd-3.6', 'etcdutl'), 'snapshot', 'status', join(folder, snapshot), '--write-out=json']);
  match(status, /"totalKey":[1-9]\d\d+/);
}

/** docs/tasks/decommission-a-cluster.md: the first of its two commits, taken back afterwards. */
async function leaveLast({ meta: { name: meta, kubectl }, say }: Pick<Lab, 'meta' | 'say'>, { name, namespace }: Pick<ResolvedCluster, 'name' | 'namespace'>, bucket: Bucket): Promise<void> {
  const [running, leaving] = ["  mode: 'standard',\n", "  mode: 'standard',\n  state: 'decommissioning',\n"];
  const before = bucket.files();
  await editAndBuild(`${name}/cluster.ts`, running, leaving);
  const stages = stagesOf(meta, name, 'control-plane').map((stage) => ({ ...stage, files: stage.files.filter((file) => readManifest(file).kind === 'Job' && file.includes('final')) }));
  const found = stages.filter(({ files }) => files.length > 0);
  equal(found.length, 1, 'stages with a final snapshot');
  for (const stage of found) await applyStage(kubectl, namespace, stage);
  const [last = '', ...others] = bucket.files().filter((file) => !before.includes(file));
  match(last, new RegExp(`^${name}/final/etcd-backup-final-[^/]+\\.db$`));
  deepEqual(others, []);
  await isWhole(bucket, last);
  await editAndBuild(`${name}/cluster.ts`, leaving, running);
  say('a cluster that is about to go leaves a last snapshot where nothing drops it');
}
