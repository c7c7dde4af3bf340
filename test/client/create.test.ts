import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createObject } from '../../lib/client/create.ts';
import { readKubeconfig } from '../../lib/client/kubeconfig-file.ts';
import { discoveryAuthorities } from '../../lib/pki/credentials/discovery.ts';
import type { Problem } from '../../lib/problem.ts';
import { temporaryFolder, writeFiles } from '../support/folders.ts';
import { apiServer, kubeconfigOf, localCluster, partsOf, status, type LocalCluster, type Parts } from './fixtures.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const PATH = '/api/v1/namespaces/kube-system/secrets';
const OBJECT = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'one' }, stringData: { a: 'b' } };

let prod: LocalCluster;
let other: LocalCluster;

beforeAll(async () => {
  prod = await localCluster('prod');
  other = await localCluster('other');
});

type Change = (parts: Parts) => void;

/** Creates the object at a server, by way of a kubeconfig file as the command reads it. */
async function create(server: string, { of = prod, to = prod, change = () => undefined }: { of?: LocalCluster; to?: LocalCluster; change?: Change } = {}): Promise<readonly Problem[]> {
  const parts = await partsOf(of, server);
  change(parts);
  const folder = temporaryFolder();
  writeFiles(folder, { kubeconfig: JSON.stringify(kubeconfigOf(parts)) });
  const read = readKubeconfig(join(folder, 'kubeconfig'));
  if (!read.ok) return read.problems;
  return createObject(read.access, { path: PATH, object: OBJECT, cluster: 'prod', authorities: discoveryAuthorities(to.lock).map(({ certificate }) => certificate) });
}

describe('an object is made', () => {
  test('as the user of the certificate', async () => {
    const { url, requests } = await apiServer(prod, status(201));
    expect(await create(url)).toEqual([]);
    expect(requests).toMatchObject([{ method: 'POST', url: `${PATH}?fieldManager=kubewright`, client: 'kubernetes-admin kubeadm:cluster-admins staff', headers: { 'content-type': 'application/json' } }]);
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual(OBJECT);
    expect(requests[0]?.headers).not.toHaveProperty('authorization');
  });

  test('as the owner of the token, below the path of the server', async () => {
    const { url, requests } = await apiServer(prod, status(201));
    const change: Change = (parts) => {
      parts.user = { token: 'abc' };
      parts.cluster['server'] = `${url}/clusters/prod/`;
    };
    expect(await create(url, { change })).toEqual([]);
    expect(requests).toMatchObject([{ url: `/clusters/prod${PATH}?fieldManager=kubewright`, client: null, headers: { authorization: 'Bearer abc' } }]);
  });

  test('by a name that the certificate has, when the address is another', async () => {
    const elsewhere = await localCluster('prod', ['10.32.0.1']);
    const { url } = await apiServer(elsewhere, status(201));
    expect(await create(url)).toMatchObject([{ code: 'api/certificate', at: { path: 'clusters: server' } }]);
    expect(await create(url, { change: ({ cluster }) => { cluster['tls-server-name'] = 'api.example.com'; } })).toEqual([]);
  });

  test('when the API server is about to stop and wants to be asked again', async () => {
    const { url, requests } = await apiServer(prod, (request, response, index) => (index === 0 ? status(429, 'later', { 'retry-after': '0' }) : status(201))(request, response, index));
    expect(await create(url)).toEqual([]);
    expect(requests).toHaveLength(2);
  });
});

describe('what the API answers', () => {
  test.for([
    [401, 'Unauthorized', 'api/unauthorized', 'kubewright pki kubeconfig prod admin'],
    [403, 'secrets is forbidden: User "jo" cannot create resource "secrets".', 'api/forbidden', 'kubewright pki kubeconfig prod admin'],
    [409, 'secrets "one" already exists', 'api/refused', 'again'],
    [429, 'busy', 'api/refused', 'again'],
    [503, '', 'api/refused', 'again'],
    [200, '', 'api/refused', 'again'],
  ] as const)('%i %s is %s', async ([code, message, problem, fix]) => {
    const { url } = await apiServer(prod, status(code, message));
    const [found, ...others] = await create(url);
    expect(found).toMatchObject({ code: problem, severity: 'error', fix: expect.stringContaining(fix) as string });
    expect(found?.what).toContain(message.replace(/\.$/, ''));
    expect(others).toEqual([]);
  });

  test('what is no Status of the API is not shown', async () => {
    const { url } = await apiServer(prod, (_, response) => { response.writeHead(404).end('<h1>Nothing here</h1>'); });
    const [found] = await create(url);
    expect(found).toMatchObject({ code: 'api/refused', what: `${url} answers 404.` });
  });
});

describe('another cluster', () => {
  test('is told by its kubeconfig, and nothing is sent', async () => {
    const { url, requests } = await apiServer(other, status(201));
    expect(await create(url, { of: other })).toMatchObject([{ code: 'api/wrong-cluster', fix: expect.stringContaining('kubewright pki kubeconfig prod') as string }]);
    expect(requests).toEqual([]);
  });

  test.for([
    ['a kubeconfig that trusts the right authority', () => undefined],
    ['a kubeconfig that names none', ({ cluster }) => { delete cluster['certificate-authority-data']; }],
    ['a kubeconfig that would trust anybody', (parts) => { parts.cluster = { server: parts.cluster['server'], 'insecure-skip-tls-verify': true }; }],
  ] satisfies readonly (readonly [string, Change])[])('is told by its server, with %s', async ([, change]) => {
    const { url, requests } = await apiServer(other, status(201));
    expect(await create(url, { change })).toMatchObject([{ code: 'api/wrong-cluster' }]);
    expect(requests).toEqual([]);
  });

  test('is told by its server, whatever the environment says', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    onTestFinished(() => { vi.unstubAllEnvs(); });
    const { url, requests } = await apiServer(other, status(201));
    expect(await create(url)).toMatchObject([{ code: 'api/wrong-cluster' }]);
    expect(requests).toEqual([]);
  });
});

describe('a server that is not there', () => {
  test('where nobody listens', async () => {
    const closed = createServer();
    closed.listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const address = closed.address();
    closed.close();
    await once(closed, 'close');
    const port = typeof address === 'object' ? address?.port : 0;
    expect(await create(`https://127.0.0.1:${port}`))
      .toMatchObject([{ code: 'api/unreachable', what: expect.stringContaining('ECONNREFUSED') as string, at: { path: 'clusters: server' } }]);
  });

  test('where something else than TLS answers', async () => {
    const plain = createServer((socket) => { socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'); });
    plain.listen(0, '127.0.0.1');
    await once(plain, 'listening');
    onTestFinished(() => { plain.close(); });
    const address = plain.address();
    expect(await create(`https://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`)).toMatchObject([{ code: 'api/unreachable' }]);
  });

  test('where the connection ends before an answer', async () => {
    const { url } = await apiServer(prod, (_, response) => { response.destroy(); });
    expect(await create(url)).toMatchObject([{ code: 'api/unreachable' }]);
  });
});
