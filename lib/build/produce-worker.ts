import { parentPort } from 'node:worker_threads';
import type { Job } from './build.ts';
import { loadCompiler, produce, type Task } from './produce.ts';

async function answer({ number, job, task }: { readonly number: number; readonly job: Job; readonly task: Task }): Promise<void> {
  parentPort?.postMessage({ number, product: await produce(job, task) });
}

/** It may be started before there is anything to make. */
void loadCompiler();

/** A thread that makes one owner after another, as it is asked. What it throws ends it, and reaches the one that asked. */
parentPort?.on('message', answer);
