import { equal, match, notEqual } from 'node:assert/strict';
import { provideImages } from '../../host/machines.ts';
import type { Lab } from '../../story.ts';
import { IMAGES } from '../join/pods.ts';

const IMAGE = IMAGES[1] ?? '';
const [WITH, WITHOUT] = ['with', 'without'];

/** What a machine in that network answers to somebody with the second interface only: a kubelet refuses a stranger, and is there. */
export async function checkOnlyWay({ meta, say }: Lab, network: string, kubelet: string): Promise<void> {
  const { kubectl, machines } = meta;
  const namespace = network.split('/')[0] ?? '';
  const ask = ['curl', '--insecure', '--silent', '--show-error', '--output', '/dev/null', '--write-out', '%{http_code}', '--max-time', '5', `https://${kubelet}/pods`];
  await Promise.all(machines.map((machine) => provideImages(machine, [IMAGE])));
  await startPod(meta, namespace, WITH, [`--annotations=k8s.v1.cni.cncf.io/networks=${network}`]);
  await startPod(meta, namespace, WITHOUT, []);
  const inPod = (name: string) => kubectl.attempt(['-n', namespace, 'exec', name, '--', ...ask]);

  equal((await inPod(WITH)).out, '401');
  for (const [who, { code, complaint }] of [['a Pod', await inPod(WITHOUT)] as const, ...await Promise.all(machines.map(async ({ name, attempt }) => [name, await attempt(ask)] as const))]) {
    notEqual(code, 0, `${who} reaches ${kubelet}`);
    match(complaint, /Failed to connect|Connection timed out/);
  }
  await kubectl.run(['-n', namespace, 'delete', 'pod', WITH, WITHOUT, '--grace-period=1']);
  say(`a Pod that asks for ${network} reaches ${kubelet}; another one does not, nor does any of ${machines.length} machines`);
}

async function startPod({ kubectl }: Lab['meta'], namespace: string, name: string, flags: readonly string[]): Promise<void> {
  await kubectl.run(['-n', namespace, 'run', name, `--image=${IMAGE}`, '--restart=Never', ...flags, '--command', '--', 'sleep', '3600']);
  await kubectl.run(['-n', namespace, 'wait', '--for=condition=Ready', '--timeout=60s', `pod/${name}`]);
}
