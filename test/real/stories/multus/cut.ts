import { equal, match, notEqual } from 'node:assert/strict';
import type { ControlPlane } from '../../clusters/control-plane.ts';
import type { Kubectl } from '../../clusters/kubectl.ts';
import { explainNodes } from '../../clusters/workloads.ts';
import { until } from '../../host/until.ts';
import { NAMESPACE, webPods } from '../join/pods.ts';

/** Whatever the API server would have to dial fails; the node is Ready all the same, for that one dials itself. Gives what is said of a log. */
export async function nothingIsReached(plane: ControlPlane, node: string, kubelet: string): Promise<string> {
  const { kubectl } = plane;
  const pod = (await webPods(plane))[0]?.metadata?.name ?? '';
  const reason = new RegExp(`dial tcp ${kubelet.replaceAll('.', '\\.')}: .*(?:no route to host|unreachable|timeout)`);
  const said = await complaintOf(kubectl, '-n', NAMESPACE, 'logs', pod);
  match(said, reason);
  match(await complaintOf(kubectl, '-n', NAMESPACE, 'exec', pod, '--', 'busybox', 'hostname'), reason);
  await complaintOf(kubectl, 'top', 'nodes');
  const ready = 'jsonpath={.status.conditions[?(@.type=="Ready")].status}';
  equal(await kubectl.run(['get', 'node', node, '-o', ready]), 'True');
  return said.trim();
}

async function complaintOf(kubectl: Kubectl, ...args: readonly string[]): Promise<string> {
  const { code, complaint } = await kubectl.attempt(args);
  notEqual(code, 0, `kubectl ${args.join(' ')}`);
  return complaint;
}

/** Waits until a log is read from a node. */
export async function isReached(plane: ControlPlane): Promise<number> {
  const pod = (await webPods(plane))[0]?.metadata?.name ?? '';
  return until('a log is read again', 60, async () => (await plane.kubectl.run(['-n', NAMESPACE, 'logs', pod])).includes('serving'), () => explainNodes(plane.kubectl));
}
