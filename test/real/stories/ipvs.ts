import { answersByName, applyControlPlane, removeControlPlane } from '../clusters/control-plane.ts';
import { installGateway, removeGateway, routesTaken } from '../clusters/gateway.ts';
import { applyTenant, endNodes, invite, joinNode, startNode } from '../clusters/node.ts';
import { rolledOut } from '../clusters/workloads.ts';
import { startVirtualMachine } from '../host/virtual/virtual-machine.ts';
import { secondsSince } from '../host/until.ts';
import type { Story } from '../story.ts';
import { checkNetwork } from './join/network.ts';
import { leadsToOwnApi } from './join/own-api.ts';
import { checkServices, IMAGES, runPods } from './join/pods.ts';

const NAME = 'ipvs';

/** The kernel of a shared host may have no `ip_vs`: this node has one of its own. */
export const story: Story = {
  name: NAME,
  shows: 'on a machine with a kernel of its own kube-proxy leads to Services by IPVS, also to the address at which the agent of a Gateway listens',
  byNameOnly: true,
  kernels: true,
  modules: ['traefik', 'ghostunnel'],
  clusters: [NAME],
  tell: async (lab) => {
    const { meta, figure } = lab;
    await installGateway(meta, '10.239.0.140');
    const plane = await applyControlPlane(meta, NAME);
    await routesTaken(meta, plane.cluster.namespace);
    await answersByName(meta, plane);
    const start = Date.now();
    const machine = await startNode(meta, plane, { name: 'ipvs-1', address: '10.239.0.160', kubelet: plane.cluster.minor, make: startVirtualMachine }, IMAGES);
    figure('a virtual machine', 'has its images (s)', secondsSince(start));
    await applyTenant(meta, plane);
    await joinNode(meta, plane, machine, (await invite(plane)).args);
    figure('a virtual machine', 'is a node (s)', secondsSince(start));
    // One after another: what is emulated takes its time, and begins again what took too long.
    for (const workload of ['daemonset/kube-apiserver-proxy', 'deployment/coredns']) await rolledOut(plane.kubectl, 'kube-system', workload);
    await runPods(plane, 1);
    await checkServices(lab, plane);
    await checkNetwork(lab, plane, [machine]);
    await leadsToOwnApi(lab, plane);
    await endNodes(meta, [machine]);
    await removeControlPlane(meta, plane);
    await removeGateway(meta);
  },
};
