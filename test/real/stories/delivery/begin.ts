import { equal } from 'node:assert/strict';
import type { ResolvedCluster } from '../../../../lib/model/resolved.ts';
import { allStages, applyControlPlane, exposeEndpoint, readyReport, removeControlPlane, tenantKubectl, type ControlPlane } from '../../clusters/control-plane.ts';
import { installArgocd } from '../../clusters/delivery/argocd.ts';
import { installFlux } from '../../clusters/delivery/flux.ts';
import { startRepository, type Repository } from '../../clusters/delivery/repository.ts';
import { settles, type DeliveryTool } from '../../clusters/delivery/tool.ts';
import { bringSealingKey, endMeta, startMeta, type MetaCluster } from '../../clusters/meta.ts';
import { applyTenant, invite, joinNode, startNode } from '../../clusters/node.ts';
import { makeVolumes } from '../../clusters/volumes.ts';
import { rolledOut } from '../../clusters/workloads.ts';
import { DECRYPTION, imagesIn, kubewrightCommand, manifestFiles, readIdentity, readResolved } from '../../fleet.ts';
import { provideImages, type Machine } from '../../host/machines.ts';
import { secondsSince, until } from '../../host/until.ts';
import type { Desk } from '../../story.ts';
import { AUDIT_FILES } from './writes.ts';

/** The clusters of the fleet that is delivered; the story changes the first, and the other one is to be left alone. */
export const [CHANGED, OTHER] = ['alder', 'birch'] as const;

/** A fleet that a tool has brought from git, and keeps. */
export interface Delivered extends Desk {
  readonly meta: MetaCluster;
  readonly repository: Repository;
  readonly tool: DeliveryTool;
  readonly planes: Readonly<Record<typeof CHANGED | typeof OTHER, ControlPlane>>;
  /** Ends everything that was started for it. */
  readonly end: () => Promise<void>;
}

/**
 * From a meta cluster in which nothing is but what kubeadm made: what is compiled is applied by hand once, to compare; then
 * `kubewright bootstrap` and a push, and the tool does the rest. Machines join as their owners have them. What SOPS encrypted
 * nobody applies by hand: kubectl opens none of it.
 */
export async function begin(desk: Desk, name: DeliveryTool['name'], opens: 'controller' | 'flux' = 'controller'): Promise<Delivered> {
  const { say, figure } = desk;
  const way = opens === 'flux' ? 'flux with SOPS' : name;
  const meta = await startMeta('hub', { isBare: true, files: AUDIT_FILES });
  const repository = await startRepository(meta.machines[0]);
  await provideImages(meta.machines[0], imagesIn([...manifestFiles(`${meta.name}/platform`), ...clusters().flatMap(({ name }) => allStages(meta, name).flatMap(({ files }) => files))]));
  if (opens === 'controller') await bringSealingKey(meta.name, meta.kubectl);
  const tool = await (name === 'argocd' ? installArgocd(meta) : installFlux(meta, repository));
  if (opens === 'flux') await bringIdentity(meta, tool.namespace);
  await bootstrap(meta, name);
  say('the meta cluster has its platform, and the tool its root; the repository is empty');
  if (opens === 'controller') figure(way, 'kubectl apply to ready (s)', await appliedByHand(meta));

  for (const cluster of clusters()) await makeVolumes(meta, cluster);
  const programs = [repository.server, ...await tool.run()];
  const start = Date.now();
  const commit = await repository.push('The fleet');
  if (name === 'flux') await tool.tell(commit);
  const planes = { [CHANGED]: await comesUp(meta, CHANGED), [OTHER]: await comesUp(meta, OTHER) };
  figure(way, 'git push to ready (s)', secondsSince(start));
  say('both control planes are ready');
  const nodes = await Promise.all([CHANGED, OTHER].map((cluster, index) => join(meta, planes[cluster as typeof CHANGED], `node-${index + 1}`, `10.238.0.${21 + index}`)));
  await settles(tool, commit);
  figure(way, 'git push to all healthy, with a machine each (s)', secondsSince(start));
  const end = async (): Promise<void> => {
    // A machine is off when nothing is in its network any more.
    await Promise.all(programs.map((program) => program.stop()));
    await Promise.all(nodes.map((node) => node.powerOff()));
    await endMeta(meta);
  };
  return { ...desk, meta, repository, tool, planes, end };
}

/** As its owner makes it; docs/tasks/encrypt-with-sops.md. */
async function bringIdentity({ kubectl }: MetaCluster, namespace: string): Promise<void> {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: DECRYPTION, namespace }, stringData: { 'flux.agekey': readIdentity() } };
  await kubectl.run(['create', '-f', '-'], { input: JSON.stringify(secret) });
}

const clusters = (): ResolvedCluster[] => [CHANGED, OTHER].map((name) => readResolved<ResolvedCluster>(name));

/** The one-time steps, as an operator has them done. A second time they change nothing. */
export async function bootstrap({ name, machines: [machine] }: MetaCluster, tool: DeliveryTool['name']): Promise<void> {
  await machine.run(kubewrightCommand('bootstrap', name, '--tool', tool, '--kubeconfig', '/etc/kubernetes/admin.conf'));
}

/** Everything of both control planes and of what is inside them, stage by stage with kubectl, from the first to the last one healthy. */
async function appliedByHand(meta: MetaCluster): Promise<number> {
  const start = Date.now();
  const planes = await Promise.all([CHANGED, OTHER].map(async (name) => {
    const plane = await applyControlPlane(meta, name);
    await readyReport(plane, meta);
    await applyTenant(meta, plane);
    return plane;
  }));
  const seconds = secondsSince(start);
  for (const plane of planes) await removeControlPlane(meta, plane);
  for (const { cluster: { namespace } } of planes) {
    await until(`${namespace} is gone`, 120, async () => (await meta.kubectl.names('namespace', namespace, '--ignore-not-found')).length === 0, () => '');
  }
  return seconds;
}

/** Nobody is asked to do anything for it: the story only looks. */
async function comesUp(meta: MetaCluster, name: string): Promise<ControlPlane> {
  const cluster = readResolved<ResolvedCluster>(name);
  const { namespace } = cluster;
  for (const component of ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler']) {
    await until(`${component} of ${name} is made`, 180, async () => (await meta.kubectl.names('-n', namespace, 'deployment', component, '--ignore-not-found')).length === 1, () => '');
    await rolledOut(meta.kubectl, namespace, `deployment/${component}`);
  }
  await exposeEndpoint(meta, cluster);
  const plane = { cluster, seconds: {}, kubectl: await tenantKubectl(meta, cluster, 'super-admin-kubeconfig') };
  await readyReport(plane, meta);
  return plane;
}

/** As its owner does once the tool has brought what `kubeadm join` asks for. */
async function join(meta: MetaCluster, plane: ControlPlane, name: string, address: string): Promise<Machine> {
  const { kubectl, cluster } = plane;
  const machine = await startNode(meta, plane, { name, address, kubelet: cluster.minor }, []);
  await until(`${cluster.name} has what kubeadm asks for`, 180, async () => (await kubectl.names('-n', 'kube-public', 'configmap', 'cluster-info', '--ignore-not-found')).length === 1, () => '');
  await joinNode(meta, plane, machine, (await invite(plane)).args);
  equal((await kubectl.names('nodes')).length, 1);
  return machine;
}
