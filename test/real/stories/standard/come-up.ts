import { deepEqual, equal, match } from 'node:assert/strict';
import { applyControlPlane, differencesOf, leaderOf, readyReport, secretsOpened, type ControlPlane } from '../../clusters/control-plane.ts';
import { healthyMembers } from '../../clusters/etcd.ts';
import { residentMemory } from '../../clusters/memory.ts';
import { hostsOfReady } from '../../clusters/workloads.ts';
import type { Lab } from '../../story.ts';
import { checkDeletions } from './deletion.ts';

const NAME = 'standard';

/** Brings up three of each, alone on its machines: its seconds are those of a standard control plane. Each host has a member and an API server. */
export async function comeUp(lab: Lab): Promise<ControlPlane> {
  const { meta } = lab;
  const plane = await applyControlPlane(meta, NAME);
  const { namespace } = plane.cluster;
  for (const [stage, seconds] of Object.entries(plane.seconds)) lab.figure(NAME, `${stage} (s)`, seconds);
  match(await readyReport(plane, meta), /\[\+\]etcd ok/);
  await secretsOpened(plane, meta);
  equal(await differencesOf(meta, NAME), '');
  for (const component of ['kube-controller-manager', 'kube-scheduler']) lab.say(`${await leaderOf(plane, meta, component)} leads`);

  equal((await healthyMembers(meta.kubectl, namespace)).length, 3, 'healthy members of etcd');
  const machines = meta.machines.map(({ name }) => name).sort();
  for (const component of ['etcd', 'kube-apiserver']) deepEqual(await hostsOfReady(meta.kubectl, namespace, component), machines, `hosts of ${component}`);
  lab.figure(NAME, 'memory (MiB)', await residentMemory(meta.kubectl, namespace));
  await checkDeletions(lab, plane);
  return plane;
}
