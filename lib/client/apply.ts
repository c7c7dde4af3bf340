import type { Manifest } from '../model/manifest.ts';
import { isRecord, type UnknownRecord } from '../pki/records.ts';
import type { Problem } from '../problem.ts';
import type { ApiAccess } from './access.ts';
import { failureProblem, statusProblem, wrongCluster } from './problems.ts';
import { send, type Answer, type ApiRequest } from './request.ts';

/** The API of a meta cluster that kubeadm made, which is told by its kubeconfig alone: no lock knows its authorities. */
export interface MetaApi {
  readonly access: ApiAccess;
  readonly cluster: string;
  /** As whom fields are owned: whoever applies them later under this name may also take them away. */
  readonly fieldManager: string;
  /** What the server has said of kinds, so that it is asked once for each. */
  readonly kinds: Map<string, UnknownRecord>;
}

/** What was asked for, or what stood in the way. */
export type Tried<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly Problem[] };

/** What became of an object. */
export type Applied = 'made' | 'changed' | 'unchanged';

const ADMIN = 'take the admin.conf that kubeadm wrote on a control-plane machine.';

const refuse = (problem: Problem): Tried<never> => ({ ok: false, problems: [problem] });

/** Sends a request, and takes these answers for an answer. */
async function ask({ access, cluster }: MetaApi, request: Omit<ApiRequest, 'authorities'>, expected: readonly number[]): Promise<Tried<Answer>> {
  const asked = { cluster, path: request.path, newKubeconfig: ADMIN };
  try {
    const answer = await send(access, { ...request, authorities: access.authorities === null ? null : [access.authorities] });
    return expected.includes(answer.status) ? { ok: true, value: answer } : refuse(statusProblem(answer.status, answer.message, access, asked));
  } catch (cause) {
    return refuse(failureProblem(cause, access, asked));
  }
}

/** Whether this is the meta cluster, by the name that kubeadm was given for it. Nothing is written to any other. */
export async function checkMeta(api: MetaApi): Promise<readonly Problem[]> {
  const asked = await ask(api, { method: 'GET', path: '/api/v1/namespaces/kube-system/configmaps/kubeadm-config' }, [200, 404]);
  if (!asked.ok) return asked.problems;
  const data = asked.value.object['data'];
  const configuration = isRecord(data) ? String(data['ClusterConfiguration']) : '';
  const name = /^clusterName: "?([^"\n]+)"?$/m.exec(configuration)?.[1];
  if (name === api.cluster) return [];
  const what = name === undefined ? 'kubeadm has not made the cluster of this kubeconfig.' : `The cluster of this kubeconfig calls itself ${name}.`;
  return [wrongCluster(api.access, { cluster: api.cluster, newKubeconfig: ADMIN }, what)];
}

/** Applies an object as `kubectl apply --server-side` does. Fields that somebody else owns are left to them, and told, unless they are taken with force. */
export async function applyObject(api: MetaApi, manifest: Manifest, force = false): Promise<Tried<Applied>> {
  const place = await pathOf(api, manifest);
  if (!place.ok) return place;
  const before = await ask(api, { method: 'GET', path: place.value }, [200, 404]);
  if (!before.ok) return before;
  const path = `${place.value}?fieldManager=${api.fieldManager}&fieldValidation=Strict${force ? '&force=true' : ''}`;
  const after = await ask(api, { method: 'PATCH', path, body: manifest, contentType: 'application/apply-patch+yaml' }, [200, 201]);
  if (!after.ok) return after;
  if (before.value.status === 404) return { ok: true, value: 'made' };
  return { ok: true, value: revisionOf(before.value.object) === revisionOf(after.value.object) ? 'unchanged' : 'changed' };
}

/** An object as it is now; null when it is not there. */
export async function readObject(api: MetaApi, manifest: Manifest): Promise<Tried<UnknownRecord | null>> {
  const place = await pathOf(api, manifest);
  if (!place.ok) return place;
  const read = await ask(api, { method: 'GET', path: place.value }, [200, 404]);
  return read.ok ? { ok: true, value: read.value.status === 404 ? null : read.value.object } : read;
}

const revisionOf = ({ metadata }: UnknownRecord): unknown => (isRecord(metadata) ? metadata['resourceVersion'] : undefined);

/** The server itself says under which path it has a kind. A kind that came a moment ago is there when its CRD is established. */
async function pathOf(api: MetaApi, { apiVersion, kind, metadata: { name, namespace } }: Manifest): Promise<Tried<string>> {
  const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const known = api.kinds.get(`${group} ${kind}`);
  const found = known === undefined ? await findKind(api, group, kind) : { ok: true as const, value: known };
  if (!found.ok) return found;
  const resource = found.value;
  api.kinds.set(`${group} ${kind}`, resource);
  const inside = resource['namespaced'] === true ? `/namespaces/${namespace ?? 'default'}` : '';
  return { ok: true, value: `${group}${inside}/${String(resource['name'])}/${encodeURIComponent(name)}` };
}

async function findKind(api: MetaApi, group: string, kind: string): Promise<Tried<UnknownRecord>> {
  const listed = await ask(api, { method: 'GET', path: group }, [200]);
  if (!listed.ok) return listed;
  const { resources } = listed.value.object;
  const found = (Array.isArray(resources) ? resources : []).filter(isRecord).find((one) => one['kind'] === kind && !String(one['name']).includes('/'));
  if (found !== undefined) return { ok: true, value: found };
  return refuse(statusProblem(404, `${group} has no ${kind}`, api.access, { cluster: api.cluster, path: group, newKubeconfig: ADMIN }));
}
