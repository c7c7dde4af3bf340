import { parentPort, workerData } from 'node:worker_threads';
import type { Job } from './build.ts';
import { produce, type Task } from './produce.ts';

async function answer({ job, number }: { readonly job: Job; readonly number: number }): Promise<void> {
  parentPort?.postMessage({ number, product: await produce(job, workerData as Task) });
}

/** A thread that makes one owner after another, as it is asked. What it throws ends it, and reaches the one that asked. */
parentPort?.on('message', answer);
