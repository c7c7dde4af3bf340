import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Pod } from 'kubernetes-types/core/v1';
import { podFolder } from './memory.ts';

/** Ends a program of a Pod with SIGKILL, as the kernel does when memory is short: it says goodbye to nobody. */
export function killProgram({ metadata, spec }: Pod, program: string): void {
  const folder = podFolder(spec?.nodeName ?? '', metadata?.uid ?? '');
  const found = folder === null ? [] : pidsBelow(folder).filter((pid) => programOf(pid) === program);
  if (found.length !== 1) throw new Error(`${metadata?.name ?? 'a Pod'} has ${found.length} processes of ${program}`);
  for (const pid of found) process.kill(pid, 'SIGKILL');
}

/** Every container of a Pod has a cgroup below the Pod's. Pids are those of this host. */
function pidsBelow(folder: string): number[] {
  const inner = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const here = readFileSync(join(folder, 'cgroup.procs'), 'utf8').split('\n').filter((line) => line !== '').map(Number);
  return [...here, ...inner.flatMap(({ name }) => pidsBelow(join(folder, name)))];
}

function programOf(pid: number): string {
  const file = `/proc/${pid}/cmdline`;
  return existsSync(file) ? basename(readFileSync(file, 'utf8').split('\0')[0] ?? '') : '';
}
