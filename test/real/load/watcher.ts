import type { Client } from './client.ts';

/** What a watch has brought so far. */
export interface Watched {
  /** Names of all objects that it told of. */
  readonly seen: ReadonlySet<string>;
  /** How often it went on where the one before had ended. */
  readonly resumed: number;
  /** How often the server no longer knew where that was, and everything was listed again. */
  readonly relisted: number;
  readonly end: () => void;
}

interface Meta {
  readonly metadata: { readonly name: string; readonly resourceVersion: string };
}

interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: Meta & { readonly code?: number };
}

/** The server no longer knows what came after the version that was asked for. */
const GONE = 410;

/** Between a request that failed and the next one, as clients have it. */
const BACKOFF_MILLISECONDS = 200;

/**
 * Follows a list as informers do: each watch begins where the last one ended, and only a version that is gone makes it
 * list again. `failed` hears of requests that were not answered; an end of a watch that ran is none.
 */
export function follow(client: Client, path: string, failed: (problem: Error) => void): Watched {
  const seen = new Set<string>();
  const watched = { seen, resumed: 0, relisted: 0, end: () => (isOver = true) };
  let [isOver, version] = [false, ''];

  const list = async (): Promise<void> => {
    const { status, body } = await client.send('GET', path);
    if (status !== 200) throw new Error(`list: HTTP ${status}`);
    const { metadata, items } = body as Meta & { readonly items: readonly Meta[] };
    for (const item of items) seen.add(item.metadata.name);
    version = metadata.resourceVersion;
  };
  const listAgain = async (): Promise<void> => {
    watched.relisted++;
    await list();
  };
  const take = async ({ type, object }: WatchEvent): Promise<void> => {
    if (type === 'ERROR' && object.code === GONE) return listAgain();
    if (type === 'ERROR') throw new Error(`watch: ERROR ${object.code ?? ''}`);
    if (type !== 'BOOKMARK') seen.add(object.metadata.name);
    version = object.metadata.resourceVersion;
  };
  const watch = async (): Promise<void> => {
    const { status, lines } = await client.watch(`${path}?watch=1&allowWatchBookmarks=true&resourceVersion=${version}`);
    if (status === GONE) return listAgain();
    if (status !== 200) throw new Error(`watch: HTTP ${status}`);
    for await (const line of lines) await take(JSON.parse(line) as WatchEvent);
    watched.resumed++;
  };
  const run = async (): Promise<void> => {
    while (!isOver) {
      await (version === '' ? list() : watch()).catch(async (problem: unknown) => {
        if (!isOver) failed(problem as Error);
        await new Promise((next) => setTimeout(next, BACKOFF_MILLISECONDS));
      });
    }
  };
  void run();
  return watched;
}
