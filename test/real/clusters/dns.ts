import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EndpointSlice } from 'kubernetes-types/discovery/v1';
import type { ResolvedCluster } from '../../../lib/model/resolved.ts';
import { programPath } from '../binaries/build.ts';
import { start, waitUntil } from '../host/processes.ts';
import { STATE } from '../host/state.ts';
import type { MetaCluster } from './meta.ts';

const FOLDER = join(STATE, 'dns');
const HEALTH = 8053;

/** Seconds between two looks, and how long an answer may be kept. */
const [EVERY, TTL] = [0.5, 1];

/** A name that leads to whichever API servers are ready. */
export interface RoundRobin {
  /** How many different answers were given so far. */
  readonly answers: () => number;
  readonly stop: () => Promise<void>;
}

/**
 * CoreDNS where all machines ask, and for external-dns somebody who writes down what the annotation of a headless Service
 * asks for: the addresses of its ready Pods.
 */
export async function leadByDns({ lan, kubectl }: MetaCluster, { endpoint, namespace }: ResolvedCluster): Promise<RoundRobin> {
  mkdirSync(FOLDER, { recursive: true });
  const [config, zone] = [join(FOLDER, 'Corefile'), join(FOLDER, 'hosts')];
  writeFileSync(config, `.:53 {\n  errors\n  hosts ${zone} {\n    ttl ${TTL}\n    reload ${EVERY * 1000}ms\n    no_reverse\n  }\n  health ${lan.gateway}:${HEALTH}\n}\n`);

  const given = new Set<string>();
  const write = async (): Promise<void> => {
    const { items } = await kubectl.get<{ readonly items: readonly EndpointSlice[] }>('-n', namespace, 'endpointslices', '-l', 'kubernetes.io/service-name=apiserver-external');
    const ready = items.flatMap(({ endpoints = [] }) => endpoints.filter(({ conditions }) => conditions?.ready === true).flatMap(({ addresses }) => addresses)).sort();
    given.add(ready.join());
    writeFileSync(`${zone}.new`, ready.map((address) => `${address} ${endpoint.host}\n`).join(''));
    renameSync(`${zone}.new`, zone);
  };
  await write();
  const server = start('coredns', 'nsenter', ['-t', String(lan.pid), '-n', await programPath('coredns', 'coredns'), '-conf', config], FOLDER);
  await waitUntil(server, async () => (await lan.run(['curl', '--silent', '--fail', `http://${lan.gateway}:${HEALTH}/health`])) === 'OK');

  let isOver = false;
  const following = follow(write, () => isOver);
  return {
    answers: () => given.size,
    stop: async () => {
      isOver = true;
      await following;
      await server.stop();
    },
  };
}

/** A look that fails is one look less: whoever asks meanwhile is given what was there before. */
async function follow(look: () => Promise<void>, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    await look().catch(() => undefined);
    await new Promise((next) => setTimeout(next, EVERY * 1000));
  }
}
