import { deepEqual, match } from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { programPath } from '../../binaries/build.ts';
import { settles } from '../../clusters/delivery/tool.ts';
import { editAndBuild } from '../../fleet.ts';
import { run } from '../../host/command.ts';
import { quickPath } from '../../host/machines.ts';
import { secondsSince, until } from '../../host/until.ts';
import { CHANGED, OTHER, type Delivered } from './begin.ts';
import { push } from './commit.ts';
import { evidenceOf, nothingLost } from './evidence.ts';

/** Two commits, and nothing else; docs/tasks/decommission-a-cluster.md. */
export async function decommission(delivered: Delivered): Promise<void> {
  const { meta, meta: { kubectl }, tool, planes, say, figure } = delivered;
  const { namespace } = planes[CHANGED].cluster;
  const other = await evidenceOf(meta, planes[OTHER]);
  await editAndBuild('clusters.ts', `state: 'running', nodePort: 30041`, `state: 'decommissioning', nodePort: 30041`);
  await settles(tool, await push(delivered, 'alder is about to go'));
  match(await planes[CHANGED].kubectl.run(['get', '--raw', '/readyz']), /^ok$/);
  await isLastSnapshot(delivered);
  say('the first commit is applied: the control plane runs as before, and its last snapshot is there');

  await editAndBuild('clusters.ts', 'export const clusters = [alder, birch];', 'export const clusters = [birch];');
  const start = Date.now();
  const commit = await push(delivered, 'alder goes');
  const left = (): Promise<string[]> => kubectl.names('namespace', namespace, '--ignore-not-found');
  await until(`${namespace} is gone`, 300, async () => (await left()).length === 0,
    async () => `${await kubectl.run(['get', 'namespace', namespace, '-o', 'jsonpath={.status.conditions}'])}\n${(await tool.unsettled(commit)).map(({ name, says }) => `${name}: ${says}`).join('\n')}`);
  await settles(tool, commit);
  figure(tool.name, 'a cluster removed (s)', secondsSince(start));
  deepEqual(await remainsOf(delivered), []);
  await nothingLost(meta, planes[OTHER], other);
  await isLastSnapshot(delivered);
  say('the second commit removes all of it, and only it');
}

/** On a volume of a class that retains, for as long as somebody wants it; etcd's own tool reads it. */
async function isLastSnapshot({ meta: { machines: [machine] } }: Delivered): Promise<void> {
  const folder = quickPath(machine.name, `/var/lib/volumes/${CHANGED}-1`);
  const [snapshot = '', ...others] = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.db'));
  match(snapshot, /^final\/etcd-backup-final-/);
  deepEqual(others, []);
  const status = await run([await programPath('etcd-3.6', 'etcdutl'), 'snapshot', 'status', join(folder, snapshot), '--write-out=json']);
  match(status, /"totalKey":[1-9]\d\d+/);
}

/** What somebody finds who looks for the cluster. Its volumes are of a class that retains them. */
async function remainsOf({ meta: { kubectl } }: Delivered): Promise<string[]> {
  const kinds = (await kubectl.run(['api-resources', '--verbs=list', '-o', 'name'])).trim().split('\n').filter((kind) => !/^(?:events|persistentvolumes|.*metrics\.k8s\.io)/.test(kind));
  const found = await kubectl.names(kinds.join(','), '-A', '-l', `kubewright.dev/cluster=${CHANGED}`);
  return found.sort();
}
