import { equal, match } from 'node:assert/strict';
import { differencesOf, leaderOf, readyReport, secretsOpened, tenantKubectl, type ControlPlane } from '../../clusters/control-plane.ts';
import { residentMemory } from '../../clusters/memory.ts';
import type { Lab } from '../../story.ts';

/** A control plane that has just been applied: ready, its Secrets opened, nothing unlike what was compiled, leaders elected, its administrator known. */
export async function checkComeUp({ meta, say, figure }: Lab, plane: ControlPlane): Promise<void> {
  const { name, namespace, kubernetes } = plane.cluster;
  for (const [stage, seconds] of Object.entries(plane.seconds)) figure(name, `${stage} (s)`, seconds);
  match(await readyReport(plane, meta), /\[\+\]etcd ok/);
  await secretsOpened(plane, meta);
  equal(await differencesOf(meta, name), '');
  for (const component of ['kube-controller-manager', 'kube-scheduler']) say(`${name}: ${await leaderOf(plane, meta, component)} leads`);

  const admin = await tenantKubectl(meta, plane.cluster, 'admin-kubeconfig');
  match(await admin.run(['auth', 'whoami']), /kubeadm:cluster-admins/);
  match(await plane.kubectl.run(['version']), new RegExp(`Server Version: v${kubernetes.replaceAll('.', '\\.')}`));
  figure(name, 'memory (MiB)', await residentMemory(meta.kubectl, namespace));
}
