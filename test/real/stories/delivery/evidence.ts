import { deepEqual, equal, match } from 'node:assert/strict';
import type { ControlPlane } from '../../clusters/control-plane.ts';
import type { MetaCluster } from '../../clusters/meta.ts';

/** What a control plane must never lose, and by what each is known to be the one that it was. */
export type Evidence = readonly string[];

const HELD = ['namespaces', 'persistentvolumeclaims', 'statefulsets', 'sealedsecrets', 'secrets'];

/** Kind, name and uid of everything that holds state of a cluster. */
export async function evidenceOf({ kubectl }: MetaCluster, { cluster: { namespace } }: ControlPlane): Promise<Evidence> {
  const path = 'jsonpath={range .items[*]}{.kind} {.metadata.name} {.metadata.uid}{"\\n"}{end}';
  const found = await Promise.all(HELD.map((kind) => kubectl.run(['get', kind, '-n', namespace, '-l', 'kubewright.dev/holds=state', '-o', path])));
  const lines = found.flatMap((text) => text.split('\n').filter((line) => line !== '' && (!line.startsWith('Namespace ') || line.startsWith(`Namespace ${namespace} `))));
  equal(new Set(lines.map((line) => line.split(' ')[0])).size, HELD.length, `kinds that hold state in ${namespace}`);
  return lines.sort();
}

/** Written into a cluster once; whoever reads it later reads from the same etcd. */
export async function leaveMark({ kubectl }: ControlPlane): Promise<void> {
  await kubectl.run(['-n', 'default', 'create', 'configmap', 'mark', '--from-literal=of=the-story']);
}

/** The same objects as before, an API server that answers, and what was written into it. */
export async function nothingLost(meta: MetaCluster, plane: ControlPlane, before: Evidence): Promise<void> {
  deepEqual(await evidenceOf(meta, plane), before, `what holds state of ${plane.cluster.name}`);
  match(await plane.kubectl.run(['get', '--raw', '/readyz']), /^ok$/);
  match(await plane.kubectl.run(['-n', 'default', 'get', 'configmap', 'mark', '-o', 'jsonpath={.data.of}']), /^the-story$/);
}
