import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Pod } from 'kubernetes-types/core/v1';
import { PORTS } from '../../../lib/model/names.ts';
import { isReady } from '../clusters/workloads.ts';
import { clientOf } from './client.ts';
import type { MembersOrders, MembersSeen } from './members.ts';

/** Runs on a machine of a meta cluster: looks at the members of an etcd twice a second, and starts no process for that. */
const orders = JSON.parse(readFileSync(0, 'utf8')) as MembersOrders;
const client = clientOf(orders.kubeconfig, 5);
const path = `/api/v1/namespaces/${orders.namespace}/pods?labelSelector=${encodeURIComponent('app.kubernetes.io/name=etcd')}`;

const begin = Date.now();
const last = new Map<string, number>();
const ready: [at: number, members: number][] = [];
let [looks, dropped] = [0, 0];

const metricsOf = (address: string): Promise<string> => new Promise((done, fail) => {
  const request = get(`http://${address}:${PORTS.etcdMetrics}/metrics`, { timeout: 2000 }, (answer) => void text(answer).then(done, fail));
  request.on('error', fail).on('timeout', () => request.destroy(new Error('no metrics in 2 s')));
});

async function count({ metadata, status }: Pod): Promise<void> {
  const [, total] = /^etcd_server_proposals_failed_total (\S+)$/m.exec(await metricsOf(status?.podIP ?? '')) ?? [];
  if (total === undefined) return;
  const started = String(status?.containerStatuses?.[0]?.state?.running?.startedAt ?? '');
  const process = `${metadata?.uid ?? ''} ${started}`;
  // A process that was started meanwhile has counted from nothing.
  const before = last.get(process) ?? (Date.parse(started) > begin ? 0 : Number(total));
  dropped += Number(total) - before;
  last.set(process, Number(total));
}

async function look(): Promise<void> {
  const { status, body } = await client.send('GET', path);
  if (status !== 200) throw new Error(`HTTP ${status}`);
  const { items } = body as { readonly items: readonly Pod[] };
  const members = items.filter(isReady).length;
  if (ready.at(-1)?.[1] !== members) ready.push([Date.now(), members]);
  looks++;
  // A member that does not answer counts for nobody; when it is back it is looked at again.
  await Promise.all(items.map((pod) => count(pod).catch(() => undefined)));
}

while (!existsSync(orders.stop) && Date.now() - begin < orders.limitSeconds * 1000) {
  await look().catch(() => undefined);
  writeFileSync(`${orders.report}.new`, JSON.stringify({ looks, ready, dropped } satisfies MembersSeen));
  renameSync(`${orders.report}.new`, orders.report);
  await new Promise((next) => setTimeout(next, 500));
}
client.close();
