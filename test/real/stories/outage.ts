import { deepEqual, equal } from 'node:assert/strict';
import { applyControlPlane, readyReport, removeControlPlane, secretsOpened, type ControlPlane } from '../control-plane.ts';
import { hashesOf, healthyMembers } from '../etcd.ts';
import type { Machine } from '../machines.ts';
import type { Lab, Story } from '../story.ts';
import { secondsSince, until } from '../until.ts';
import { explainPods, podsOf, rolledOut } from '../workloads.ts';
import { startWriter, type Writer } from '../writer.ts';

const NAME = 'outage';

/** What clients see of Pods that end, one after another, and of a machine that is gone from one moment to the next. */
export const story: Story = {
  name: NAME,
  shows: 'clients write on while API servers end one by one and while a machine is away, and no acknowledged write is lost',
  tell: async (lab) => {
    const { meta } = lab;
    const plane = await applyControlPlane(meta, NAME);
    await readyReport(plane, meta);
    await secretsOpened(plane, meta);

    await under(lab, plane, 'API servers one by one', async (writer) => {
      await endApiServers(lab, plane);
      await writer.goesOn(100);
    });
    await under(lab, plane, 'a machine away', (writer) => machineAway(lab, plane, writer));
    await removeControlPlane(meta, plane);
  },
};

/** Tells what became of the writes of a client while something happened. */
async function under({ meta, figure, say }: Lab, plane: ControlPlane, subject: string, happens: (writer: Writer) => Promise<void>): Promise<void> {
  const writer = await startWriter(meta, plane);
  await happens(writer);
  const { sent, acknowledged, failures, lost, longestPause } = await writer.end();
  for (const [what, value] of Object.entries({ sent, acknowledged: acknowledged.length, failed: failures.length, lost: lost.length, 'longest pause (s)': longestPause })) figure(subject, what, value);
  if (failures.length > 0) say(`the first and the last that failed: ${failures[0] ?? ''}; ${failures.at(-1) ?? ''}`);
  deepEqual(lost, [], 'acknowledged writes that are gone');
  equal(new Set(await hashesOf(meta.kubectl, plane.cluster.namespace)).size, 1, 'one content in three members');
}

async function endApiServers({ meta: { kubectl } }: Lab, { cluster: { namespace } }: ControlPlane): Promise<void> {
  for (const { metadata } of await podsOf(kubectl, namespace, 'app.kubernetes.io/name=kube-apiserver')) {
    await kubectl.run(['-n', namespace, 'delete', 'pod', metadata?.name ?? '']);
    await rolledOut(kubectl, namespace, 'deployment/kube-apiserver');
  }
}

/** The last machine neither hears nor is heard, until the meta cluster has noticed and clients write again; then it is back. */
async function machineAway({ meta, figure }: Lab, { cluster: { namespace } }: ControlPlane, writer: Writer): Promise<void> {
  const machine = meta.machines.at(-1) ?? meta.machines[0];
  const path = 'jsonpath={.status.conditions[?(@.type=="Ready")].status}';
  const isReady = async (): Promise<string> => meta.kubectl.run(['get', 'node', machine.name, '-o', path]);
  const start = Date.now();
  await cut(machine, '-I');
  try {
    await until(`${machine.name} is known to be away`, 120, async () => (await isReady()) === 'Unknown', isReady);
    figure('a machine away', 'noticed (s)', secondsSince(start));
    await writer.goesOn(200);
    figure('a machine away', 'writes again (s)', secondsSince(start));
  } finally {
    await cut(machine, '-D');
  }
  await until('three members are healthy', 180, async () => (await healthyMembers(meta.kubectl, namespace)).length === 3, () => explainPods(meta.kubectl, namespace));
  await rolledOut(meta.kubectl, namespace, 'deployment/kube-apiserver');
  await writer.goesOn(100);
}

/** Drops whatever comes in or goes out: for the others it looks like a machine without power. */
async function cut(machine: Machine, change: '-I' | '-D'): Promise<void> {
  await machine.run(['iptables', '-t', 'raw', change, 'PREROUTING', '-i', 'eth0', '-j', 'DROP']);
  await machine.run(['iptables', '-t', 'mangle', change, 'POSTROUTING', '-o', 'eth0', '-j', 'DROP']);
}
