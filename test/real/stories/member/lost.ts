import { deepEqual, equal, match, notEqual } from 'node:assert/strict';
import type { Job } from 'kubernetes-types/batch/v1';
import type { Pod } from 'kubernetes-types/core/v1';
import { allStages, applyStage, differencesOf, type ControlPlane } from '../../clusters/control-plane.ts';
import { healthyMembers, listedMembers } from '../../clusters/etcd.ts';
import { killProgram } from '../../clusters/kill.ts';
import type { Kubectl } from '../../clusters/kubectl.ts';
import { emptyVolume } from '../../clusters/volumes.ts';
import { completed, explainPods, podsOf, rolledOut } from '../../clusters/workloads.ts';
import type { ResolvedCluster } from '../../../../lib/model/resolved.ts';
import { compiled, editDefinition, imagesIn, readManifest } from '../../fleet.ts';
import { provideImages } from '../../host/machines.ts';
import { secondsSince, until } from '../../host/until.ts';
import type { Writer } from '../../load/writer.ts';
import type { Lab } from '../../story.ts';

const JOBS = 'app.kubernetes.io/name=etcd-replacement';

/** What its figures stand below. */
export const LOST = 'a member without its data';

/** A member's data is lost, its claim and its host are not; docs/tasks/replace-an-etcd-member.md is followed but for what it deletes: nobody else restarts. */
export async function loseMember(lab: Lab, plane: ControlPlane, writer: Writer): Promise<void> {
  const before = await membersOf(lab, plane);
  await loseData(lab, plane);
  await writer.goesOn(50);
  lab.say('etcd-2 has lost its data and does not start; writes go on');
  await replace(lab, plane);
  await writer.goesOn(50);

  const after = await membersOf(lab, plane);
  deepEqual(after.listed.map(({ name, peerUrl }) => ({ name, peerUrl })), before.listed.map(({ name, peerUrl }) => ({ name, peerUrl })));
  deepEqual(after.listed.slice(0, 2), before.listed.slice(0, 2), 'what etcd knows of the others');
  notEqual(after.listed[2]?.id, before.listed[2]?.id);
  deepEqual(after.others, before.others, 'Pods of the others, and restarts in them');
}

/** Whoever applies everything once more, and whichever Job runs once more, replaces nobody: not even one that is away. */
export async function replaceNobody(lab: Lab, plane: ControlPlane): Promise<void> {
  equal(await differencesOf(lab.meta, plane.cluster.name), '');
  await applyAgain(lab, plane);
  await runAgain(lab, plane, 'again', /answers: nothing to replace/);
  await runWhileAway(lab, plane);
}

/** What etcd says of its members, and the Pods of those that nothing happened to. */
async function membersOf({ meta }: Lab, { cluster: { namespace } }: ControlPlane) {
  await until('three members are healthy', 120, async () => (await healthyMembers(meta.kubectl, namespace)).length === 3, () => explainPods(meta.kubectl, namespace));
  const pods = await podsOf(meta.kubectl, namespace, 'app.kubernetes.io/name=etcd');
  const others = pods.filter(({ metadata }) => metadata?.name !== 'etcd-2');
  const lives = others.map(({ metadata, status }) => ({ name: metadata?.name, uid: metadata?.uid, started: status?.containerStatuses?.map(({ restartCount, containerID }) => [restartCount, containerID]) }));
  return { listed: await listedMembers(meta.kubectl, namespace), others: lives };
}

/** Ends the running member from one moment to the next, and empties its volume before another one starts: that finds nothing, and its peers know it already. */
async function loseData({ meta }: Lab, { cluster: { namespace } }: ControlPlane): Promise<void> {
  const pod = await meta.kubectl.get<Pod>('-n', namespace, 'pod', 'etcd-2');
  const machine = meta.machines.find(({ name }) => name === pod.spec?.nodeName);
  if (machine === undefined) throw new Error('etcd-2 is on no machine');
  const path = await folderOf(meta.kubectl, pod);
  killProgram(pod, 'etcd');
  emptyVolume(machine, path);
  const log = async (): Promise<string> => (await meta.kubectl.attempt(['-n', namespace, 'logs', 'etcd-2', '--tail=20'])).out;
  await until('etcd-2 says that it was known before', 120, async () => (await log()).includes('already been bootstrapped'), log);
}

/** Where a member's volume is on its machine: a claim takes any volume of its class, one that was made for a neighbour too. */
async function folderOf(kubectl: Kubectl, { metadata, spec }: Pod): Promise<string> {
  const claim = spec?.volumes?.find(({ persistentVolumeClaim }) => persistentVolumeClaim !== undefined)?.persistentVolumeClaim?.claimName ?? '';
  const volume = await kubectl.run(['-n', metadata?.namespace ?? '', 'get', 'persistentvolumeclaim', claim, '-o', 'jsonpath={.spec.volumeName}']);
  return kubectl.run(['get', 'persistentvolume', volume, '-o', 'jsonpath={.spec.local.path}']);
}

/** The page's own commands, from the apply on; only the field manager is the one that has applied everything before. */
async function replace({ meta, figure }: Lab, { cluster: { name, namespace } }: ControlPlane): Promise<void> {
  await editDefinition(`${name}/cluster.ts`, 'members: [{}, {}, {}]', 'members: [{}, {}, { generation: 1 }]');
  await Promise.all(meta.machines.map((machine) => provideImages(machine, imagesIn(allStages(meta, name).flatMap(({ files }) => files)))));
  const start = Date.now();
  const folder = compiled(`${meta.name}/clusters/${name}`);
  const apply = ['apply', '--server-side', '--field-manager=stories'];
  await meta.kubectl.run([...apply, '-f', `${folder}/data`, '-f', `${folder}/control-plane/etcd-members`]);
  await meta.kubectl.run(['-n', namespace, 'wait', '--for=condition=Complete', '--timeout=30m', 'job', '-l', JOBS], { timeoutSeconds: 300 });
  figure(LOST, 'Job done (s)', secondsSince(start));
  await meta.kubectl.run([...apply, '-f', `${folder}/control-plane/etcd`]);
  await meta.kubectl.run(['-n', namespace, 'delete', 'pod', 'etcd-2']);
  await until('three members are healthy', 180, async () => (await healthyMembers(meta.kubectl, namespace)).length === 3, () => explainPods(meta.kubectl, namespace));
  figure(LOST, 'replaced (s)', secondsSince(start));
}

/** Everything once more: no Job, no Pod and no member is another one afterwards. */
async function applyAgain(lab: Lab, plane: ControlPlane): Promise<void> {
  const { meta, meta: { kubectl } } = lab;
  const { name, namespace } = plane.cluster;
  const state = async () => ({
    listed: (await membersOf(lab, plane)).listed,
    jobs: (await kubectl.get<{ readonly items: Job[] }>('-n', namespace, 'jobs')).items.map(({ metadata, status }) => [metadata?.uid, status]),
    pods: (await podsOf(kubectl, namespace)).map(({ metadata, status }) => [metadata?.uid, status?.containerStatuses?.map(({ restartCount }) => restartCount)]),
  });
  const before = await state();
  for (const stage of allStages(meta, name)) await applyStage(kubectl, namespace, stage);
  deepEqual(await state(), before);
}

/** The same Job under another name, as a changed template gives it. */
async function startAgain({ meta }: Lab, { name }: ResolvedCluster, suffix: string): Promise<string> {
  const files = allStages(meta, name).flatMap((stage) => stage.files);
  const job = files.map(readManifest).find(({ kind }) => kind === 'Job');
  if (job === undefined) throw new Error('there is no Job of a replacement');
  const again = `${job.metadata.name}-${suffix}`;
  await meta.kubectl.run(['apply', '-f', '-'], { input: JSON.stringify({ ...job, metadata: { ...job.metadata, name: again } }) });
  return again;
}

async function runAgain(lab: Lab, { cluster }: ControlPlane, suffix: string, expected: RegExp): Promise<void> {
  const { kubectl } = lab.meta;
  const job = await startAgain(lab, cluster, suffix);
  await completed(kubectl, cluster.namespace, job);
  const log = await logOf(kubectl, cluster.namespace, job);
  match(log, expected);
  lab.say(`a second run says: ${log.split('\n').at(-1) ?? ''}`);
}

/** What all Pods of a Job have said. */
const logOf = async (kubectl: Kubectl, namespace: string, job: string): Promise<string> =>
  (await kubectl.run(['-n', namespace, 'logs', '-l', `job-name=${job}`, '--tail=-1'])).trim();

/** A member that is away with all its data, as while its host is serviced: Jobs of the same generation leave it on the list. */
async function runWhileAway(lab: Lab, plane: ControlPlane): Promise<void> {
  const { kubectl } = lab.meta;
  const { namespace } = plane.cluster;
  const { spec } = await kubectl.get<Pod>('-n', namespace, 'pod', 'etcd-2');
  const before = await membersOf(lab, plane);
  await kubectl.run(['cordon', spec?.nodeName ?? '']);
  await kubectl.run(['-n', namespace, 'delete', 'pod', 'etcd-2']);
  await runAgain(lab, plane, 'while-away', /is away, but this generation was taken in before/);
  await runWithoutDns(lab, plane);
  await kubectl.run(['uncordon', spec?.nodeName ?? '']);
  deepEqual(await membersOf(lab, plane), before);
}

/** Nobody is known when DNS does not answer: that is no new cluster. */
async function runWithoutDns(lab: Lab, { cluster }: ControlPlane): Promise<void> {
  const { kubectl } = lab.meta;
  const { namespace } = cluster;
  const scale = (replicas: number): Promise<string> => kubectl.run(['-n', 'kube-system', 'scale', 'deployment/coredns', `--replicas=${replicas}`]);
  await scale(0);
  await kubectl.run(['-n', 'kube-system', 'wait', '--for=delete', 'pod', '-l', 'k8s-app=kube-dns', '--timeout=120s']);
  const job = await startAgain(lab, cluster, 'without-dns');
  await until('the Job has failed for want of DNS', 120, async () => (await logOf(kubectl, namespace, job)).includes('Could not resolve host'), () => logOf(kubectl, namespace, job));
  await scale(2);
  await rolledOut(kubectl, 'kube-system', 'deployment/coredns');
  await completed(kubectl, namespace, job);
  match(await logOf(kubectl, namespace, job), /is away, but this generation was taken in before/);
  lab.say('a run without DNS fails, and is tried again when DNS is back');
}
