import { deepEqual, equal, match } from 'node:assert/strict';
import type { PersistentVolume, PersistentVolumeClaim, Pod } from 'kubernetes-types/core/v1';
import type { CSINode } from 'kubernetes-types/storage/v1';
import { applyControlPlane, readyReport, removeControlPlane, type ControlPlane } from '../clusters/control-plane.ts';
import { differencesTo } from '../clusters/kubectl.ts';
import { applyTenant, endNodes, invite, joinNode, startNode, tenantStages } from '../clusters/node.ts';
import { rolledOut } from '../clusters/workloads.ts';
import type { Machine } from '../host/machines.ts';
import { secondsSince, until } from '../host/until.ts';
import type { Lab, Story } from '../story.ts';
import { claim, IMAGE, inPod, make, podWith, runs, TEXT, waits } from './storage/claims.ts';

const [CLASS, DRIVER, WORKLOAD] = ['folders', 'folders.csi.test', 'daemonset/csi-folders'];

/** The driver's own disk on a machine, as its manifests have it. */
const FOLDERS = '/var/lib/csi-folders';

/** The class is the cluster's, the driver an add-on: neither knows more of the other than a name. */
export const story: Story = {
  name: 'storage',
  shows: 'a claim that names no class gets its volume from a driver that came as an add-on, on the node that has room for it; what is written there outlives the Pod, and goes with the claim',
  byNameOnly: true,
  modules: ['csi-folders', 'csi-provisioner', 'metrics-server'],
  clusters: ['storage'],
  tell: tellStorage,
};

async function tellStorage(lab: Lab): Promise<void> {
  const { meta, say } = lab;
  const plane = await applyControlPlane(meta, 'storage');
  await readyReport(plane, meta);
  const machines = await joinAll(lab, plane);
  await driverKnown(lab, plane, machines);

  await claimWaits(lab, plane);
  const volume = await volumeMade(lab, plane, machines);
  await anotherReads(lab, plane, volume);
  await tooLargeWaits(lab, plane);
  await driverRestarts(lab, plane);
  await volumeGoes(lab, plane, volume, machines);

  equal(await differencesTo(plane.kubectl, tenantStages(meta, plane.cluster).flatMap(({ files }) => [...files])), '');
  say('nothing differs from what was compiled');
  await endNodes(meta, machines);
  await removeControlPlane(meta, plane);
}

/** Two machines: with one, nobody would see that a volume is where it was made. */
async function joinAll({ meta, say }: Lab, plane: ControlPlane): Promise<readonly Machine[]> {
  const machines = await Promise.all(['storage-1', 'storage-2'].map((name, index) =>
    startNode(meta, plane, { name, address: `10.239.0.${71 + index}`, kubelet: plane.cluster.minor }, [IMAGE])));
  await applyTenant(meta, plane);
  const { args } = await invite(plane);
  for (const [index, machine] of machines.entries()) await joinNode(meta, plane, machine, args, machines.slice(0, index));
  say('two machines are nodes');
  return machines;
}

/** Each kubelet has taken the driver, and says where its volumes can be used. */
async function driverKnown({ say }: Lab, { kubectl }: ControlPlane, machines: readonly Machine[]): Promise<void> {
  await rolledOut(kubectl, 'kube-system', WORKLOAD);
  for (const { name } of machines) {
    const drivers = async (): Promise<CSINode['spec']['drivers']> => (await kubectl.get<CSINode>('csinode', name)).spec.drivers;
    await until(`the kubelet of ${name} knows the driver`, 60, async () => (await drivers()).length > 0, () => kubectl.run(['-n', 'kube-system', 'logs', WORKLOAD, '-c', 'driver']));
    deepEqual(await drivers(), [{ name: DRIVER, nodeID: name, topologyKeys: [`${DRIVER}/node`] }]);
  }
  const places = async (): Promise<number> => (await kubectl.names('-n', 'kube-system', 'csistoragecapacities')).length;
  await until('the scheduler is told how much room each node has', 90, async () => (await places()) === machines.length, () => kubectl.run(['-n', 'kube-system', 'logs', WORKLOAD, '-c', 'provisioner']));
  say('the driver is registered with each kubelet, and the scheduler knows the room of each node');
}

/** Admission writes the default class into it; nobody makes a volume before it is known where its Pod runs. */
async function claimWaits({ say }: Lab, { kubectl }: ControlPlane): Promise<void> {
  await make(kubectl, claim('notes', '64Mi'));
  await waits(kubectl, 'persistentvolumeclaim/notes', 'WaitForFirstConsumer');
  const { spec, status } = await kubectl.get<PersistentVolumeClaim>('persistentvolumeclaim', 'notes');
  deepEqual([spec?.storageClassName, status?.phase], [CLASS, 'Pending']);
  say('a claim that names no class has the default one, and waits for a Pod');
}

interface Volume {
  readonly name: string;
  readonly node: string;
  /** Its folder on that node. */
  readonly folder: string;
}

async function volumeMade({ say, figure }: Lab, { kubectl }: ControlPlane, machines: readonly Machine[]): Promise<Volume> {
  const start = Date.now();
  await make(kubectl, podWith('writer', 'notes'));
  const isBound = async (): Promise<boolean> => (await kubectl.get<PersistentVolumeClaim>('persistentvolumeclaim', 'notes')).status?.phase === 'Bound';
  await until('the claim has its volume', 120, isBound, () => kubectl.run(['describe', 'persistentvolumeclaim', 'notes']));
  figure('storage', 'Pod made to claim Bound (s)', secondsSince(start));
  const node = await runs(kubectl, 'writer');
  figure('storage', 'Pod made to Pod Running (s)', secondsSince(start));

  const { metadata, spec } = (await kubectl.get<{ readonly items: readonly PersistentVolume[] }>('persistentvolumes')).items[0] ?? {};
  equal(spec?.csi?.driver, DRIVER);
  equal(spec.persistentVolumeReclaimPolicy, 'Delete');
  deepEqual(spec.nodeAffinity?.required?.nodeSelectorTerms, [{ matchExpressions: [{ key: `${DRIVER}/node`, operator: 'In', values: [node] }] }]);
  const folder = `${FOLDERS}/${spec.csi.volumeHandle}`;
  await inPod(kubectl, 'writer', `echo ${TEXT} > /data/note`);
  equal(await machines.find(({ name }) => name === node)?.run(['cat', `${folder}/note`]), `${TEXT}\n`);
  say('the driver made a volume on the node of the Pod, which is no root and wrote into it');
  return { name: metadata?.name ?? '', node, folder };
}

/** The scheduler leads it to where the volume is. */
async function anotherReads({ say, figure }: Lab, { kubectl }: ControlPlane, { node }: Volume): Promise<void> {
  await kubectl.run(['delete', 'pod', 'writer']);
  const start = Date.now();
  await make(kubectl, podWith('reader', 'notes'));
  equal(await runs(kubectl, 'reader'), node);
  figure('storage', 'another Pod Running (s)', secondsSince(start));
  equal(await inPod(kubectl, 'reader', 'busybox cat /data/note'), `${TEXT}\n`);
  say('another Pod reads what the first one wrote');
}

/** What the driver says of its room reaches the scheduler of the hosted control plane. */
async function tooLargeWaits({ say }: Lab, { kubectl }: ControlPlane): Promise<void> {
  await make(kubectl, claim('vast', '1Ei'), podWith('vast', 'vast'));
  await waits(kubectl, 'pod/vast', 'FailedScheduling');
  const { status } = await kubectl.get<Pod>('pod', 'vast');
  match(status?.conditions?.find(({ type }) => type === 'PodScheduled')?.message ?? '', /did not have enough free storage/);
  await kubectl.run(['delete', 'pod/vast', 'persistentvolumeclaim/vast']);
  say('a claim for which no node has room stays without a volume');
}

/** As with its next version: what it has mounted stays, and the kubelets take it again. */
async function driverRestarts({ say }: Lab, { kubectl }: ControlPlane): Promise<void> {
  await kubectl.run(['-n', 'kube-system', 'delete', 'pods', '-l', 'app=csi-folders']);
  await rolledOut(kubectl, 'kube-system', WORKLOAD);
  equal(await inPod(kubectl, 'reader', 'busybox cat /data/note'), `${TEXT}\n`);
  say('a Pod keeps its volume while the driver is replaced');
}

/** The volume goes with its claim, and nothing of it is left on a node. */
async function volumeGoes({ say, figure }: Lab, { kubectl }: ControlPlane, { name, folder }: Volume, machines: readonly Machine[]): Promise<void> {
  await kubectl.run(['delete', 'pod', 'reader']);
  const start = Date.now();
  await kubectl.run(['delete', 'persistentvolumeclaim', 'notes']);
  const left = (): Promise<string[]> => kubectl.names('persistentvolumes');
  await until(`${name} is gone`, 60, async () => (await left()).length === 0, () => kubectl.run(['describe', 'persistentvolumes']));
  figure('storage', 'claim deleted to volume gone (s)', secondsSince(start));
  for (const machine of machines) {
    equal((await machine.attempt(['ls', folder])).code, 2, `${folder} on ${machine.name}`);
    deepEqual((await machine.run(['cat', '/proc/mounts'])).split('\n').filter((line) => line.includes('kubernetes.io~csi')), [], `mounts of ${machine.name}`);
  }
  say('claim, volume and folder are gone');
}
