import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Job } from './build.ts';
import type { Product, Task } from './produce.ts';

/** A thread begins, beside the first, in the time in which four owners are made; with more than four the memory of a laptop is the bound. */
const OWNERS_FOR_A_THREAD = 5;
const MOST_THREADS = 4;

/** Owners that lie ready for each thread at most, so that none waits while this one makes a large one. */
const AHEAD = 4;

/** The fewer are left, the fewer lie ready: threads that began together should end together. */
const aheadOf = (left: number, threads: number): number => Math.min(AHEAD, Math.ceil(left / threads / 2));

/** Enough for the largest owner, and so little that garbage is collected in time. */
const MEMORY = { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 32 };

/** How many threads, this one among them, are worth their start for so many owners; fewer than two are none. */
export function threadsFor(owners: number): number {
  return canRunThreads() ? Math.min(availableParallelism(), MOST_THREADS, Math.floor(owners / OWNERS_FOR_A_THREAD)) : 0;
}

const IS_BUNDLED = import.meta.url.endsWith('.js');

function canRunThreads(): boolean {
  return IS_BUNDLED || process.execArgv.some((argument) => argument.includes('tsx'));
}

/** From sources, a thread must be told anew how TypeScript is run. */
const fromSources = (): string => `import(${JSON.stringify(import.meta.resolve('tsx/esm/api'))})
  .then(({ register }) => { register(); return import(${JSON.stringify(new URL('./produce-worker.ts', import.meta.url).href)}); });`;

function newThread(): Worker {
  const options = { resourceLimits: MEMORY };
  return IS_BUNDLED ? new Worker(new URL('./kubewright.cjs', import.meta.url), options) : new Worker(fromSources(), { ...options, eval: true });
}

/** Threads that were started ahead, and have nothing to do yet. */
const READY: Worker[] = [];

/** Starts the threads that so many owners would be worth: they load while this one reads definitions. Nobody waits for their end. */
export function startThreads(owners: number): void {
  for (let count = 1; count < threadsFor(owners); count++) {
    const worker = newThread();
    worker.unref();
    READY.push(worker);
  }
}

/**
 * Makes owners in this thread and in others, and hands them over in their own order: what is told must not depend on who
 * was faster. This one has loaded half of what it takes already.
 */
export async function* produceInThreads(jobs: readonly Job[], task: Task, threads: number): AsyncGenerator<readonly [Job, Product]> {
  const done = new Map<number, Product>();
  const failures: unknown[] = [];
  let next = 0;
  let wake = (): void => undefined;
  const waiting = new Map<Worker, number>();
  const feed = (worker: Worker, answered = 0): void => {
    let count = (waiting.get(worker) ?? 0) - answered;
    for (; count < aheadOf(jobs.length - next, threads); count++) worker.postMessage({ number: next, job: jobs[next++], task });
    waiting.set(worker, count);
  };
  const start = (): Worker => {
    const worker = READY.pop() ?? newThread();
    worker.ref();
    worker.on('message', ({ number, product }: { readonly number: number; readonly product: Product }) => {
      done.set(number, product);
      feed(worker, 1);
      wake();
    });
    worker.on('error', (cause) => {
      failures.push(cause);
      wake();
    });
    feed(worker);
    return worker;
  };
  const workers = Array.from({ length: threads - 1 }, start);
  const { produce } = await import('./produce.ts');
  const makeNext = async (): Promise<void> => {
    const number = next++;
    const job = jobs[number];
    if (job !== undefined) done.set(number, await produce(job, task));
    await setImmediate(); // the others' answers are taken, and they get more to do
  };
  try {
    for (const [number, job] of jobs.entries()) {
      while (!done.has(number) && failures.length === 0) await (next < jobs.length ? makeNext() : new Promise<void>((resolve) => { wake = resolve; }));
      const product = done.get(number);
      if (product === undefined) throw failures[0];
      done.delete(number);
      yield [job, product];
    }
  } finally {
    // Nobody may write to the staging folder when the session ends.
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
