import type { Manifest } from '../../lib/model/manifest.ts';
import type { Answering } from './fixtures.ts';

/** What an API server has, by path. */
export type Objects = Map<string, Record<string, unknown>>;

/** Where kubeadm says what it has made, and what it says of a cluster of this name. */
export const KUBEADM_CONFIG = '/api/v1/namespaces/kube-system/configmaps/kubeadm-config';
export const kubeadmConfig = (name: string) => ({ kind: 'ConfigMap', data: { ClusterConfiguration: `apiVersion: kubeadm.k8s.io/v1beta4\nclusterName: ${name}\n` } });

/** The kinds of these manifests, as the API lists them; a kind has its own name in paths. */
function resourcesAt(group: string, manifests: readonly Manifest[]): object[] {
  const inside = manifests.filter(({ apiVersion }) => group === (apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`));
  const resources = inside.map(({ kind, metadata }) => ({ kind, name: kind.toLowerCase(), namespaced: metadata.namespace !== undefined }));
  return resources.flatMap((resource) => [{ ...resource, name: `${resource.name}/status` }, resource]);
}

/** As much of an API as is asked here: kinds, objects by their paths, and revisions that move when an object does. Everything applied has this status. */
export function memoryApi(objects: Objects, manifests: readonly Manifest[], status: object = {}): Answering {
  let revision = 0;
  const answer = ({ method, url, body }: { readonly method: string; readonly url: string; readonly body: string }): readonly [number, object] => {
    const path = url.split('?')[0] ?? '';
    if (/^\/(?:api\/v1|apis\/[^/]+\/[^/]+)$/.test(path)) return [200, { kind: 'APIResourceList', resources: resourcesAt(path, manifests) }];
    const before = objects.get(path);
    if (method === 'GET') return before === undefined ? [404, { kind: 'Status', message: 'not found' }] : [200, before];
    const { metadata, ...rest } = JSON.parse(body) as { readonly metadata: object };
    if (before?.['said'] !== body) revision += 1;
    objects.set(path, before?.['said'] === body ? before : { ...rest, status, said: body, metadata: { ...metadata, resourceVersion: String(revision) } });
    return [before === undefined ? 201 : 200, objects.get(path) ?? {}];
  };
  return (request, response) => {
    const [code, object] = answer(request);
    response.writeHead(code, { 'content-type': 'application/json' });
    response.end(JSON.stringify(object));
  };
}
