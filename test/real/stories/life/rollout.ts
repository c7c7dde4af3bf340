import { equal, ok } from 'node:assert/strict';
import type { Pod, PodList } from 'kubernetes-types/core/v1';
import { applyStage, type ControlPlane } from '../../clusters/control-plane.ts';
import { editAndBuild, stagesOf } from '../../fleet.ts';
import type { Lab } from '../../story.ts';
import { secondsSince } from '../../host/until.ts';
import { isReady } from '../../clusters/workloads.ts';
import { demandNoneFailed, startWriter } from '../../load/writer.ts';

/** Each member may lead when its turn comes. */
const HANDOVERS = 3;

/** A setting that all members share is changed under writes: no request fails, and no etcd ever has fewer than two ready members. */
export async function checkRollout({ meta, figure }: Lab, plane: ControlPlane): Promise<void> {
  const { name, namespace, etcd } = plane.cluster;
  const writer = await startWriter(meta, plane);
  const count = Number(etcd?.settings['snapshot-count']);
  await editAndBuild(`${name}/cluster.ts`, `'snapshot-count': ${count}`, `'snapshot-count': ${count + 1000}`);
  const before = await meta.kubectl.get<PodList>('-n', namespace, 'pods');
  const start = Date.now();
  for (const stage of stagesOf(meta.name, name, 'control-plane').filter((found) => found.name === 'etcd')) await applyStage(meta.kubectl, namespace, stage);
  figure(name, 'etcd rolled (s)', secondsSince(start));
  const changes = await changesSince(meta.kubectl, namespace, before.metadata?.resourceVersion ?? '');
  await writer.goesOn(50);

  for (const each of ['etcd', 'etcd-events']) {
    const { fewest, replaced } = replay(each, before.items, changes);
    equal(replaced, 3, `members of ${each} that were replaced`);
    ok(fewest >= 2, `${each} had ${fewest} ready members`);
  }
  const written = await writer.end();
  const { acknowledged, lost } = written;
  figure(name, 'writes meanwhile', acknowledged.length);
  demandNoneFailed(written, HANDOVERS);
  equal(lost.join(), '', 'acknowledged writes that are gone');
}

interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: Pod;
}

/** Everything that became of the Pods, in order: the API server tells it again to who asks soon enough, and an error to who does not. */
async function changesSince(kubectl: Lab['meta']['kubectl'], namespace: string, version: string): Promise<Change[]> {
  const lines = await kubectl.run(['get', '--raw', `/api/v1/namespaces/${namespace}/pods?watch=1&resourceVersion=${version}&timeoutSeconds=2`]);
  const changes = lines.trim().split('\n').map((line) => JSON.parse(line) as Change);
  const failed = changes.find(({ type }) => type === 'ERROR');
  if (failed) throw new Error(`the API server has forgotten the changes: ${JSON.stringify(failed.object)}`);
  return changes;
}

/** The fewest ready members of an etcd at any moment, and how many Pods are others at the end. */
function replay(etcd: string, before: readonly Pod[], changes: readonly Change[]): { readonly fewest: number; readonly replaced: number } {
  const isMember = ({ metadata }: Pod): boolean => metadata?.labels?.['app.kubernetes.io/name'] === etcd;
  const now = new Map(before.filter(isMember).map((pod) => [pod.metadata?.name, pod]));
  const known = new Set([...now.values()].map(({ metadata }) => metadata?.uid));
  let fewest = [...now.values()].filter(isReady).length;
  for (const { type, object } of changes.filter((change) => isMember(change.object))) {
    if (type === 'DELETED') now.delete(object.metadata?.name);
    else now.set(object.metadata?.name, object);
    fewest = Math.min(fewest, [...now.values()].filter(isReady).length);
  }
  return { fewest, replaced: [...now.values()].filter(({ metadata }) => !known.has(metadata?.uid)).length };
}
