import type { IncomingMessage } from 'node:http';
import { request, type RequestOptions } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { isRecord, type UnknownRecord } from '../pki/records.ts';
import type { ApiAccess } from './access.ts';

/** One request to an API server. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Below the server's own path, with its query. */
  readonly path: string;
  readonly body?: object;
  readonly contentType?: string;
  /** PEM of the authorities that may sign the server's certificate; null for those of this machine. */
  readonly authorities: readonly string[] | null;
}

export interface Answer {
  readonly status: number;
  /** What the API says about it. */
  readonly message: string;
  /** The object that it answers with; empty when it is none. */
  readonly object: UnknownRecord;
  /** Seconds after which it wants to be asked again. */
  readonly retryAfter: number | null;
}

const PATIENCE_MS = 30_000;
const MOST_ATTEMPTS = 5;

/** An API server that is about to stop has done nothing when it answers 429, and wants to be asked again, as kubectl does by itself. */
export async function send(access: ApiAccess, asked: ApiRequest): Promise<Answer> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  for (let attempt = 1; ; attempt += 1) {
    const answer = await sendOnce(optionsOf(access, asked, signal), urlOf(access, asked), asked.body === undefined ? '' : JSON.stringify(asked.body));
    if (answer.status !== 429 || answer.retryAfter === null || attempt === MOST_ATTEMPTS) return answer;
    await pause(answer.retryAfter * 1000, undefined, { signal });
  }
}

const urlOf = ({ server }: ApiAccess, { path }: ApiRequest): URL => new URL(`${server.href.replace(/\/$/, '')}${path}`);

function optionsOf({ serverName, certificate, token }: ApiAccess, { method, body, contentType = 'application/json', authorities }: ApiRequest, signal: AbortSignal): RequestOptions {
  return {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': contentType }), accept: 'application/json', ...(token === null ? {} : { authorization: `Bearer ${token.reveal()}` }) },
    ...(authorities === null ? {} : { ca: [...authorities] }),
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

/** As much of an answer as is ever read; objects end at 1.5 MB, which is etcd's limit. */
const LONGEST = 4_000_000;
const LONGEST_MESSAGE = 2000;

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const chunks: string[] = [];
  let length = 0;
  for await (const chunk of response.setEncoding('utf8')) {
    if (length < LONGEST) chunks.push(String(chunk));
    length += String(chunk).length;
  }
  const object = objectIn(chunks.join(''));
  const retryAfter = Number(response.headers['retry-after'] ?? Number.NaN);
  return { status: response.statusCode ?? 0, object, message: messageIn(object), retryAfter: Number.isNaN(retryAfter) ? null : retryAfter };
}

function objectIn(text: string): UnknownRecord {
  try {
    const content: unknown = JSON.parse(text);
    return isRecord(content) ? content : {};
  } catch {
    return {};
  }
}

/** A `Status` of the API has a message; whatever else answers has none that is worth showing. */
const messageIn = ({ message }: UnknownRecord): string => (typeof message === 'string' ? message.slice(0, LONGEST_MESSAGE) : '');
