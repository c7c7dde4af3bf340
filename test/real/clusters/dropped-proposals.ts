import type { Pod } from 'kubernetes-types/core/v1';
import { PORTS } from '../../../lib/model/names.ts';
import type { MetaCluster } from './meta.ts';
import { podsOf } from './workloads.ts';

/** After these seconds etcd gives a proposal up, and counts it: its own five, and twice the time of an election (`ReqTimeout`). */
const GIVEN_UP_AFTER = 7;

/** A count that goes on. */
export interface DroppedProposals {
  /** How many up to now; waits for as long as etcd may take to count as many as are expected. */
  readonly dropped: (expected: number) => Promise<number>;
  readonly end: () => Promise<void>;
}

/**
 * Counts the proposals that the members of etcd gave up. A leader that hands over drops without a word what its peers
 * forward to it in that instant (raft, `leadTransferee`); the client, whose request waits in vain, is the only one who
 * could send it again.
 */
export function countDroppedProposals({ kubectl, machines: [machine] }: MetaCluster, namespace: string): DroppedProposals {
  const last = new Map<string, number>();
  const begin = new Date().toISOString();
  let [sum, isOver] = [0, false];
  const read = async ({ metadata, status }: Pod): Promise<void> => {
    const { out } = await machine.attempt(['curl', '-sf', '-m', '2', `http://${status?.podIP ?? ''}:${PORTS.etcdMetrics}/metrics`]);
    const [, text] = /^etcd_server_proposals_failed_total (\S+)$/m.exec(out) ?? [];
    if (text === undefined) return;
    const started = status?.containerStatuses?.[0]?.state?.running?.startedAt ?? '';
    const process = `${metadata?.uid ?? ''} ${String(started)}`;
    // A process that was started meanwhile has counted from nothing.
    const before = last.get(process) ?? (String(started) > begin ? 0 : Number(text));
    sum += Number(text) - before;
    last.set(process, Number(text));
  };
  const count = async (): Promise<void> => {
    while (!isOver) {
      const pods = await podsOf(kubectl, namespace, 'app.kubernetes.io/name=etcd').catch(() => []);
      await Promise.all(pods.map(read));
      await new Promise((next) => setTimeout(next, 500));
    }
  };
  const counted = count();
  return {
    dropped: async (expected) => {
      const limit = Date.now() + 1000 * (GIVEN_UP_AFTER + 3);
      while (sum < expected && Date.now() < limit) await new Promise((next) => setTimeout(next, 200));
      return sum;
    },
    end: async () => {
      isOver = true;
      await counted;
    },
  };
}
