import { equal, match } from 'node:assert/strict';
import { applyControlPlane, differencesOf, leaderOf, readyReport, removeControlPlane, secretsOpened, tenantKubectl } from '../clusters/control-plane.ts';
import { residentMemory } from '../clusters/memory.ts';
import type { Lab, Story } from '../story.ts';

/** The first is alone on its machines, and its seconds are those of a minimal control plane; the others come up together. */
const [ALONE, ...TOGETHER] = ['minimal-v1-34', 'minimal-v1-33', 'minimal-v1-35', 'minimal-v1-36'] as const;

/** Every supported minor starts from `dist/`, with each kind of storage once. */
export const story: Story = {
  name: 'minimal',
  shows: 'a minimal control plane of every supported minor becomes ready, elects its leaders and knows its administrator',
  tell: async (lab) => {
    await comeUp(lab, ALONE);
    await Promise.all(TOGETHER.map((name) => comeUp(lab, name)));
  },
};

async function comeUp(lab: Lab, name: string): Promise<void> {
  const { meta } = lab;
  const plane = await applyControlPlane(meta, name);
  for (const [stage, seconds] of Object.entries(plane.seconds)) lab.figure(name, `${stage} (s)`, seconds);
  match(await readyReport(plane, meta), /\[\+\]etcd ok/);
  await secretsOpened(plane, meta);
  equal(await differencesOf(meta, name), '');
  for (const component of ['kube-controller-manager', 'kube-scheduler']) lab.say(`${name}: ${await leaderOf(plane, meta, component)} leads`);

  const admin = await tenantKubectl(meta, plane.cluster, 'admin-kubeconfig');
  match(await admin.run(['auth', 'whoami']), /kubeadm:cluster-admins/);
  match(await plane.kubectl.run(['version']), new RegExp(`Server Version: v${plane.cluster.kubernetes.replaceAll('.', '\\.')}`));
  lab.figure(name, 'memory (MiB)', await residentMemory(meta.kubectl, plane.cluster.namespace));
  await removeControlPlane(meta, plane);
}
