import { isDiskFailure, readText, type Disk, type DistError } from './disk.ts';

/** A process, named so that another one with the same number is not taken for it. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process started, in the kernel's own ticks; empty where the system does not tell. */
  readonly started: string;
}

/** Who this process is, and whether another one still runs. An argument, so that tests can play both. */
export interface Processes {
  readonly self: Holder;
  isAlive(holder: Holder): boolean;
}

const DRAFT = '.draft';
const DRAFT_NAME = /^lock\.([0-9]+)\.draft$/;
/** What file systems without hard links answer. */
const NO_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** A lock without a readable holder is being written right now, or its process died at it. */
const GRACE_MS = 10_000;
const ATTEMPTS = 5;

/** Takes the lock file, also from a process that has died; null on success, else why not. */
export function takeLock(disk: Disk, path: string, processes: Processes): DistError | null {
  for (let i = 0; i < ATTEMPTS; i++) {
    if (createLock(disk, path, processes.self)) return null;
    if (!isStale(disk, path, processes)) return lockedError(readText(disk, path));
    breakLock(disk, path, processes);
  }
  return lockedError(readText(disk, path));
}

/** Removes what processes left that were killed while they took the lock. Only the holder of the lock may call this. */
export function cleanDrafts(disk: Disk, folder: string, processes: Processes): void {
  for (const name of disk.readdirSync(folder)) {
    const pid = Number(DRAFT_NAME.exec(name)?.[1] ?? NaN);
    if (Number.isNaN(pid) || processes.isAlive({ ...processes.self, pid, started: '' })) continue;
    disk.rmSync(`${folder}/${name}`, { force: true });
  }
}

/** Gives the lock back. */
export function dropLock(disk: Disk, path: string): void {
  disk.rmSync(path, { force: true });
}

/** Only one process breaks a stale lock, and it looks again first: the lock may have a new, living holder by now. */
function breakLock(disk: Disk, path: string, processes: Processes): void {
  const breaker = `${path}.break`;
  if (!create(disk, breaker, '')) {
    if (ageOf(disk, breaker) > GRACE_MS) disk.rmSync(breaker, { force: true });
    return;
  }
  if (isStale(disk, path, processes)) disk.rmSync(path, { force: true });
  disk.rmSync(breaker, { force: true });
}

function isStale(disk: Disk, path: string, processes: Processes): boolean {
  const text = readText(disk, path);
  if (text === null) return false;
  const holder = readHolder(text);
  if (holder === null) return ageOf(disk, path) > GRACE_MS;
  return holder.host === processes.self.host && !processes.isAlive(holder);
}

/** The lock appears with its holder in it, by a link, so that a process killed here leaves no lock without a holder. */
function createLock(disk: Disk, path: string, self: Holder): boolean {
  const draft = `${path}.${self.pid}${DRAFT}`;
  try {
    disk.writeFileSync(draft, JSON.stringify(self));
    disk.linkSync(draft, path);
    return true;
  } catch (cause) {
    if (isDiskFailure(cause) && cause.code === 'EEXIST') return false;
    if (isDiskFailure(cause) && NO_LINKS.has(cause.code)) return create(disk, path, JSON.stringify(self));
    throw cause;
  } finally {
    disk.rmSync(draft, { force: true });
  }
}

function create(disk: Disk, path: string, text: string): boolean {
  try {
    disk.writeFileSync(path, text, { flag: 'wx' });
    return true;
  } catch (cause) {
    if (isDiskFailure(cause) && cause.code === 'EEXIST') return false;
    throw cause;
  }
}

function ageOf(disk: Disk, path: string): number {
  const stat = disk.lstatSync(path, { throwIfNoEntry: false });
  return stat === undefined ? 0 : Date.now() - stat.mtimeMs;
}

function readHolder(text: string): Holder | null {
  try {
    const value: Partial<Holder> | null = JSON.parse(text);
    if (typeof value?.pid !== 'number' || typeof value.host !== 'string') return null;
    return { pid: value.pid, host: value.host, started: String(value.started ?? '') };
  } catch {
    return null;
  }
}

function lockedError(text: string | null): DistError {
  const holder = readHolder(text ?? '');
  const who = holder === null ? 'another process' : `process ${holder.pid} on ${holder.host}`;
  return {
    code: 'dist/locked',
    paths: ['.kubewright/lock'],
    errno: null,
    what: `${who} is writing dist/.`,
    why: 'two builds at once would mix their files.',
    fix: 'wait until it is done; when no such process exists, delete .kubewright/lock.',
  };
}
