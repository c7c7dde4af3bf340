import { deepEqual, match } from 'node:assert/strict';
import { settles } from '../../clusters/delivery/tool.ts';
import { podsOf } from '../../clusters/workloads.ts';
import { editAndBuild } from '../../fleet.ts';
import { secondsSince, until } from '../../host/until.ts';
import { CHANGED, OTHER, type Delivered } from './begin.ts';
import { push } from './commit.ts';
import { evidenceOf, nothingLost } from './evidence.ts';

const state = (name: string): string => `state: '${name}', nodePort: 30041`;

/** One commit puts a cluster to sleep, and another one wakes it; docs/tasks/hibernate-a-cluster.md. */
export async function hibernate(delivered: Delivered): Promise<void> {
  const { meta, meta: { kubectl }, tool, planes, say, figure } = delivered;
  const { namespace } = planes[CHANGED].cluster;
  const [before, other] = await Promise.all([CHANGED, OTHER].map((name) => evidenceOf(meta, planes[name]))) as [readonly string[], readonly string[]];
  await editAndBuild('clusters.ts', state('running'), state('hibernated'));
  await settles(tool, await push(delivered, 'alder sleeps'));
  const awake = async (): Promise<string[]> => (await podsOf(kubectl, namespace)).filter(({ status }) => status?.phase === 'Running').map(({ metadata }) => metadata?.name ?? '');
  await until('nothing of it runs', 120, async () => (await awake()).length === 0, async () => (await awake()).join());
  deepEqual(await evidenceOf(meta, planes[CHANGED]), before, 'what holds state of a cluster that sleeps');
  await nothingLost(meta, planes[OTHER], other);
  say('a cluster sleeps, and everything that holds its state is there');

  await editAndBuild('clusters.ts', state('hibernated'), state('running'));
  const start = Date.now();
  const commit = await push(delivered, 'alder wakes');
  await settles(tool, commit);
  figure(tool.name, 'a cluster woken (s)', secondsSince(start));
  await nothingLost(meta, planes[CHANGED], before);
  match(await planes[CHANGED].kubectl.run(['get', 'nodes', '-o', 'name']), /^node\/node-1\n$/);
  say('it wakes as it was');
}
