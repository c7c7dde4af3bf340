import { applyControlPlane, readyReport, removeControlPlane, secretsOpened, type ControlPlane } from '../clusters/control-plane.ts';
import type { Machine } from '../host/machines.ts';
import { secondsSince, until } from '../host/until.ts';
import type { Writer } from '../load/writer.ts';
import type { Lab, Story } from '../story.ts';
import { allAreBack, anything, lastMachine, under } from './faults/under.ts';

const NAME = 'standard';

export const story: Story = {
  name: 'cut-off',
  shows: 'no acknowledged write is lost while a machine neither hears nor is heard, and clients write again once the meta cluster has noticed',
  byNameOnly: true,
  tell: async (lab) => {
    const { meta } = lab;
    const plane = await applyControlPlane(meta, NAME);
    await readyReport(plane, meta);
    await secretsOpened(plane, meta);
    await under(lab, plane, [['a machine cut off', anything, (writer) => machineCutOff(lab, plane, writer)]]);
    await removeControlPlane(meta, plane);
  },
};

/**
 * The last machine neither hears nor is heard, until the meta cluster has noticed and clients write again; then it is
 * back. For about as long as it was away its etcd forwards nothing to the leader, and a write that is sent there waits:
 * members' connections lived through the silence, and TCP tries again after pauses that double. etcd sets no limit to
 * that for its peers, and `tcp_retries2` is no setting that a restricted Pod may make.
 */
async function machineCutOff(lab: Lab, plane: ControlPlane, writer: Writer): Promise<void> {
  const { meta, figure } = lab;
  const machine = lastMachine(lab);
  const path = 'jsonpath={.status.conditions[?(@.type=="Ready")].status}';
  const isReadyNode = async (): Promise<string> => meta.kubectl.run(['get', 'node', machine.name, '-o', path]);
  const start = Date.now();
  await cut(machine, '-I');
  try {
    await until(`${machine.name} is known to be away`, 120, async () => (await isReadyNode()) === 'Unknown', isReadyNode);
    figure('a machine cut off', 'noticed (s)', secondsSince(start));
    await writer.goesOn(100);
    figure('a machine cut off', 'writes again (s)', secondsSince(start));
  } finally {
    await cut(machine, '-D');
  }
  await allAreBack(lab, plane);
  await writer.goesOn(50);
}

/** Drops whatever comes in or goes out: for the others it looks like a machine without power. */
async function cut(machine: Machine, change: '-I' | '-D'): Promise<void> {
  await machine.run(['iptables', '-t', 'raw', change, 'PREROUTING', '-i', 'eth0', '-j', 'DROP']);
  await machine.run(['iptables', '-t', 'mangle', change, 'POSTROUTING', '-o', 'eth0', '-j', 'DROP']);
}
