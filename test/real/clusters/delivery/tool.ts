import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Service } from 'kubernetes-types/core/v1';
import { start, type Running } from '../../host/processes.ts';
import { STATE } from '../../host/state.ts';
import { until } from '../../host/until.ts';
import type { MetaCluster } from '../meta.ts';

/** What brings a meta cluster to what is committed. */
export interface DeliveryTool {
  readonly name: 'argocd' | 'flux';
  /** Where its objects are in the meta cluster. */
  readonly namespace: string;
  /** Its kind of object that a part is brought by, as kubectl names it. */
  readonly kind: 'application' | 'kustomization';
  /** Whom the API server knows it as. */
  readonly agent: RegExp;
  /** Begins, once the meta cluster has its root; gives its programs. */
  readonly run: () => Promise<readonly Running[]>;
  /** Tells it of a commit, as a forge's webhook does. */
  readonly tell: (commit: string) => Promise<void>;
  /** Has it compare everything with what is committed, as it does by itself from time to time. */
  readonly look: () => Promise<void>;
  /** What is not on that commit or not healthy, with what it says of itself. */
  readonly unsettled: (commit: string) => Promise<readonly Unsettled[]>;
  /** All that is known of one of its objects, and who wrote what of it. */
  readonly evidence: (name: string) => Promise<string>;
  /** What it says where everything begins when a commit cannot be delivered. */
  readonly complaint: (commit: string) => Promise<string>;
}

/** An object of the tool that has not done yet what it is for. */
export interface Unsettled {
  readonly name: string;
  readonly says: string;
}

/** Waits until everything is on a commit, and healthy; gives the seconds that took. */
export function settles({ name: tool, unsettled, evidence }: DeliveryTool, commit: string): Promise<number> {
  const explain = async (): Promise<string> => {
    const stuck = await unsettled(commit);
    return [...stuck.map(({ name, says }) => `${name}: ${says}`), ...(stuck[0] === undefined ? [] : [await evidence(stuck[0].name)])].join('\n');
  };
  return until(`${tool} has brought ${commit.slice(0, 7)}`, 300, async () => (await unsettled(commit)).length === 0, explain);
}

/** What an object of the tool says; empty when it is as it should be. */
export const saysOf = async (tool: Pick<DeliveryTool, 'unsettled'>, commit: string, name: string): Promise<string> =>
  (await tool.unsettled(commit)).find((one) => one.name === name)?.says ?? '';

/** A program of the tool. */
export interface Program {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs it in the network of the meta cluster's first machine as a Pod of it would: names of Services are known to it. */
export async function startProgram({ machines: [machine], kubectl }: MetaCluster, { name, program, args, env = {} }: Program): Promise<Running> {
  const folder = join(STATE, 'delivery', name);
  mkdirSync(folder, { recursive: true });
  const { spec } = await kubectl.get<Service>('-n', 'kube-system', 'service', 'kube-dns');
  const names = join(folder, 'resolv.conf');
  writeFileSync(names, `nameserver ${spec?.clusterIP ?? ''}\n`);
  const settings = Object.entries({ HOME: folder, ...env }).map(([key, value]) => `${key}=${value}`);
  return start(name, 'nsenter', [
    '-t', String(machine.pid), '-n', '-m', '--', 'unshare', '--mount', 'sh', '-c', 'mount --bind "$0" /etc/resolv.conf && cd "$1" && shift && exec env "$@"',
    names, folder, ...settings, program, ...args,
  ], folder);
}
