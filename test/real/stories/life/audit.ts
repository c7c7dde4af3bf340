import { deepEqual, equal } from 'node:assert/strict';
import type { ControlPlane } from '../../clusters/control-plane.ts';
import type { MetaCluster } from '../../clusters/meta.ts';
import { until } from '../../host/until.ts';
import { explainPods, podsOf } from '../../clusters/workloads.ts';

const API_SERVERS = 'app.kubernetes.io/name=kube-apiserver';

/** What an entry says that policies decide about; bodies are told as there or not. */
interface Entry {
  readonly level: string;
  readonly verb: string;
  readonly resource: string;
  readonly name: string;
  readonly bodies: readonly ('request' | 'response')[];
}

interface AuditEvent {
  readonly kind: string;
  readonly level: string;
  readonly verb: string;
  readonly objectRef?: { readonly namespace?: string; readonly resource?: string; readonly name?: string };
  readonly requestObject?: unknown;
  readonly responseObject?: unknown;
}

/** Writes in a namespace that the cluster's own policy names, and the file that each API server keeps in its volume: no patch is in there. */
export async function checkAuditVolume(meta: MetaCluster, plane: ControlPlane): Promise<void> {
  await writeIn(plane);
  await until('the audit log has what was written', 30, async () => (await entriesIn(await filesOf(meta, plane), 'audited')).length > 1, () => explainPods(meta.kubectl, plane.cluster.namespace));
  deepEqual(entriesIn(await filesOf(meta, plane), 'audited'), [
    { level: 'RequestResponse', verb: 'create', resource: 'configmaps', name: 'seen', bodies: ['request', 'response'] },
    { level: 'Metadata', verb: 'create', resource: 'secrets', name: 'seen', bodies: [] },
  ]);
}

/** The policy that a definition without one gets, on standard output: who did what, and no body of anything. */
export async function checkAuditOutput({ kubectl }: MetaCluster, plane: ControlPlane): Promise<void> {
  await writeIn(plane);
  const log = await kubectl.run(['-n', plane.cluster.namespace, 'logs', '-l', API_SERVERS, '--tail=-1']);
  const entries = entriesIn(log, 'audited').filter(({ verb }) => ['create', 'patch'].includes(verb));
  deepEqual(entries.map(({ verb, resource, name }) => `${verb} ${resource}/${name}`).sort(), ['create configmaps/seen', 'create secrets/seen', 'patch configmaps/seen']);
  deepEqual([...new Set(entries.map(({ level }) => level))], ['Metadata']);
  equal(entries.flatMap(({ bodies }) => bodies).length, 0, 'bodies in the log');
}

async function writeIn({ kubectl }: ControlPlane): Promise<void> {
  await kubectl.run(['create', 'namespace', 'audited']);
  const create = (...what: readonly string[]): Promise<string> => kubectl.run(['-n', 'audited', 'create', ...what, '--from-literal=text=hidden']);
  await create('configmap', 'seen');
  await create('secret', 'generic', 'seen');
  await kubectl.run(['-n', 'audited', 'patch', 'configmap', 'seen', '-p', '{"data":{"text":"changed"}}']);
}

/** The image has no shell; the file lies in an emptyDir, so on the disk of the Pod's machine. */
async function filesOf({ machines, kubectl }: MetaCluster, { cluster }: ControlPlane): Promise<string> {
  const files = (await podsOf(kubectl, cluster.namespace, API_SERVERS)).map(async ({ metadata, spec }) => {
    const machine = machines.find(({ name }) => name === spec?.nodeName);
    return machine?.run(['cat', `/var/lib/kubelet/pods/${metadata?.uid ?? ''}/volumes/kubernetes.io~empty-dir/audit-log/audit.log`]) ?? '';
  });
  return (await Promise.all(files)).join('\n');
}

/** Entries about the objects that were written in one namespace, sorted by what they are about. */
function entriesIn(text: string, namespace: string): Entry[] {
  const events = text.split('\n').filter((line) => line.startsWith('{"kind":"Event","apiVersion":"audit.k8s.io/')).map((line) => JSON.parse(line) as AuditEvent);
  return events.filter(({ objectRef }) => objectRef?.namespace === namespace && objectRef.name === 'seen').map(entryOf).sort((a, b) => (a.resource < b.resource ? -1 : 1));
}

const entryOf = ({ level, verb, objectRef, requestObject, responseObject }: AuditEvent): Entry => ({
  level, verb, resource: objectRef?.resource ?? '', name: objectRef?.name ?? '',
  bodies: [...(requestObject === undefined ? [] : ['request' as const]), ...(responseObject === undefined ? [] : ['response' as const])],
});
