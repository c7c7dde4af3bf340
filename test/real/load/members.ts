import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MetaCluster } from '../clusters/meta.ts';
import { STATE } from '../host/state.ts';
import { until } from '../host/until.ts';

/** What the program that looks at them is given. */
export interface MembersOrders {
  /** Of the meta cluster. */
  readonly kubeconfig: string;
  readonly namespace: string;
  /** It stops by itself after this. */
  readonly limitSeconds: number;
  /** A file: when it is there, nobody looks any more. */
  readonly stop: string;
  readonly report: string;
}

/** What it tells, twice a second. */
export interface MembersSeen {
  readonly looks: number;
  /** How many were ready, and since which moment of `Date.now()`. */
  readonly ready: readonly (readonly [at: number, members: number])[];
  /** Proposals that the members gave up. */
  readonly dropped: number;
}

/** How the members of an etcd fare while something happens. */
export interface Members {
  /** How many proposals they have given up so far; waits for as long as etcd may take to count as many as are expected. */
  readonly dropped: (expected: number) => Promise<number>;
  /** Counts from now on: the fewest ready ones that were seen, and in how many looks. */
  readonly countReady: () => () => { readonly fewest: number; readonly looks: number };
  readonly end: () => Promise<void>;
}

/** After these seconds etcd gives a proposal up, and counts it: its own five, and twice the time of an election (`ReqTimeout`). */
const GIVEN_UP_AFTER = 7;

const PROGRAM = fileURLToPath(new URL('members-program.ts', import.meta.url));

/**
 * Looks at the members of a control plane's etcd until `end`. A leader that hands over drops without a word what its peers
 * forward to it in that instant (raft, `leadTransferee`); the client, whose request waits in vain, is the only one who
 * could send it again, and the members count what they gave up.
 */
export async function lookAtMembers({ machines: [machine] }: MetaCluster, namespace: string, limitSeconds: number): Promise<Members> {
  const [stop, report] = ['stop', 'json'].map((suffix) => join(STATE, `members-${Date.now()}-${namespace}.${suffix}`)) as [string, string];
  const kubeconfig = await machine.run(['cat', '/etc/kubernetes/admin.conf']);
  const orders: MembersOrders = { kubeconfig, namespace, limitSeconds, stop, report };
  let trouble = '';
  const ended = machine.run([process.execPath, '--import', import.meta.resolve('tsx'), PROGRAM], { input: JSON.stringify(orders), timeoutSeconds: limitSeconds + 60 })
    .catch((problem: unknown) => (trouble = String(problem)));
  await until('somebody has looked at the members', 60, async () => existsSync(report), () => trouble);

  const seen = (): MembersSeen => JSON.parse(readFileSync(report, 'utf8')) as MembersSeen;
  return {
    dropped: async (expected) => {
      const limit = Date.now() + 1000 * (GIVEN_UP_AFTER + 3);
      while (seen().dropped < expected && Date.now() < limit) await new Promise((next) => setTimeout(next, 200));
      return seen().dropped;
    },
    countReady: () => {
      const [from, before] = [Date.now(), seen().looks];
      return () => {
        const { ready, looks } = seen();
        const begun = ready.findLastIndex(([at]) => at <= from);
        return { fewest: Math.min(...ready.slice(Math.max(begun, 0)).map(([, members]) => members)), looks: looks - before };
      };
    },
    end: async () => {
      writeFileSync(stop, '');
      await ended;
    },
  };
}
