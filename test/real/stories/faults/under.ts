import { deepEqual, equal } from 'node:assert/strict';
import type { ControlPlane } from '../../clusters/control-plane.ts';
import { hashesOf, healthyMembers } from '../../clusters/etcd.ts';
import { explainPods, rolledOut } from '../../clusters/workloads.ts';
import type { Machine } from '../../host/machines.ts';
import { until } from '../../host/until.ts';
import { figuresOf, startWriter, type Writer, type WrittenInAll } from '../../load/writer.ts';
import type { Lab } from '../../story.ts';

/** Which writes may have failed. */
export type Permission = (written: WrittenInAll) => void;

/** Its client waits five seconds for connections that lead to it, until nothing leads there any more. */
export const anything: Permission = () => undefined;

/** Tells what became of the writes of a client while something happened. */
export async function under({ meta, figure, say }: Lab, plane: ControlPlane, subject: string, permits: Permission, happens: (writer: Writer) => Promise<void>): Promise<void> {
  const writer = await startWriter(meta, plane);
  await happens(writer);
  await writer.goesOn(100);
  const written = await writer.end();
  const { failures, lost, missed } = written;
  for (const [what, value] of Object.entries(figuresOf(written))) figure(subject, what, value);
  if (failures.length > 0) say(`the first and the last that failed: ${failures[0] ?? ''}; ${failures.at(-1) ?? ''}`);
  deepEqual(lost, [], 'acknowledged writes that are gone');
  deepEqual(missed, [], 'acknowledged writes that no watch told of');
  equal(new Set(await hashesOf(meta.kubectl, plane.cluster.namespace)).size, 1, 'one content in three members');
  permits(written);
}

/** The machine that stories take away: the first one made the cluster. */
export const lastMachine = ({ meta: { machines } }: Lab): Machine => machines.at(-1) ?? machines[0];

export async function allAreBack({ meta }: Lab, { cluster: { namespace } }: ControlPlane): Promise<void> {
  await until('three members are healthy', 180, async () => (await healthyMembers(meta.kubectl, namespace)).length === 3, () => explainPods(meta.kubectl, namespace));
  await rolledOut(meta.kubectl, namespace, 'statefulset/etcd');
  await rolledOut(meta.kubectl, namespace, 'deployment/kube-apiserver');
}
