import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What one run of a process and its children took. */
export interface Run {
  readonly seconds: number;
  /** User and system time of the whole tree. */
  readonly cpu: number;
  /** The most that all processes of the tree had in memory together, in MiB. */
  readonly memory: number;
}

const POLL_MS = 20;

/** Runs a command to its end, and throws with its output when it fails. */
export async function run(command: readonly string[], cwd: string): Promise<Run> {
  // The shell's own `time` counts children that were waited for, which Node.js does not tell.
  const child = spawn('bash', ['-c', 'TIMEFORMAT="TIMES %R %U %S"; time "$@" >/dev/null', 'bash', ...command], { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  child.stderr.on('data', (data: Buffer) => { output += data.toString(); });
  let peak = 0;
  const timer = setInterval(() => { peak = Math.max(peak, memoryOf(child.pid ?? 0)); }, POLL_MS);
  const code = await new Promise<number | null>((resolve) => { child.on('close', resolve); });
  clearInterval(timer);
  const [, seconds, user, system] = /TIMES ([\d.]+) ([\d.]+) ([\d.]+)/.exec(output) ?? [];
  if (code !== 0 || seconds === undefined) throw new Error(`${command.join(' ')} ended with ${code}:\n${output}`);
  return { seconds: Number(seconds), cpu: Number(user) + Number(system), memory: peak / 1024 };
}

/** Resident memory of a process and all below it, in KiB. Only Linux tells. */
function memoryOf(pid: number): number {
  try {
    const own = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter((text) => text !== '');
    return own + children.reduce((sum, child) => sum + memoryOf(Number(child)), 0);
  } catch {
    return 0;
  }
}

export const least = (values: readonly number[]): number => Math.min(...values);

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
