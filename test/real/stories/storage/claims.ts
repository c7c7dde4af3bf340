import type { Event, PersistentVolumeClaim, Pod } from 'kubernetes-types/core/v1';
import type { Kubectl } from '../../clusters/kubectl.ts';
import { explainPods, isReady } from '../../clusters/workloads.ts';
import { until } from '../../host/until.ts';

/** What the Pods of this story are made of. */
export const IMAGE = 'docker.io/library/busybox:1.35';

/** What one Pod writes, and another one reads. */
export const TEXT = 'kept';

const NAMESPACE = 'default';

/** A claim as users write it who do not know of classes. */
export const claim = (name: string, size: string): PersistentVolumeClaim => ({
  apiVersion: 'v1', kind: 'PersistentVolumeClaim',
  metadata: { name, namespace: NAMESPACE },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: size } } },
});

/** A Pod that is no root: only when the kubelet gives the volume to its group can it write there. */
export const podWith = (name: string, claimName: string): Pod => ({
  apiVersion: 'v1', kind: 'Pod',
  metadata: { name, namespace: NAMESPACE },
  spec: {
    securityContext: { runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000 },
    terminationGracePeriodSeconds: 1,
    containers: [{ name, image: IMAGE, command: ['busybox', 'sleep', '86400'], volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
    volumes: [{ name: 'data', persistentVolumeClaim: { claimName } }],
  },
});

export const make = (kubectl: Kubectl, ...items: readonly object[]): Promise<string> =>
  kubectl.run(['create', '-f', '-'], { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) });

/** Waits until an object has been told for which reason it waits: `waits(kubectl, 'pod/web', 'FailedScheduling')`. */
export async function waits(kubectl: Kubectl, object: string, reason: string): Promise<void> {
  const [kind = '', name = ''] = object.split('/');
  const told = async (): Promise<readonly Event[]> =>
    (await kubectl.get<{ readonly items: readonly Event[] }>('-n', NAMESPACE, 'events', '--field-selector', `involvedObject.name=${name},reason=${reason}`)).items;
  const isTold = async (): Promise<boolean> => (await told()).some(({ involvedObject }) => involvedObject.kind?.toLowerCase() === kind);
  await until(`${object} waits: ${reason}`, 60, isTold, () => kubectl.run(['-n', NAMESPACE, 'describe', object]));
}

/** Waits until a Pod runs, and gives its node. */
export async function runs(kubectl: Kubectl, name: string): Promise<string> {
  const pod = (): Promise<Pod> => kubectl.get<Pod>('-n', NAMESPACE, 'pod', name);
  await until(`${name} runs`, 120, async () => isReady(await pod()), () => explainPods(kubectl, NAMESPACE));
  return (await pod()).spec?.nodeName ?? '';
}

export const inPod = (kubectl: Kubectl, name: string, command: string): Promise<string> =>
  kubectl.run(['-n', NAMESPACE, 'exec', name, '--', 'sh', '-c', command]);
