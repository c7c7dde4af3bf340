import { deepEqual, notEqual } from 'node:assert/strict';
import type { Node } from 'kubernetes-types/core/v1';
import type { ResolvedCluster } from '../../../lib/model/resolved.ts';
import { applyControlPlane, removeControlPlane, type ControlPlane } from '../clusters/control-plane.ts';
import { defineNetwork, installMultus, removeMultus } from '../clusters/multus.ts';
import { bridgeInto, endNodeNetwork, startNodeNetwork } from '../clusters/node-network.ts';
import { applyTenant, endNodes, invite, joinNode, startNode } from '../clusters/node.ts';
import { takeStep } from '../clusters/step.ts';
import { editAndBuild, readResolved } from '../fleet.ts';
import type { Lan, Machine } from '../host/machines.ts';
import { secondsSince } from '../host/until.ts';
import type { Lab, Story } from '../story.ts';
import { IMAGES, runPods } from './join/pods.ts';
import { checkWay } from './join/tunnel.ts';
import { checkComeUp } from './minimal/come-up.ts';
import { isReached, nothingIsReached } from './multus/cut.ts';
import { hasFirstOnly, hasSecond } from './multus/interfaces.ts';
import { checkOnlyWay } from './multus/only-way.ts';

const NAME = 'multus';
/** As the definition has it. */
const NETWORK = 'networks/nodes';
const ADDRESS = '10.250.0.31';
const KUBELET = `${ADDRESS}:10250`;

const [BY_MULTUS, DIRECTLY] = [`{ type: 'multus', network: '${NETWORK}' }`, `{ type: 'direct' }`];

/** The other way than the tunnel to nodes that nobody is routed to. */
export const story: Story = {
  name: NAME,
  shows: 'nodes in a network of their own, and their Pods, are reached by the interface that Multus gives to the API server, and by nothing else',
  byNameOnly: true,
  modules: ['metrics-server', 'multus'],
  clusters: [NAME],
  tell: async (lab) => {
    const { meta, say } = lab;
    const network = await startNodeNetwork(meta);
    await installMultus(meta);
    await defineNetwork(meta, NETWORK, (machine) => bridgeInto('nodes', readResolved<ResolvedCluster>(NAME).network.pods, machine));
    const plane = await applyControlPlane(meta, NAME);
    await checkComeUp(lab, plane);
    say(`the API server has ${await hasSecond(lab, plane, NETWORK)} beside its own address`);

    const machine = await joinInside(lab, plane, network);
    await checkOnlyWay(lab, NETWORK, KUBELET);
    await checkWay(lab, plane, 'the second interface');
    await goesOn(lab, plane);
    await takeAway(lab, plane, machine);
    await checkWay(lab, plane, 'the second interface, which is back');

    await endNodes(meta, [machine]);
    await removeControlPlane(meta, plane);
    await removeMultus(meta, NETWORK);
    await endNodeNetwork(meta, network);
  },
};

/** With plain kubeadm, through the gateway of its network: nothing that it needs is another than elsewhere. */
async function joinInside({ meta, figure }: Lab, plane: ControlPlane, lan: Lan): Promise<Machine> {
  const machine = await startNode(meta, plane, { name: 'inside', address: ADDRESS, kubelet: plane.cluster.minor, lan }, IMAGES);
  const start = Date.now();
  await applyTenant(meta, plane);
  await joinNode(meta, plane, machine, (await invite(plane)).args, [], [lan]);
  figure('the node inside', 'Ready (s)', secondsSince(start));
  await runPods(plane, 1);
  figure('the node inside', 'runs Pods (s)', secondsSince(start));
  const { status } = await plane.kubectl.get<Node>('node', machine.name);
  deepEqual(status?.addresses?.filter(({ type }) => type === 'InternalIP').map(({ address }) => address), [ADDRESS]);
  return machine;
}

/** A changed definition, applied as a tool does. */
async function change({ meta, figure }: Lab, { cluster: { namespace } }: ControlPlane, what: string, from: string, to: string): Promise<void> {
  const { seconds } = await takeStep(meta, NAME, namespace, () => editAndBuild('multus/cluster.ts', from, to));
  figure(what, 'applied (s)', seconds);
}

/** An API server comes before the one that it replaces goes: each has an address of its own in the network of the nodes. */
async function goesOn(lab: Lab, plane: ControlPlane): Promise<void> {
  const old = await hasSecond(lab, plane, NETWORK);
  await change(lab, plane, 'a changed argument', `'max-requests-inflight': '400'`, `'max-requests-inflight': '500'`);
  const now = await hasSecond(lab, plane, NETWORK);
  notEqual(now, old);
  await isReached(plane);
  lab.say(`another API server has ${now} instead of ${old}`);
}

/** One word of the definition is another, and nothing is reached; it is what it was, and everything is again. */
async function takeAway(lab: Lab, plane: ControlPlane, machine: Machine): Promise<void> {
  await change(lab, plane, 'from multus to direct', BY_MULTUS, DIRECTLY);
  await hasFirstOnly(lab, plane);
  const said = await nothingIsReached(plane, machine.name, KUBELET);
  lab.say(`without the interface no log is read, no command is run and no metrics come; the node is Ready. ${said}`);

  await change(lab, plane, 'from direct to multus', DIRECTLY, BY_MULTUS);
  await hasSecond(lab, plane, NETWORK);
  await isReached(plane);
}
