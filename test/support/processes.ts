import { existsSync, readFileSync } from 'node:fs';

/** Whether a process is there; one that is over, and that nobody has looked at yet, is not. */
export function isThere(pid: number): boolean {
  const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '';
  return stat !== '' && !/\) Z /.test(stat);
}
