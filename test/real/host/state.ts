import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** Everything a run leaves on the disk of this host, its machines' disks among it. Removed when the run is over. */
export const STATE = process.env['KUBEWRIGHT_REAL'] ?? join(tmpdir(), 'kubewright-real');

/** Below each hierarchy of cgroups: where machines have theirs. Runs with folders of their own do not meet. */
export const CGROUP = basename(STATE);

const MEMORY = '/dev/shm';
const ENOUGH_BYTES = 6 * 2 ** 30;

/** For what is written and waited for all the time: in memory where there is room, since a disk that others keep busy looks like a fault. */
export const QUICK = bytesFree(MEMORY) >= ENOUGH_BYTES ? join(MEMORY, `kubewright-${digestOf(STATE)}`) : join(STATE, 'quick');

const FILE = join(STATE, 'processes.json');
const CGROUPS = '/sys/fs/cgroup';

/** A process that we started. A pid alone is not enough: it is given away again once its process is over. */
export interface KnownProcess {
  readonly pid: number;
  /** Field 22 of /proc/PID/stat: when it started, in ticks since the host did. */
  readonly startTime: string;
}

/** What is under way, for the run after an interrupted one. */
interface State {
  readonly runner: KnownProcess;
  /** Each is the first of a pid namespace: with it goes everything inside. */
  readonly started: readonly KnownProcess[];
}

/** Whether a run, or what it has left to go on, is there. */
export function isUnderWay(): boolean {
  const state = readState();
  return state !== null && isAlive(state.runner);
}

/** Takes this host's place for a run: ends what an interrupted one has left, and refuses while another one is under way. */
export function claimHost(): void {
  const before = readState();
  if (before !== null && isAlive(before.runner)) {
    throw new Error(`Another run is under way in ${STATE}, as process ${before.runner.pid}: both would end each other's machines. Wait for it, end it, or name another folder in KUBEWRIGHT_REAL.`);
  }
  if (before === null && existsSync(STATE) && readdirSync(STATE).length > 0) {
    throw new Error(`${STATE} is not empty, and no run has made it: a run removes its folder when it ends. Name another one in KUBEWRIGHT_REAL.`);
  }
  endAll();
  mkdirSync(STATE, { recursive: true });
  writeState({ runner: identify(process.pid), started: [] });
}

/** Writes a process down before anything is done with it. */
export function remember(pid: number): void {
  const state = readState();
  if (state === null) throw new Error('a process was started before claimHost');
  writeState({ ...state, started: [...state.started, identify(pid)] });
}

/** Leaves everything to a process that is to go on: while it is there, no other run takes this one's place. */
export function handOver(pid: number): void {
  const state = readState();
  if (state !== null) writeState({ ...state, runner: identify(pid) });
}

/** Ends everything that the state knows of, and removes its folders. Nothing is awaited: `process.on('exit')` calls it too. */
export function endAll(): void {
  const state = readState();
  if (state === null) return;
  const { started } = state;
  killAll(started);
  pauseWhile(() => started.some(isAlive));
  pauseWhile(() => cgroupRoots().map(removeCgroup).includes(false));
  rmSync(QUICK, { recursive: true, force: true });
  // Its own file goes last: a folder without it is taken for somebody else's.
  for (const entry of readdirSync(STATE)) if (join(STATE, entry) !== FILE) rmSync(join(STATE, entry), { recursive: true, force: true });
  rmSync(STATE, { recursive: true, force: true });
}

/** Tells apart runs whose folders have the same name. */
function digestOf(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 16);
}

function bytesFree(folder: string): number {
  if (!existsSync(folder)) return 0;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** Ten seconds at most: what does not end by then is left to the next run. */
function pauseWhile(holds: () => boolean): void {
  const clock = new Int32Array(new SharedArrayBuffer(4));
  for (let step = 0; step < 500 && holds(); step++) Atomics.wait(clock, 0, 0, 20);
}

function killAll(started: readonly KnownProcess[]): void {
  for (const known of started) if (isAlive(known)) process.kill(known.pid, 'SIGKILL');
}

const cgroupRoots = (): string[] => (existsSync(CGROUPS) ? readdirSync(CGROUPS) : []).map((hierarchy) => join(CGROUPS, hierarchy, CGROUP));

/** A cgroup is a folder whose files are not files: only `rmdir` takes it away, the inner ones first, once nothing runs in it. */
function removeCgroup(folder: string): boolean {
  if (!existsSync(folder)) return true;
  for (const entry of readdirSync(folder, { withFileTypes: true })) if (entry.isDirectory()) removeCgroup(join(folder, entry.name));
  try {
    rmdirSync(folder);
    return true;
  } catch {
    return false;
  }
}

function readState(): State | null {
  return existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as State) : null;
}

function writeState(state: State): void {
  writeFileSync(`${FILE}.new`, JSON.stringify(state));
  renameSync(`${FILE}.new`, FILE);
}

const identify = (pid: number): KnownProcess => ({ pid, startTime: statOf(pid)?.startTime ?? '' });

/** A zombie is over: its parent has not looked yet. */
function isAlive({ pid, startTime }: KnownProcess): boolean {
  const stat = statOf(pid);
  return stat !== null && stat.startTime === startTime && stat.state !== 'Z';
}

interface Stat {
  readonly state: string;
  readonly parent: number;
  readonly startTime: string;
}

/** The second field is the program's name in brackets, which may hold anything. */
function statOf(pid: number): Stat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', parent: Number(fields[1]), startTime: fields[19] ?? '' };
  } catch {
    return null;
  }
}

/** The child of a process, once it has one. */
export function childOf(parent: number): number | null {
  const pids = readdirSync('/proc').map(Number).filter((pid) => pid > 0);
  return pids.find((pid) => statOf(pid)?.parent === parent) ?? null;
}
