import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { programPath } from '../binaries/build.ts';
import { run } from '../host/command.ts';
import { start } from '../host/processes.ts';
import { STATE } from '../host/state.ts';
import { until } from '../host/until.ts';
import type { MetaCluster } from './meta.ts';
import { rangesOf } from './pod-network.ts';

/** A bucket with the S3 API. */
export interface Bucket {
  readonly folder: string;
  /** Names of its files, with the folders that they are in. */
  readonly files: () => string[];
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly end: () => Promise<void>;
}

/** Serves a bucket outside the meta cluster, at an address that its definition names: https://rclone.org/commands/rclone_serve_s3/ */
export async function startBucket({ lan, machines, kubectl }: MetaCluster, address: string, name: string): Promise<Bucket> {
  const root = join(STATE, 'buckets');
  const folder = join(root, name);
  mkdirSync(folder, { recursive: true });
  const inside = ['nsenter', '-t', String(lan.pid), '-n'];
  await run([...inside, 'ip', 'address', 'replace', `${address}/32`, 'dev', 'lan']);
  for (const [machine, range] of await rangesOf(machines, kubectl)) await run([...inside, 'ip', 'route', 'replace', range, 'via', machine.address]);
  const credentials = { accessKeyId: 'story', secretAccessKey: 'of-a-backup' };
  const [, ...args] = [...inside, await programPath('rclone', 'rclone'), 'serve', 's3', '--addr', `${address}:80`, '--auth-key', Object.values(credentials).join(','), root];
  const server = start('bucket', inside[0] ?? '', args, STATE);
  const answers = async (): Promise<boolean> => {
    server.demandAlive();
    return /^4\d\d$/.test(await run([...inside, 'curl', '-s', '-o', '/dev/null', '-w', '%{http_code}', `http://${address}/`]));
  };
  await until('the bucket refuses who does not sign', 30, answers, () => '');
  return { folder, credentials, files: () => filesBelow(folder), end: server.stop };
}

const filesBelow = (folder: string): string[] => readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1)).sort();
