import { deepEqual, equal, match } from 'node:assert/strict';
import { applyControlPlane, applyStage, differencesOf, leaderOf, readyReport, removeControlPlane, secretsOpened } from '../control-plane.ts';
import { healthyMembers } from '../etcd.ts';
import { editDefinition, stagesOf } from '../fleet.ts';
import { residentMemory } from '../memory.ts';
import type { Lab, Story } from '../story.ts';
import { secondsSince } from '../until.ts';
import { hostsOf, isReady, podsOf } from '../workloads.ts';

const NAME = 'standard';
const API_SERVERS = 'app.kubernetes.io/name=kube-apiserver';

/** Three hosts for three of each, in the beginning and after a rollout for which there is no fourth host. */
export const story: Story = {
  name: 'standard',
  shows: 'a standard control plane has a member of its etcd and an API server on each of three hosts, and rolls a changed argument out there',
  tell: async (lab) => {
    const { meta } = lab;
    const plane = await applyControlPlane(meta, NAME);
    const { namespace } = plane.cluster;
    for (const [stage, seconds] of Object.entries(plane.seconds)) lab.figure(NAME, `${stage} (s)`, seconds);
    match(await readyReport(plane, meta), /\[\+\]etcd ok/);
    await secretsOpened(plane, meta);
    equal(await differencesOf(meta, NAME), '');
    for (const component of ['kube-controller-manager', 'kube-scheduler']) lab.say(`${await leaderOf(plane, meta, component)} leads`);

    equal((await healthyMembers(meta.kubectl, namespace)).length, 3, 'healthy members of etcd');
    await everyHostHasOne(lab, namespace);
    lab.figure(NAME, 'memory (MiB)', await residentMemory(meta.kubectl, namespace));

    await editDefinition('standard/cluster.ts', `'max-requests-inflight': '400'`, `'max-requests-inflight': '500'`);
    const start = Date.now();
    for (const stage of stagesOf(meta.name, NAME, 'control-plane')) await applyStage(meta.kubectl, namespace, stage);
    lab.figure(NAME, 'rollout (s)', secondsSince(start));
    await everyHostHasOne(lab, namespace);
    const servers = (await podsOf(meta.kubectl, namespace, API_SERVERS)).filter(isReady);
    deepEqual(servers.map(({ spec }) => spec?.containers[0]?.args?.includes('--max-requests-inflight=500')), [true, true, true]);
    await removeControlPlane(meta, plane);
  },
};

async function everyHostHasOne({ meta }: Lab, namespace: string): Promise<void> {
  const machines = meta.machines.map(({ name }) => name).sort();
  for (const component of ['etcd', 'kube-apiserver']) {
    const pods = await podsOf(meta.kubectl, namespace, `app.kubernetes.io/name=${component}`);
    deepEqual(hostsOf(pods.filter(isReady)), machines, `hosts of ${component}`);
  }
}
