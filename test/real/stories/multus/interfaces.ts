import { deepEqual, equal, match } from 'node:assert/strict';
import type { Pod } from 'kubernetes-types/core/v1';
import type { ControlPlane } from '../../clusters/control-plane.ts';
import { attachmentsOf } from '../../clusters/multus.ts';
import { explainPods, podsOf } from '../../clusters/workloads.ts';
import { until } from '../../host/until.ts';
import type { Lab } from '../../story.ts';

/** The API server has a second interface, and every client goes on finding it by the first. Gives its address there. */
export async function hasSecond({ meta }: Lab, { cluster }: ControlPlane, network: string): Promise<string> {
  const server = await onlyServer(meta, cluster.namespace);
  const [first, second, ...others] = attachmentsOf(server);
  deepEqual([first?.interface, first?.ips, first?.default], ['eth0', [server.status?.podIP], true]);
  deepEqual([second?.name, second?.interface, second?.default, others], [network, 'net1', undefined, []]);
  match(second?.ips.join() ?? '', /^10\.250\.0\.1\d\d$/);
  return second?.ips.join() ?? '';
}

/** It has what every Pod has. */
export async function hasFirstOnly({ meta }: Lab, { cluster }: ControlPlane): Promise<void> {
  const server = await onlyServer(meta, cluster.namespace);
  equal(attachmentsOf(server).length, 1, 'interfaces of the API server');
}

/** The API server's Pod, once no earlier one is left. */
async function onlyServer({ kubectl }: Lab['meta'], namespace: string): Promise<Pod> {
  const servers = (): Promise<Pod[]> => podsOf(kubectl, namespace, 'app.kubernetes.io/name=kube-apiserver');
  await until('one API server is left', 180, async () => (await servers()).length === 1, () => explainPods(kubectl, namespace));
  const [server] = await servers();
  if (server === undefined) throw new Error(`${namespace} has no API server`);
  return server;
}
