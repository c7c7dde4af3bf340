import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Kubectl } from './kubectl.ts';
import { CGROUP } from '../host/state.ts';
import { podsOf } from './workloads.ts';

const HIERARCHY = join('/sys/fs/cgroup/memory', CGROUP);

/** Resident memory of every Pod of a namespace together, in MiB, as the kernel counts it for their cgroups. */
export async function residentMemory(kubectl: Kubectl, namespace: string): Promise<number> {
  const pods = await podsOf(kubectl, namespace);
  const bytes = pods.map(({ metadata, spec }) => residentBytes(spec?.nodeName ?? '', metadata?.uid ?? ''));
  return Math.round(bytes.reduce((sum, each) => sum + each, 0) / 2 ** 20);
}

function residentBytes(machine: string, uid: string): number {
  const folder = podFolder(machine, uid);
  if (folder === null) return 0;
  return Number(/^total_rss (\d+)$/m.exec(readFileSync(join(folder, 'memory.stat'), 'utf8'))?.[1] ?? 0);
}

/** The cgroup of a Pod. Those with requests below their limits are in `burstable`, those without any in `besteffort`. */
export function podFolder(machine: string, uid: string): string | null {
  const places = ['', 'burstable', 'besteffort'].map((quality) => join(HIERARCHY, machine, 'kubepods', quality));
  const found = places.filter(existsSync).flatMap((place) => readdirSync(place).filter((name) => name === `pod${uid}`).map((name) => join(place, name)));
  return found[0] ?? null;
}
