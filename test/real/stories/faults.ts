import { deepEqual, equal, notEqual, ok } from 'node:assert/strict';
import type { Pod } from 'kubernetes-types/core/v1';
import { leaderOf, removeControlPlane, type ControlPlane } from '../clusters/control-plane.ts';
import { healthyMembers, leadingMember, listedMembers, raftTerm } from '../clusters/etcd.ts';
import { killProgram } from '../clusters/kill.ts';
import { connectPods } from '../clusters/pod-network.ts';
import type { Lab, Story } from '../story.ts';
import { secondsSince, until } from '../host/until.ts';
import { explainPods, isReady, podsOf, rolledOut } from '../clusters/workloads.ts';
import { demandNoneFailed, PER_SECOND, type Writer } from '../load/writer.ts';
import { allAreBack, anything, lastMachine, under, type Permission } from './faults/under.ts';
import { LOST, loseMember, replaceNobody } from './member/lost.ts';
import { comeUp } from './standard/come-up.ts';

const API_SERVERS = 'app.kubernetes.io/name=kube-apiserver';

/** Requests that are under way at once: what is sent in the time of a slow answer. */
const UNDER_WAY = 0.5 * PER_SECOND;

/** A standard control plane comes up; then what clients see of Pods, processes, data and machines that end, announced and not. */
export const story: Story = {
  name: 'faults',
  shows: 'no acknowledged write is lost whatever ends; what is ended in order fails no request, a killed process only those that it had',
  tell: async (lab) => {
    const plane = await comeUp(lab);
    await under(lab, plane, [
      ['API servers one by one', inOrder(0), () => endApiServers(lab, plane)],
      ['the leading member ended', inOrder(1), () => endLeadingMember(lab, plane)],
      ['the leading member killed', untilElected, () => killLeadingMember(lab, plane)],
      ['an API server killed', onOnePod, (writer) => killApiServer(lab, plane, writer)],
      ['leading controllers killed', inOrder(0), () => killLeaders(lab, plane)],
      [LOST, anything, (writer) => loseMember(lab, plane, writer)],
      ['a machine without power', anything, (writer) => machineWithoutPower(lab, plane, writer)],
    ]);
    await replaceNobody(lab, plane);
    await removeControlPlane(lab.meta, plane);
  },
};

/** None, but for what etcd itself drops when its leader hands over. */
const inOrder = (handovers: number): Permission => (meanwhile) => demandNoneFailed(meanwhile, handovers);

/**
 * What the killed member was asked fails at once. What its peers forward to it until they have elected another one is
 * lost without a word, and its client waits in vain: as many as were sent while nobody led.
 */
const untilElected: Permission = ({ failures, longestPause }) =>
  ok(failures.length <= UNDER_WAY + PER_SECOND * longestPause, `more failed than an election explains:\n${failures.join('\n')}`);

/** Only a Pod that is no more resets a connection or refuses one: nothing failed on the others. */
const onOnePod: Permission = ({ failures }) => {
  const reasons = failures.map((failure) => failure.replace(/^\S+ /, ''));
  const reset = reasons.filter((reason) => /ECONNRESET|closed without an answer|canceled/.test(reason));
  const refused = reasons.filter((reason) => /ECONNREFUSED/.test(reason));
  ok(reset.length <= UNDER_WAY, `more were reset than can have been under way:\n${failures.join('\n')}`);
  deepEqual(reasons.filter((reason) => !reset.includes(reason) && !refused.includes(reason)), [], 'failures of another Pod');
};

async function endApiServers({ meta: { kubectl } }: Lab, { cluster: { namespace } }: ControlPlane): Promise<void> {
  for (const { metadata } of await podsOf(kubectl, namespace, API_SERVERS)) {
    await kubectl.run(['-n', namespace, 'delete', 'pod', metadata?.name ?? '']);
    await rolledOut(kubectl, namespace, 'deployment/kube-apiserver');
  }
}

/** The Pod comes back on its volume, as the member that it was; somebody else leads meanwhile. */
async function endLeadingMember(lab: Lab, plane: ControlPlane): Promise<void> {
  const { meta: { kubectl } } = lab;
  const { namespace } = plane.cluster;
  const { before, after } = await endLeader(lab, plane, async (leader) => void await kubectl.run(['-n', namespace, 'delete', 'pod', leader]));
  notEqual(after, before, 'a member that ends in order hands over');
}

/** Its process is there again within a second, before the others miss it: it may win the election that follows. */
async function killLeadingMember(lab: Lab, plane: ControlPlane): Promise<void> {
  const { meta: { kubectl } } = lab;
  const { namespace } = plane.cluster;
  await endLeader(lab, plane, async (leader) => killProgram(await kubectl.get<Pod>('-n', namespace, 'pod', leader), 'etcd'));
}

async function endLeader({ meta: { kubectl }, say }: Lab, { cluster: { namespace } }: ControlPlane, end: (leader: string) => Promise<void>): Promise<Record<'before' | 'after', string>> {
  const [members, before, term] = [await listedMembers(kubectl, namespace), await leadingMember(kubectl, namespace), await raftTerm(kubectl, namespace)];
  await end(before);
  const seconds = await until('all members are healthy, and one was elected anew', 120,
    async () => (await healthyMembers(kubectl, namespace)).length === 3 && await raftTerm(kubectl, namespace) > term, () => explainPods(kubectl, namespace));
  await rolledOut(kubectl, namespace, 'statefulset/etcd');
  deepEqual(await listedMembers(kubectl, namespace), members, 'names, URLs and ids of the members');
  const after = await leadingMember(kubectl, namespace);
  say(`${before} led before, ${after} does now; three are healthy after ${seconds} s`);
  return { before, after };
}

/** Once no machine's rules lead to the Pod any more, no further write fails. */
async function killApiServer({ meta, figure }: Lab, { cluster: { namespace } }: ControlPlane, writer: Writer): Promise<void> {
  const [pod] = (await podsOf(meta.kubectl, namespace, API_SERVERS)).filter(isReady);
  if (pod === undefined) throw new Error('no API server is ready');
  const rule = `--to-destination ${pod.status?.podIP ?? ''}:6443`;
  const isLedTo = async (): Promise<boolean> => (await meta.machines[0].run(['iptables-save', '-t', 'nat'])).includes(rule);
  equal(await isLedTo(), true, 'the Service leads to the Pod');
  const start = Date.now();
  killProgram(pod, 'kube-apiserver');
  await until('the Service leads to the Pod no more', 60, async () => !await isLedTo(), () => explainPods(meta.kubectl, namespace));
  const removed = Date.now();
  figure('an API server killed', 'off the Service (s)', secondsSince(start));
  await until('the Service leads to it again', 120, isLedTo, () => explainPods(meta.kubectl, namespace));
  await writer.goesOn(50);
  const { lastFailed } = writer.soFar();
  ok(lastFailed <= removed, `a write failed ${lastFailed - removed} ms after nothing led to the Pod any more`);
}

/** Both leases run out, and others lead; work that came meanwhile is done. */
async function killLeaders({ meta, figure }: Lab, plane: ControlPlane): Promise<void> {
  const { namespace } = plane.cluster;
  const components = ['kube-controller-manager', 'kube-scheduler'];
  const before = await Promise.all(components.map((component) => leaderOf(plane, meta, component)));
  const start = Date.now();
  for (const [index, component] of components.entries()) {
    killProgram(await meta.kubectl.get<Pod>('-n', namespace, 'pod', before[index]?.split('_')[0] ?? ''), component);
  }
  await plane.kubectl.run(['create', 'deployment', 'meanwhile', '--image=web.test/web:1']);
  const path = 'jsonpath={.items[*].status.conditions[?(@.type=="PodScheduled")].reason}';
  // There are no nodes: a Pod that was judged is one that the controller-manager made and the scheduler saw.
  const isJudged = async (): Promise<boolean> => (await plane.kubectl.run(['get', 'pods', '-l', 'app=meanwhile', '-o', path])) === 'Unschedulable';
  await until('a Deployment made meanwhile has a Pod that the scheduler has seen', 120, isJudged, () => explainPods(meta.kubectl, namespace));
  figure('leading controllers killed', 'work goes on (s)', secondsSince(start));
  for (const [index, component] of components.entries()) {
    const leader = await leaderOf(plane, meta, component);
    notEqual(leader, before[index], `the process that leads as ${component}`);
    await rolledOut(meta.kubectl, namespace, `deployment/${component}`);
  }
  await plane.kubectl.run(['delete', 'deployment', 'meanwhile']);
}

/** Everything on a machine ends at once, and it starts again from its disk, before the meta cluster takes its Pods away. */
async function machineWithoutPower(lab: Lab, plane: ControlPlane, writer: Writer): Promise<void> {
  const { meta, figure } = lab;
  const machine = lastMachine(lab);
  const { namespace } = plane.cluster;
  const members = await listedMembers(meta.kubectl, namespace);
  const start = Date.now();
  await machine.powerOff();
  const sofar = writer.soFar().acknowledged.length;
  await until('writes go on without it', 60, async () => writer.soFar().acknowledged.length >= sofar + 50, () => writer.soFar().failures.slice(-10).join('\n'));
  await machine.powerOn();
  await connectPods(meta.machines, meta.kubectl);
  await allAreBack(lab, plane);
  figure('a machine without power', 'all are back (s)', secondsSince(start));
  deepEqual(await listedMembers(meta.kubectl, namespace), members, 'names, URLs and ids of the members');
  await writer.goesOn(50);
}
