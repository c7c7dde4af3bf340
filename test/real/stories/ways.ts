import { ok } from 'node:assert/strict';
import { answersByName, applyControlPlane, removeControlPlane, type ControlPlane } from '../clusters/control-plane.ts';
import { leadByDns } from '../clusters/dns.ts';
import { applyTenant, endNodes, hideFrom, invite, joinNode, startNode } from '../clusters/node.ts';
import type { Machine } from '../host/machines.ts';
import type { Lab, Story } from '../story.ts';
import { checkOwnApi, leadsToOwnApi } from './join/own-api.ts';
import { checkServices, IMAGES, runPods } from './join/pods.ts';
import { checkWay, survivesServers } from './join/tunnel.ts';

/** What `join` shows of a load balancer, and `gateway` of a Gateway; and nodes that are reached by their addresses. */
export const story: Story = {
  name: 'ways',
  shows: 'by node ports and by DNS round robin, a Pod reaches its own API as kubernetes.default while API servers are replaced one by one; and nodes are reached by routes alone',
  byNameOnly: true,
  modules: ['metrics-server'],
  clusters: ['way-node-port', 'way-round-robin'],
  tell: async (lab) => {
    await byNodePort(lab);
    await byRoundRobin(lab);
  },
};

async function byNodePort(lab: Lab): Promise<void> {
  const plane = await applyControlPlane(lab.meta, 'way-node-port');
  const machine = await startNode(lab.meta, plane, { name: 'way-1', address: '10.239.0.151', kubelet: plane.cluster.minor }, IMAGES);
  await holds(lab, plane, machine, 'routes');
}

const byNobody = (): Promise<void> => Promise.resolve();

/** Machines know no name but by DNS, which leads to whichever API servers are ready. */
async function byRoundRobin(lab: Lab): Promise<void> {
  const { meta, say } = lab;
  const plane = await applyControlPlane(meta, 'way-round-robin', byNobody);
  const dns = await leadByDns(meta, plane.cluster);
  await answersByName(meta, plane);
  const machine = await startNode(meta, plane, { name: 'way-2', address: '10.239.0.152', kubelet: plane.cluster.minor, hosts: {} }, IMAGES);
  await hideFrom(meta, machine);
  await holds(lab, plane, machine, 'the tunnel');
  ok(dns.answers() >= 4, `DNS gave only ${dns.answers()} answers`);
  say(`DNS led to ${dns.answers()} different sets of API servers`);
  await dns.stop();
}

async function holds(lab: Lab, plane: ControlPlane, machine: Machine, way: string): Promise<void> {
  const { meta } = lab;
  await applyTenant(meta, plane);
  await joinNode(meta, plane, machine, (await invite(plane)).args);
  await runPods(plane, 1);
  await checkServices(lab, plane);
  await checkWay(lab, plane, way);
  await leadsToOwnApi(lab, plane);
  await checkOwnApi(lab, plane, () => survivesServers(lab, plane));
  await endNodes(meta, [machine]);
  await removeControlPlane(meta, plane);
}
