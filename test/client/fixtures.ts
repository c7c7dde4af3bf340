import { once } from 'node:events';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { issueAccess } from '../../lib/pki/issuing/access.ts';
import type { Keystore } from '../../lib/pki/keystore.ts';
import { certificateOf, type PkiLock, type PkiPlan } from '../../lib/pki/plan.ts';
import { issue, planWith, SEALING } from '../pki/fixtures.ts';
import { seededEntropy, unseal } from '../support/pki.ts';

/** A cluster whose API server is on this machine. Its certificates begin now, because TLS asks the clock. */
export interface LocalCluster {
  readonly plan: PkiPlan;
  readonly lock: PkiLock;
  readonly keystore: Keystore;
}

/** Two clusters of different seeds have the same names and other keys. */
export async function localCluster(seed: string, hosts: readonly string[] = ['127.0.0.1']): Promise<LocalCluster> {
  const plan = planWith('apiserver', { ipAddresses: hosts });
  const { lock, keystore } = await issue(plan, null, null, { now: new Date(), entropy: seededEntropy(seed) });
  if (keystore === null) throw new Error('a new cluster has a keystore');
  return { plan, lock, keystore };
}

/** What an API server was asked. */
export interface Request {
  readonly method: string;
  readonly url: string;
  /** Common name and groups of the client's certificate, when it is one of the cluster's. */
  readonly client: string | null;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface ApiServer {
  readonly url: string;
  readonly requests: readonly Request[];
}

export type Answering = (request: Request, response: ServerResponse, index: number) => void;

/** As the API says that something went well or wrong. */
export const status = (code: number, message = '', headers: Readonly<Record<string, string>> = {}): Answering => (_, response) => {
  response.writeHead(code, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify({ kind: 'Status', apiVersion: 'v1', code, message }));
};

/** An API server that shows the cluster's certificate, asks for one, and answers as it is told. It ends with the test. */
export async function apiServer({ lock }: LocalCluster, answering: Answering): Promise<ApiServer> {
  const requests: Request[] = [];
  const { certificate, sealed } = certificateOf(lock, 'apiserver');
  if (sealed === null) throw new Error('the key of a leaf is sealed');
  const trust = certificateOf(lock, 'client-ca').certificate;
  const server = createServer({ cert: certificate, key: unseal(SEALING.privateKeyPem, lock.namespace, sealed), ca: trust, requestCert: true, rejectUnauthorized: false }, (incoming, response) => {
    void readAll(incoming).then((body) => {
      const request = { method: incoming.method ?? '', url: incoming.url ?? '', client: clientOf(incoming.socket), headers: incoming.headers, body };
      requests.push(request);
      answering(request, response, requests.length - 1);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => { server.close(); server.closeAllConnections(); });
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

async function readAll(stream: AsyncIterable<unknown>): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}

function clientOf(socket: unknown): string | null {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return null;
  const { CN, O } = socket.getPeerCertificate().subject;
  return [CN, ...[O ?? []].flat()].join(' ');
}

/** A kubeconfig's one cluster and one user. */
export interface Parts {
  cluster: Record<string, unknown>;
  user: Record<string, unknown>;
}

interface Kubeconfig {
  readonly clusters: readonly [{ readonly cluster: Parts['cluster'] }];
  readonly users: readonly [{ readonly user: Parts['user'] }];
}

/** The kubeconfig that `pki kubeconfig` makes for the administrator, taken apart. */
export async function partsOf({ plan, lock, keystore }: LocalCluster, server: string): Promise<Parts> {
  const granted = await issueAccess(plan, lock, keystore, { user: 'admin', server, seconds: 600, now: new Date(), entropy: seededEntropy(certificateOf(lock, 'client-ca').serial) });
  if (!granted.ok) throw new Error(granted.problems.map(({ what }) => what).join('\n'));
  const { clusters: [{ cluster }], users: [{ user }] } = parse(granted.kubeconfig.reveal()) as Kubeconfig;
  return { cluster, user };
}

/** And put together again, with a second context that nobody asks for. */
export const kubeconfigOf = ({ cluster, user }: Parts): Record<string, unknown> => ({
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [{ name: 'elsewhere', cluster: { server: 'http://nowhere' } }, { name: 'here', cluster }],
  users: [{ name: 'nobody', user: {} }, { name: 'me', user }],
  contexts: [{ name: 'there', context: { cluster: 'elsewhere', user: 'nobody' } }, { name: 'me@here', context: { cluster: 'here', user: 'me' } }],
  'current-context': 'me@here',
});
