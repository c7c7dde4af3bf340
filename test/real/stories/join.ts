import { deepEqual, equal } from 'node:assert/strict';
import type { Node } from 'kubernetes-types/core/v1';
import { applyControlPlane, readyReport, removeControlPlane, type ControlPlane } from '../clusters/control-plane.ts';
import { differencesTo } from '../clusters/kubectl.ts';
import { applyTenant, endNodes, hideFrom, invite, joinNode, startNode, tenantStages } from '../clusters/node.ts';
import { rolledOut } from '../clusters/workloads.ts';
import type { Machine } from '../host/machines.ts';
import { secondsSince, until } from '../host/until.ts';
import type { Lab, Story } from '../story.ts';
import { checkServices, IMAGES, runPods } from './join/pods.ts';
import { checkOwnApi } from './join/own-api.ts';
import { checkRefusals } from './join/refusals.ts';
import { checkTunnel, survivesServers } from './join/tunnel.ts';

/** What `kubeadm join` asks for is there, and what a node needs to run Pods. */
export const story: Story = {
  name: 'join',
  shows: 'machines join a compiled cluster with plain kubeadm, run Pods, and are reached through the tunnel only; strangers are refused',
  byNameOnly: true,
  modules: ['metrics-server'],
  tell: tellStandard,
};

async function tellStandard(lab: Lab): Promise<void> {
  const { meta, say, figure } = lab;
  const plane = await applyControlPlane(meta, 'join');
  await readyReport(plane, meta);
  const machines = await Promise.all(['join-1', 'join-2'].map((name, index) =>
    startNode(meta, plane, { name, address: `10.239.0.${31 + index}`, kubelet: plane.cluster.minor }, IMAGES)));
  const [first, second] = machines as [Machine, Machine];
  for (const machine of machines) await hideFrom(meta, machine);

  const start = Date.now();
  await applyTenant(meta, plane);
  const { args } = await invite(plane);
  await joinNode(meta, plane, first, args);
  figure('the first node', 'Ready (s)', secondsSince(start));
  await runPods(plane, 1);
  figure('the first node', 'runs a Pod (s)', secondsSince(start));
  figure('the first node', 'kubeadm init and join of the meta cluster (s)', ['kubeadm init', 'joins', 'nodes ready'].reduce((sum, step) => sum + (meta.seconds[step] ?? 0), 0).toFixed(1));
  await joinByFile(lab, plane, second, first);
  await runPods(plane, 2);
  for (const machine of machines) await checkNode(lab, plane, machine);
  await allRolledOut(lab, plane);
  say('both machines are nodes, and everything that belongs inside runs');

  await checkServices(lab, plane);
  await checkTunnel(lab, plane);
  await checkOwnApi(lab, plane, () => survivesServers(lab, plane));
  await checkRefusals(lab, plane, first, second);
  equal(await differencesOfTenant(lab, plane), '');
  say('nothing differs from what was compiled, after its controllers have worked on it');
  await endNodes(meta, machines);
  await removeControlPlane(meta, plane);
}

/** Without a look at the API first: the file is what `kubectl config view` of somebody who may join machines says. */
async function joinByFile({ meta }: Lab, plane: ControlPlane, machine: Machine, other: Machine): Promise<void> {
  const { token } = await invite(plane);
  const info = await plane.kubectl.run(['-n', 'kube-public', 'get', 'configmap', 'cluster-info', '-o', 'jsonpath={.data.kubeconfig}']);
  await machine.run(['sh', '-c', 'mkdir -p /etc/kubernetes && cat > /etc/kubernetes/discovery.conf'], { input: info });
  await joinNode(meta, plane, machine, ['--discovery-file', '/etc/kubernetes/discovery.conf', '--tls-bootstrap-token', token], [other]);
}

/** A worker that kubeadm made itself, in the meta cluster, is the measure; its definition gives that one a zone. */
async function checkNode({ meta }: Lab, { kubectl }: ControlPlane, { name }: Machine): Promise<void> {
  const [node, worker] = [await kubectl.get<Node>('node', name), await meta.kubectl.get<Node>('node', meta.machines.at(-1)?.name ?? '')];
  const keys = ({ metadata }: Node): string[] => Object.keys(metadata?.labels ?? {}).filter((key) => !key.startsWith('topology.kubernetes.io/')).sort();
  deepEqual(keys(node), keys(worker), `labels of ${name}`);
  equal(node.metadata?.labels?.['kubernetes.io/hostname'], name);
  const taints = async (): Promise<string> => JSON.stringify((await kubectl.get<Node>('node', name)).spec?.taints ?? []);
  // Who takes the one for `not-ready` away looks every few seconds, and does so after the node is Ready.
  await until(`taints of ${name} are those of a worker`, 60, async () => (await taints()) === JSON.stringify(worker.spec?.taints ?? []), taints);
}

async function allRolledOut({ meta }: Lab, { cluster, kubectl }: ControlPlane): Promise<void> {
  for (const { files } of tenantStages(meta, cluster)) {
    for (const file of files) {
      const [, kind, name, namespace] = /\/(deployment|daemonset)-([^@/]+)@([^@/]+)\.yaml$/.exec(file) ?? [];
      if (kind !== undefined) await rolledOut(kubectl, namespace ?? '', `${kind}/${name ?? ''}`);
    }
  }
}

const differencesOfTenant = ({ meta }: Lab, { cluster, kubectl }: ControlPlane): Promise<string> =>
  differencesTo(kubectl, tenantStages(meta, cluster).flatMap(({ files }) => [...files]));
