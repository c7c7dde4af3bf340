import { match } from 'node:assert/strict';
import type { Job } from 'kubernetes-types/batch/v1';
import type { ControlPlane } from '../../clusters/control-plane.ts';
import type { MetaCluster } from '../../clusters/meta.ts';
import { completed } from '../../clusters/workloads.ts';

/** One run of each CronJob. Of the backup the snapshot and its verification: nothing here stands in for its bucket. */
export async function checkUpkeep({ kubectl }: MetaCluster, { cluster: { namespace } }: ControlPlane): Promise<void> {
  const here = (...args: readonly string[]): Promise<string> => kubectl.run(['-n', namespace, ...args]);
  await here('create', 'job', '--from=cronjob/etcd-defragmentation', 'defragmentation');
  const backup = JSON.parse(await here('create', 'job', '--from=cronjob/etcd-backup', 'backup', '--dry-run=client', '-o', 'json')) as Job;
  await kubectl.run(['apply', '-f', '-'], { input: JSON.stringify(withoutUpload(backup)) });

  await completed(kubectl, namespace, 'defragmentation');
  const log = await here('logs', 'job/defragmentation');
  for (const member of ['etcd-0', 'etcd-1', 'etcd-2']) match(log, new RegExp(`Finished defragmenting etcd member\\[https://${member}\\.`));
  await completed(kubectl, namespace, 'backup');
  match(await here('logs', 'job/backup', '-c', 'verify'), /"totalKey":[1-9]\d*/);
}

function withoutUpload(job: Job): Job {
  const pod = job.spec?.template.spec;
  const steps = [...pod?.initContainers ?? [], ...pod?.containers ?? []].filter(({ image }) => !/rclone/.test(image ?? ''));
  if (job.spec === undefined || pod === undefined || steps.length !== 2) throw new Error(`the backup has ${steps.length} steps before its upload`);
  const template = { ...job.spec.template, spec: { ...pod, initContainers: steps.slice(0, -1), containers: steps.slice(-1) } };
  return { ...job, spec: { ...job.spec, template } };
}
