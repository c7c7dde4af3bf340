import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { parse } from 'yaml';
import type { Written, WriterOrders } from './writer.ts';

/** Runs on a machine: makes ConfigMaps at a steady pace, and notes which of them were acknowledged. Nothing is tried twice. */
const orders = JSON.parse(readFileSync(0, 'utf8')) as WriterOrders;
const kubeconfig = parse(orders.kubeconfig) as {
  readonly clusters: readonly { readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string } }[];
  readonly users: readonly { readonly user: { readonly 'client-certificate-data': string; readonly 'client-key-data': string } }[];
};
const [cluster, user] = [kubeconfig.clusters[0]?.cluster, kubeconfig.users[0]?.user];
const decoded = (text = ''): Buffer => Buffer.from(text, 'base64');
const agent = new Agent({
  keepAlive: true, maxSockets: 8,
  ca: decoded(cluster?.['certificate-authority-data']), cert: decoded(user?.['client-certificate-data']), key: decoded(user?.['client-key-data']),
});
const url = new URL(`/api/v1/namespaces/${orders.namespace}/configmaps`, cluster?.server);

const start = Date.now();
let [sent, inFlight, lastAcknowledged, lastFailed, longestPause] = [0, 0, start, 0, 0];
const acknowledged: string[] = [];
const failures: string[] = [];

function write(name: string): Promise<void> {
  const body = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { sent: new Date().toISOString() } });
  return new Promise((done, fail) => {
    const call = request(url, { agent, method: 'POST', headers: { 'content-type': 'application/json' }, timeout: orders.timeoutSeconds * 1000 }, (answer) => {
      answer.resume().on('end', () => (answer.statusCode === 201 ? done() : fail(new Error(`HTTP ${answer.statusCode ?? 0}`)))).on('error', fail);
    });
    call.on('timeout', () => call.destroy(new Error('timeout'))).on('error', fail).end(body);
  });
}

function acknowledge(name: string): void {
  acknowledged.push(name);
  longestPause = Math.max(longestPause, Date.now() - lastAcknowledged);
  lastAcknowledged = Date.now();
}

function sendOne(): void {
  if (inFlight >= 100) return;
  const name = `write-${sent++}`;
  inFlight++;
  write(name).then(() => acknowledge(name), ({ message }: Error) => {
    lastFailed = Date.now();
    failures.push(`${((lastFailed - start) / 1000).toFixed(1)} ${message}`);
  }).finally(() => inFlight--);
}

function report(isOver: boolean): void {
  const written: Written = { sent, acknowledged, failures, longestPause: longestPause / 1000, lastFailed, lastAcknowledged, isOver };
  writeFileSync(`${orders.report}.new`, JSON.stringify(written));
  renameSync(`${orders.report}.new`, orders.report);
}

const pace = setInterval(sendOne, 1000 / orders.perSecond);
const clock = setInterval(() => {
  const isOver = existsSync(orders.stop) || Date.now() - start > orders.limitSeconds * 1000;
  if (isOver) clearInterval(pace);
  report(isOver && inFlight === 0);
  if (isOver && inFlight === 0) {
    clearInterval(clock);
    agent.destroy();
  }
}, 500);
