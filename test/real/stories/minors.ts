import { match } from 'node:assert/strict';
import type { Node } from 'kubernetes-types/core/v1';
import type { Minor } from '../../../lib/versions/minor.ts';
import { applyControlPlane, removeControlPlane } from '../clusters/control-plane.ts';
import { applyTenant, endNodes, invite, joinNode, startNode } from '../clusters/node.ts';
import type { Machine } from '../host/machines.ts';
import { together } from '../host/together.ts';
import type { Lab, Story } from '../story.ts';
import { checkNetwork } from './join/network.ts';
import { leadsToOwnApi } from './join/own-api.ts';
import { checkServices, IMAGES, runPods } from './join/pods.ts';
import { checkRuntime } from './join/runtime.ts';
import { checkTunnel } from './join/tunnel.ts';
import { checkComeUp } from './minimal/come-up.ts';

/** Clusters, and the minors of kubelets that join each one after another. */
const KUBELETS: Readonly<Record<string, readonly Minor[]>> = {
  'join-v1-33': ['1.33'],
  'join-v1-35': ['1.35', '1.34'],
  'join-v1-36': ['1.36', '1.34'],
};

/** What `minimal` and `join` show of one minor, of every other one and of older kubelets: by each storage, network, kube-proxy and exposure that runs here. */
export const story: Story = {
  name: 'minors',
  shows: 'minimal control planes of every minor come up; machines of each, and kubelets one and two minors behind, join by iptables, nftables and flannel, and Pods reach their own API',
  amongOthers: true,
  byNameOnly: true,
  modules: ['flannel', 'flannel-cni-plugin', 'metrics-server'],
  tell: async (lab) => void await together(Object.entries(KUBELETS).map(([name, kubelets], index) => tellOne(lab, name, kubelets, 40 + 10 * index))),
};

async function tellOne(lab: Lab, name: string, kubelets: readonly Minor[], firstAddress: number): Promise<void> {
  const { meta, say } = lab;
  const plane = await applyControlPlane(meta, name);
  await checkComeUp(lab, plane);
  await applyTenant(meta, plane);
  const { args } = await invite(plane);
  const machines: Machine[] = [];
  for (const [index, kubelet] of kubelets.entries()) {
    const machine = await startNode(meta, plane, { name: `${name}-${index + 1}`, address: `10.239.0.${firstAddress + index}`, kubelet }, IMAGES);
    await joinNode(meta, plane, machine, args, machines);
    machines.push(machine);
    const { status } = await plane.kubectl.get<Node>('node', machine.name);
    match(status?.nodeInfo?.kubeletVersion ?? '', new RegExp(`^v${kubelet.replace('.', '\\.')}\\.`));
    await runPods(plane, machines.length);
    say(`${name}: a kubelet of ${kubelet} joined, and runs Pods`);
  }
  await checkServices({ meta, say }, plane);
  await checkNetwork({ meta, say }, plane, machines);
  await checkRuntime(plane, machines);
  await checkTunnel({ meta, say }, plane);
  await leadsToOwnApi({ meta, say }, plane);
  await endNodes(meta, machines);
  await removeControlPlane(meta, plane);
}
