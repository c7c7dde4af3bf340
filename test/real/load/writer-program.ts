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

const start = Date.now();
let [sent, inFlight, lastAcknowledged, lastFailed, longestPause] = [0, 0, start, 0, 0];
const acknowledged: string[] = [];
const failures: string[] = [];

function noteFailure({ message }: Error): void {
  lastFailed = Date.now();
  failures.push(`${((lastFailed - start) / 1000).toFixed(1)} ${message}`);
}

function acknowledge(name: string): void {
  acknowledged.push(name);
  longestPause = Math.max(longestPause, Date.now() - lastAcknowledged);
  lastAcknowledged = Date.now();
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
  if (inFlight >= 100) return;
  inFlight++;
  void write(sent++).catch(noteFailure).finally(() => inFlight--);
}

const watched = follow(observer, path, noteFailure);
const missing = (): string[] => acknowledged.filter((name) => !watched.seen.has(name));

function report(isOver: boolean): void {
  const { seen, resumed, relisted } = watched;
  const written: Written = {
    sent, acknowledged, failures, longestPause: longestPause / 1000, lastFailed, lastAcknowledged, isOver,
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
  const isOver = stopped !== null && inFlight === 0 && (missing().length === 0 || Date.now() - stopped > 15_000);
  report(isOver);
  if (isOver) {
    clearInterval(clock);
    watched.end();
    for (const client of [...clients, observer]) client.close();
  }
}, 500);
