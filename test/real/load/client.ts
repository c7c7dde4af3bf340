import { connect, constants, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { text } from 'node:stream/consumers';
import { parse } from 'yaml';

/** How often a request is sent again that no server took. */
const MOVES = 10;
const TOO_MANY_REQUESTS = 429;

/** A client of an API server, with a connection of its own. */
export interface Client {
  /** One request, and the whole answer to it. */
  readonly send: (method: 'GET' | 'POST', path: string, body?: object) => Promise<Answer>;
  /** The lines of an answer that goes on, until the server, a broken connection or `limitSeconds` of silence end it. */
  readonly watch: (path: string) => Promise<{ readonly status: number; readonly lines: AsyncIterable<string> }>;
  readonly close: () => void;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string } }[];
  readonly users: readonly { readonly user: { readonly 'client-certificate-data': string; readonly 'client-key-data': string } }[];
}

const decoded = (data = ''): Buffer => Buffer.from(data, 'base64');

/**
 * Speaks HTTP/2 as Kubernetes' own clients do. Only what certainly no server has handled is sent again, as they do before
 * anybody sees an error; `postponed` hears of each request that was told to come again later.
 */
export function clientOf(kubeconfig: string, limitSeconds: number, postponed: () => void = () => undefined): Client {
  const { clusters: [{ cluster } = {}], users: [{ user } = {}] } = parse(kubeconfig) as Kubeconfig;
  const identity = { ca: decoded(cluster?.['certificate-authority-data']), cert: decoded(user?.['client-certificate-data']), key: decoded(user?.['client-key-data']) };
  let [session, heard] = [null as ClientHttp2Session | null, 0];
  const connection = (): ClientHttp2Session => {
    // Each of its requests is told of what went wrong; the session need not be.
    if (session === null || session.closed || session.destroyed) session = connect(cluster?.server ?? '', identity).on('error', () => undefined);
    return session;
  };
  const start = (method: string, path: string, body?: object): ClientHttp2Stream => {
    const from = connection();
    const stream = from.request({ ':method': method, ':path': path, accept: 'application/json', 'content-type': 'application/json' });
    stream.once('response', () => (heard = Date.now()));
    // A connection on which nothing comes back is given up, with all that is under way on it.
    stream.setTimeout(limitSeconds * 1000, () => {
      const isSilent = Date.now() - heard >= limitSeconds * 1000;
      (isSilent ? from : stream).destroy(new Error(`nothing in ${limitSeconds} s`));
    });
    // A GET has ended already, and takes not even nothing.
    return body === undefined ? stream : stream.end(JSON.stringify(body));
  };
  return {
    send: (method, path, body) => untilTaken(() => start(method, path, body), postponed, async (stream, status) => {
      const answer = await text(stream);
      return { status, body: /^\s*\{/.test(answer) ? JSON.parse(answer) as unknown : answer };
    }),
    watch: (path) => untilTaken(() => start('GET', path), postponed, async (stream, status) => ({ status, lines: linesOf(stream) })),
    close: () => session?.destroy(),
  };
}

interface Head {
  readonly status: number;
  /** Seconds after which the server wants the request again; null when it says nothing of that. */
  readonly retryAfter: number | null;
}

const headOf = (stream: ClientHttp2Stream): Promise<Head> => new Promise((done, fail) => {
  stream.once('response', ({ ':status': status = 0, 'retry-after': retryAfter }) => done({ status, retryAfter: retryAfter === undefined ? null : Number(retryAfter) }));
  stream.on('error', fail).once('close', () => fail(new Error('closed without an answer')));
});

async function* linesOf(stream: ClientHttp2Stream): AsyncGenerator<string> {
  let rest = '';
  try {
    for await (const chunk of stream.setEncoding('utf8')) {
      const lines = `${rest}${String(chunk)}`.split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch {
    // However it ended: the one who reads goes on from the last whole line.
  }
}

/**
 * A server that ends says up to which request it has taken them (GOAWAY): those after it were seen by nobody. What comes
 * in the moment before is refused at its door, with 429 and when to come again. Both are sent once more, elsewhere.
 */
async function untilTaken<T>(start: () => ClientHttp2Stream, postponed: () => void, read: (stream: ClientHttp2Stream, status: number) => Promise<T>): Promise<T> {
  for (let moves = 0; ; moves++) {
    const stream = start();
    try {
      const { status, retryAfter } = await headOf(stream);
      if (status !== TOO_MANY_REQUESTS || retryAfter === null || moves === MOVES) return await read(stream, status);
      postponed();
      stream.resume();
      await new Promise((next) => setTimeout(next, retryAfter * 1000));
    } catch (problem) {
      if (stream.rstCode !== constants.NGHTTP2_REFUSED_STREAM || moves === MOVES) throw problem;
    }
  }
}
