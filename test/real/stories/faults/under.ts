import { deepEqual, equal } from 'node:assert/strict';
import type { ControlPlane } from '../../clusters/control-plane.ts';
import { hashesOf, healthyMembers } from '../../clusters/etcd.ts';
import { explainPods, rolledOut } from '../../clusters/workloads.ts';
import type { Machine } from '../../host/machines.ts';
import { until } from '../../host/until.ts';
import { figuresOf, longestOf, startWriter, type Writer } from '../../load/writer.ts';
import type { Lab } from '../../story.ts';

/** What became of the writes of a client while something happened. */
export interface Meanwhile {
  /** When, in seconds since the client began, and why. */
  readonly failures: readonly string[];
  /** Proposals that etcd gave up. */
  readonly dropped: number;
  /** The longest time without an acknowledged write, in seconds. */
  readonly longestPause: number;
}

/** Which writes may have failed. */
export type Permission = (meanwhile: Meanwhile) => void;

/** Its client waits five seconds for connections that lead to it, until nothing leads there any more. */
export const anything: Permission = () => undefined;

/** Something that happens while a client writes. */
export type Happening = readonly [subject: string, permits: Permission, happens: (writer: Writer) => Promise<void>];

/** Lets one thing happen after another while one client writes and watches, and tells what became of the writes. In the end none may be gone that was acknowledged. */
export async function under({ meta, figure, say }: Lab, plane: ControlPlane, happenings: readonly Happening[]): Promise<void> {
  const writer = await startWriter(meta, plane);
  for (const [subject, permits, happens] of happenings) {
    const meanwhile = await during(writer, happens, (what, value) => figure(subject, what, value));
    const { failures } = meanwhile;
    if (failures.length > 0) say(`the first and the last that failed: ${failures[0] ?? ''}; ${failures.at(-1) ?? ''}`);
    equal(new Set(await hashesOf(meta.kubectl, plane.cluster.namespace)).size, 1, 'one content in three members');
    permits(meanwhile);
  }
  const written = await writer.end();
  for (const [what, value] of Object.entries(figuresOf(written))) figure('all of it', what, value);
  deepEqual(written.lost, [], 'acknowledged writes that are gone');
  deepEqual(written.missed, [], 'acknowledged writes that no watch told of');
}

async function during(writer: Writer, happens: (writer: Writer) => Promise<void>, figure: (what: string, value: number) => void): Promise<Meanwhile> {
  const [before, begin] = [writer.soFar(), Date.now()];
  const droppedBefore = await writer.members.dropped(0);
  await happens(writer);
  await writer.goesOn(50);
  await writer.settles();
  const after = writer.soFar();
  const failures = after.failures.slice(before.failures.length);
  const dropped = await writer.members.dropped(droppedBefore + failures.length) - droppedBefore;
  const longestPause = longestOf(after.pauses.filter(([at]) => at > begin));
  const figures = {
    acknowledged: after.acknowledged.length - before.acknowledged.length, failed: failures.length, 'dropped by etcd': dropped,
    postponed: after.postponed - before.postponed, 'longest pause (s)': longestPause,
  };
  for (const [what, value] of Object.entries(figures)) figure(what, value);
  return { failures, dropped, longestPause };
}

/** The machine that stories take away: the first one made the cluster. */
export const lastMachine = ({ meta: { machines } }: Lab): Machine => machines.at(-1) ?? machines[0];

export async function allAreBack({ meta }: Lab, { cluster: { namespace } }: ControlPlane): Promise<void> {
  await until('three members are healthy', 180, async () => (await healthyMembers(meta.kubectl, namespace)).length === 3, () => explainPods(meta.kubectl, namespace));
  await rolledOut(meta.kubectl, namespace, 'statefulset/etcd');
  await rolledOut(meta.kubectl, namespace, 'deployment/kube-apiserver');
}
