import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { clientOf, type Client } from './client.ts';
import { follow } from './watcher.ts';
import type { Written, WriterOrders } from './writer.ts';

/** Runs on a machine: makes ConfigMaps at a steady pace, notes which of them were acknowledged, and watches them come. */
const orders = JSON.parse(readFileSync(0, 'utf8')) as WriterOrders;
const path = `/api/v1/namespaces/${orders.namespace}/configmaps`;
let postponed = 0;
const newClient = (): Client => clientOf(orders.kubeconfig, orders.timeoutSeconds, () => postponed++);
/** Several connections, so that most API servers have one of them. */
const clients = Array.from({ length: 4 }, newClient) as [Client, ...Client[]];
const observer = newClient();

/** So many writes may be due before another one is acknowledged: less is no pause. */
const UNREMARKABLE = 2;

const start = Date.now();
let [sent, lastAcknowledged, lastFailed] = [0, start, 0];
/** Which writes wait for an answer, the oldest first. */
const inFlight = new Set<number>();
const acknowledged: string[] = [];
const failures: string[] = [];
const pauses: [at: number, seconds: number][] = [];

function noteFailure({ message }: Error): void {
  lastFailed = Date.now();
  failures.push(`${((lastFailed - start) / 1000).toFixed(1)} ${message}`);
}

function acknowledge(name: string): void {
  acknowledged.push(name);
  const now = Date.now();
  if (now - lastAcknowledged > UNREMARKABLE * 1000 / orders.perSecond) pauses.push([now, (now - lastAcknowledged) / 1000]);
  lastAcknowledged = now;
}

async function write(index: number): Promise<void> {
  const name = `write-${index}`;
  const { status } = await (clients[index % clients.length] ?? clients[0]).send('POST', path, {
    apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { sent: new Date().toISOString() },
  });
  if (status !== 201) throw new Error(`HTTP ${status}`);
  acknowledge(name);
}

function sendOne(): void {
  if (inFlight.size >= 100) return;
  const index = sent++;
  inFlight.add(index);
  void write(index).catch(noteFailure).finally(() => inFlight.delete(index));
}

const watched = follow(observer, path, noteFailure);
const missing = (): string[] => acknowledged.filter((name) => !watched.seen.has(name));

function report(isOver: boolean): void {
  const { seen, resumed, relisted } = watched;
  const written: Written = {
    sent, settled: Math.min(sent, ...inFlight), acknowledged, failures, pauses, lastFailed, lastAcknowledged, isOver,
    seen: seen.size, missed: missing(), resumed, relisted, postponed,
  };
  writeFileSync(`${orders.report}.new`, JSON.stringify(written));
  renameSync(`${orders.report}.new`, orders.report);
}

const pace = setInterval(sendOne, 1000 / orders.perSecond);
let stopped: number | null = null;
const clock = setInterval(() => {
  if (stopped === null && (existsSync(orders.stop) || Date.now() - start > orders.limitSeconds * 1000)) {
    clearInterval(pace);
    stopped = Date.now();
  }
  // What was acknowledged at the very end is on its way to the watch still.
  const isOver = stopped !== null && inFlight.size === 0 && (missing().length === 0 || Date.now() - stopped > 15_000);
  report(isOver);
  if (isOver) {
    clearInterval(clock);
    watched.end();
    for (const client of [...clients, observer]) client.close();
  }
}, 500);
