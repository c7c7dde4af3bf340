import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { applyObject, checkMeta, type MetaApi } from '../../lib/client/apply.ts';
import { readKubeconfig } from '../../lib/client/kubeconfig-file.ts';
import { waitCommand, waitForAll } from '../../lib/client/readiness.ts';
import type { Manifest } from '../../lib/model/manifest.ts';
import { temporaryFolder, writeFiles } from '../support/folders.ts';
import { apiServer, kubeconfigOf, localCluster, partsOf, type ApiServer, type LocalCluster } from './fixtures.ts';
import { KUBEADM_CONFIG, kubeadmConfig, memoryApi, type Objects } from './memory-api.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

let meta: LocalCluster;

beforeAll(async () => {
  meta = await localCluster('meta');
});

const NAMESPACE: Manifest = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'one' } };
const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a', namespace: 'one' }, spec: { replicas: 2 } } as Manifest;
const JOB: Manifest = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'b', namespace: 'one' } };

const api = (objects: Objects) => memoryApi(objects, [NAMESPACE, DEPLOYMENT, JOB]);

async function connect(server: ApiServer, cluster = 'meta'): Promise<MetaApi> {
  const folder = temporaryFolder();
  writeFiles(folder, { kubeconfig: JSON.stringify(kubeconfigOf(await partsOf(meta, server.url))) });
  const read = readKubeconfig(join(folder, 'kubeconfig'));
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return { access: read.access, cluster, fieldManager: 'kubectl', kinds: new Map() };
}

const SOON = { seconds: 0, everySeconds: 0.01 };

describe('a meta cluster is told by the name that kubeadm gave it', () => {
  test.for([
    ['its own', [[KUBEADM_CONFIG, kubeadmConfig('meta')]], []],
    ['that of another', [[KUBEADM_CONFIG, kubeadmConfig('other')]], ['api/wrong-cluster']],
    ['none', [], ['api/wrong-cluster']],
  ] as const)('%s', async ([, objects, codes]) => {
    const problems = await checkMeta(await connect(await apiServer(meta, api(new Map(objects)))));
    expect(problems.map(({ code }) => code)).toEqual(codes);
    for (const { fix } of problems) expect(fix).toContain('admin.conf');
  });
});

describe('an object is applied', () => {
  test('made, found as it was, and changed', async () => {
    const server = await apiServer(meta, api(new Map()));
    const to = await connect(server);
    const changed = { ...NAMESPACE, metadata: { name: 'one', labels: { a: 'b' } } };
    const outcomes = [];
    for (const manifest of [NAMESPACE, NAMESPACE, changed]) outcomes.push(await applyObject(to, manifest));
    expect(outcomes).toEqual(['made', 'unchanged', 'changed'].map((value) => ({ ok: true, value })));
    const [kinds, read, applied] = server.requests;
    expect(server.requests.filter(({ url }) => url === '/api/v1'), 'kinds are asked for once').toHaveLength(1);
    expect([kinds?.url, read?.method, read?.url]).toEqual(['/api/v1', 'GET', '/api/v1/namespace/one']);
    expect(applied).toMatchObject({ method: 'PATCH', url: '/api/v1/namespace/one?fieldManager=kubectl&fieldValidation=Strict', headers: { 'content-type': 'application/apply-patch+yaml' } });
    expect(JSON.parse(applied?.body ?? '')).toEqual(NAMESPACE);
  });

  test('in its namespace', async () => {
    const server = await apiServer(meta, api(new Map()));
    await applyObject(await connect(server), DEPLOYMENT);
    expect(server.requests.at(-1)?.url).toMatch(/^\/apis\/apps\/v1\/namespaces\/one\/deployment\/a\?/);
  });

  test('not of a kind that is not there, and not over somebody else\'s fields', async () => {
    const unknown = await applyObject(await connect(await apiServer(meta, api(new Map()))), { ...NAMESPACE, kind: 'Strange' });
    expect(unknown).toMatchObject({ ok: false, problems: [{ code: 'api/refused' }] });
    const working = api(new Map());
    const owned = await apiServer(meta, (request, response, index) => {
      if (request.method !== 'PATCH') return working(request, response, index);
      response.writeHead(409, { 'content-type': 'application/json' });
      return response.end(JSON.stringify({ kind: 'Status', message: 'Apply failed with 1 conflict: conflict with "argocd-controller": .metadata.labels.a' }));
    });
    const refused = await applyObject(await connect(owned), NAMESPACE);
    expect(refused).toMatchObject({ ok: false, problems: [{ code: 'api/refused', why: expect.stringContaining('somebody else') }] });
  });
});

describe('what is waited for', () => {
  const at = '/apis/apps/v1/namespaces/one/deployment/a';
  const deployment = (status: object) => ({ ...DEPLOYMENT, metadata: { ...DEPLOYMENT.metadata, generation: 2 }, status });
  const READY = { observedGeneration: 2, updatedReplicas: 2, availableReplicas: 2 };

  test('a Deployment of this generation, with all replicas', async () => {
    const objects: Objects = new Map([[at, deployment({ ...READY, observedGeneration: 1 })]]);
    const states = [{ ...READY, updatedReplicas: 1 }, { ...READY, availableReplicas: 1 }, READY];
    const working = api(objects);
    const server = await apiServer(meta, (request, response, index) => {
      working(request, response, index);
      const next = request.url === at ? states.shift() : undefined;
      if (next !== undefined) objects.set(at, deployment(next));
    });
    expect(await waitForAll(await connect(server), [NAMESPACE, DEPLOYMENT], { seconds: 30, everySeconds: 0.01 })).toEqual([]);
    expect(server.requests.filter(({ url }) => url === at), 'asked until it was ready, and no longer').toHaveLength(4);
  });

  test('not for ever, and not for what has failed', async () => {
    const late = await apiServer(meta, api(new Map([[at, deployment({})]])));
    expect(await waitForAll(await connect(late), [DEPLOYMENT], SOON)).toMatchObject([{ code: 'bootstrap/not-ready', what: 'Deployment one/a (apps/v1): not ready after 0 seconds.' }]);
    const failed = await apiServer(meta, api(new Map([['/apis/batch/v1/namespaces/one/job/b', { ...JOB, status: { conditions: [{ type: 'Failed', status: 'True' }] } }]])));
    expect(await waitForAll(await connect(failed), [JOB], { seconds: 30, everySeconds: 0.01 })).toMatchObject([{ code: 'bootstrap/not-ready', what: 'Job one/b (batch/v1): has failed.' }]);
  });

  test('kubectl waits for the same', () => {
    expect([NAMESPACE, DEPLOYMENT, JOB].map(waitCommand)).toEqual([
      null, 'kubectl -n one rollout status --timeout=10m deployment/a', 'kubectl -n one wait --for=condition=Complete --timeout=10m job/b',
    ]);
  });
});
