import type { IncomingMessage } from 'node:http';
import { request, type RequestOptions } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { isRecord } from '../pki/records.ts';
import type { Problem } from '../problem.ts';
import type { ApiAccess } from './access.ts';
import { checkCluster, failureProblem, statusProblem } from './problems.ts';

/** One object that is to be made, and where the API takes it. */
export interface Creation {
  /** The collection: `/api/v1/namespaces/kube-system/secrets`. */
  readonly path: string;
  readonly object: object;
  /** The cluster that it is for, and PEM of the authorities that its API server is signed by. The kubeconfig has no say in that. */
  readonly cluster: string;
  readonly authorities: readonly string[];
}

/** Makes one object through a cluster's API; what stands there already is left alone. Nothing is sent before the server has proved that it is of that cluster. */
export async function createObject(access: ApiAccess, creation: Creation): Promise<readonly Problem[]> {
  const elsewhere = checkCluster(access, creation);
  if (elsewhere.length > 0) return elsewhere;
  try {
    const { status, message } = await send(access, creation);
    return status === 201 ? [] : [statusProblem(status, message, access, creation)];
  } catch (cause) {
    return [failureProblem(cause, access, creation)];
  }
}

interface Answer {
  readonly status: number;
  /** What the API says about it. */
  readonly message: string;
  /** Seconds after which it wants to be asked again. */
  readonly retryAfter: number | null;
}

const PATIENCE_MS = 30_000;
const MOST_ATTEMPTS = 5;

/** An API server that is about to stop has done nothing when it answers 429, and wants to be asked again, as kubectl does by itself. */
async function send(access: ApiAccess, creation: Creation): Promise<Answer> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  for (let attempt = 1; ; attempt += 1) {
    const answer = await sendOnce(optionsOf(access, creation, signal), urlOf(access, creation), JSON.stringify(creation.object));
    if (answer.status !== 429 || answer.retryAfter === null || attempt === MOST_ATTEMPTS) return answer;
    await pause(answer.retryAfter * 1000, undefined, { signal });
  }
}

const urlOf = ({ server }: ApiAccess, { path }: Creation): URL => new URL(`${server.href.replace(/\/$/, '')}${path}?fieldManager=kubewright`);

function optionsOf({ serverName, certificate, token }: ApiAccess, { authorities }: Creation, signal: AbortSignal): RequestOptions {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', ...(token === null ? {} : { authorization: `Bearer ${token.reveal()}` }) },
    ca: [...authorities],
    ...(certificate === null ? {} : { cert: certificate.pem, key: certificate.key.reveal() }),
    ...(serverName === null ? {} : { servername: serverName }),
    rejectUnauthorized: true, // Whatever NODE_TLS_REJECT_UNAUTHORIZED says.
    agent: false,
    signal,
  };
}

function sendOnce(options: RequestOptions, url: URL, body: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, options, (response) => {
      readAnswer(response).then(resolve, reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** As much of an answer as is ever read. */
const LONGEST = 100_000;

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text = (text + String(chunk)).slice(0, LONGEST);
  const retryAfter = Number(response.headers['retry-after'] ?? Number.NaN);
  return { status: response.statusCode ?? 0, message: messageIn(text), retryAfter: Number.isNaN(retryAfter) ? null : retryAfter };
}

/** A `Status` of the API has a message; whatever else answers has none that is worth showing. */
function messageIn(text: string): string {
  try {
    const content: unknown = JSON.parse(text);
    return isRecord(content) && typeof content['message'] === 'string' ? content['message'] : '';
  } catch {
    return '';
  }
}
