import { parentPort, workerData } from 'node:worker_threads';
import type { Job } from './build.ts';
import { produce, type Task } from './produce.ts';

/** A thread that makes one owner after another, as it is asked. */
parentPort?.on('message', ({ job, number }: { readonly job: Job; readonly number: number }) => {
  parentPort?.postMessage({ number, product: produce(job, number, workerData as Task) });
});
