import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deepEqual, ok } from 'node:assert/strict';
import { tenantKubeconfig, type ControlPlane } from '../clusters/control-plane.ts';
import type { MetaCluster } from '../clusters/meta.ts';
import { STATE } from '../host/state.ts';
import { until } from '../host/until.ts';
import { lookAtMembers, type Members } from './members.ts';

/** What the program that writes is given. */
export interface WriterOrders {
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly perSecond: number;
  /** After this a write counts as failed. */
  readonly timeoutSeconds: number;
  /** It stops by itself after this. */
  readonly limitSeconds: number;
  /** A file: when it is there, no more is sent. */
  readonly stop: string;
  readonly report: string;
}

/** What it tells, twice a second. */
export interface Written {
  readonly sent: number;
  /** So many of the first ones were acknowledged or have failed. */
  readonly settled: number;
  readonly acknowledged: readonly string[];
  /** When, in seconds since it began, and why. Such a write may be there or not. */
  readonly failures: readonly string[];
  /** Times between two acknowledged writes that were longer than the pace: when one ended, and its seconds. */
  readonly pauses: readonly (readonly [at: number, seconds: number])[];
  readonly lastFailed: number;
  readonly lastAcknowledged: number;
  readonly isOver: boolean;
  /** How many a watch in the same namespace told of, and which acknowledged ones it did not tell of (yet). */
  readonly seen: number;
  readonly missed: readonly string[];
  /** How often the watch went on where it had ended, and how often it had to list everything again. */
  readonly resumed: number;
  readonly relisted: number;
  /** Requests that an ending API server refused at its door with 429 and Retry-After; they were sent again after that, as every Kubernetes client does. */
  readonly postponed: number;
}

/** A client of a hosted control plane that writes and watches all the time, through the outer Service. */
export interface Writer {
  readonly soFar: () => Written;
  /** Waits until as many more writes were acknowledged, and none failed for as long as that takes. */
  readonly goesOn: (writes: number, limitSeconds?: number) => Promise<number>;
  /** Waits until everything that was sent up to now was acknowledged or has failed. */
  readonly settles: () => Promise<number>;
  /** The members of the etcd that it writes to. */
  readonly members: Pick<Members, 'dropped' | 'countReady'>;
  /** Ends it, and counts the acknowledged writes that are not there. */
  readonly end: () => Promise<WrittenInAll>;
}

/** What came of it in the end. */
export interface WrittenInAll extends Written {
  /** Acknowledged, and not there. */
  readonly lost: readonly string[];
  /** Proposals that etcd gave up: a leader that hands over drops what its peers forward to it in that instant. */
  readonly dropped: number;
}

/** Writes that may be under way in the instant in which etcd's leader hands over. */
const AT_HANDOVER = 2;

/** Demands that no request failed, but for those that etcd dropped while its leader handed over, and has counted. */
export function demandNoneFailed({ failures, dropped }: Pick<WrittenInAll, 'failures' | 'dropped'>, handovers: number): void {
  deepEqual(failures.filter((failure) => handovers === 0 || !/ nothing in \d+ s$/.test(failure)), [], 'requests that failed');
  ok(failures.length <= handovers * AT_HANDOVER, `more failed than ${handovers} handovers explain:\n${failures.join('\n')}`);
  ok(failures.length <= dropped, `more failed than the ${dropped} that etcd dropped:\n${failures.join('\n')}`);
}

/** The longest time without an acknowledged write, in seconds. */
export const longestOf = (pauses: Written['pauses']): number => Math.max(0, ...pauses.map(([, seconds]) => seconds));

/** The same as figures. */
export const figuresOf = ({ sent, acknowledged, failures, lost, dropped, seen, missed, resumed, relisted, postponed, pauses }: WrittenInAll): Record<string, number> => ({
  sent, acknowledged: acknowledged.length, failed: failures.length, 'dropped by etcd': dropped, lost: lost.length,
  seen, missed: missed.length, resumed, relisted, postponed, 'longest pause (s)': longestOf(pauses),
});

/** Writes that it sends in a second. More of them take the processors from what happens meanwhile. */
export const PER_SECOND = 10;

const PROGRAM = fileURLToPath(new URL('writer-program.ts', import.meta.url));
const NOTHING: Written = {
  sent: 0, settled: 0, acknowledged: [], failures: [], pauses: [], lastFailed: 0, lastAcknowledged: 0, isOver: false,
  seen: 0, missed: [], resumed: 0, relisted: 0, postponed: 0,
};

/** Starts it on the first machine. */
export async function startWriter(meta: MetaCluster, { cluster, kubectl }: ControlPlane): Promise<Writer> {
  const namespace = `written-${Date.now()}`;
  await kubectl.run(['create', 'namespace', namespace]);
  const [stop, report] = ['stop', 'json'].map((suffix) => join(STATE, `${namespace}.${suffix}`)) as [string, string];
  const orders: WriterOrders = {
    kubeconfig: await tenantKubeconfig(meta, cluster, 'super-admin-kubeconfig'),
    namespace, stop, report, perSecond: PER_SECOND, timeoutSeconds: 5, limitSeconds: 900,
  };
  const members = await lookAtMembers(meta, cluster.namespace, orders.limitSeconds);
  let trouble = '';
  const command = [process.execPath, '--import', import.meta.resolve('tsx'), PROGRAM];
  void meta.machines[0].run(command, { input: JSON.stringify(orders), timeoutSeconds: orders.limitSeconds + 60 })
    .catch((problem: unknown) => (trouble = String(problem)));

  const soFar = (): Written => (existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) as Written : NOTHING);
  const explain = (): string => `${trouble}\n${soFar().failures.slice(-10).join('\n')}`;
  const goesOn = async (writes: number, limitSeconds = 120): Promise<number> => {
    let [from, failed] = [soFar().acknowledged.length, soFar().failures.length];
    return until(`${writes} writes in a row are acknowledged`, limitSeconds, async () => {
      const { acknowledged, failures } = soFar();
      if (failures.length > failed) [from, failed] = [acknowledged.length, failures.length];
      return acknowledged.length >= from + writes;
    }, explain);
  };
  const settles = (): Promise<number> => {
    const { sent } = soFar();
    return until(`${sent} writes are acknowledged or have failed`, 60, async () => soFar().settled >= sent, explain);
  };
  const end: Writer['end'] = async () => {
    writeFileSync(stop, '');
    await until('the writer ends', 30, async () => soFar().isOver, explain);
    const dropped = await members.dropped(soFar().failures.length);
    await members.end();
    const there = new Set(await kubectl.names('-n', namespace, 'configmaps'));
    return { ...soFar(), lost: soFar().acknowledged.filter((name) => !there.has(`configmap/${name}`)), dropped };
  };
  await goesOn(50);
  return { soFar, goesOn, settles, members, end };
}
