import { spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { endOf } from './command.ts';

/** A program we started. It ends when `stop` says so, by its own process id, and with us however we end. */
export interface Running {
  readonly name: string;
  /** Throws with the end of the log when the program is no longer there. */
  readonly demandAlive: () => void;
  readonly stop: () => Promise<void>;
}

/** What ends the programs that run now. One listener for all of them: Node.js takes more than ten for a leak. */
const ends = new Set<() => void>();
process.on('exit', () => ends.forEach((end) => end()));

/** Starts a program whose output goes to `<folder>/<name>.log`. */
export function start(name: string, program: string, args: readonly string[], folder: string): Running {
  const log = join(folder, `${name}.log`);
  const out = openSync(log, 'w');
  // The kernel ends it when we are ended in a way that lets us do nothing more.
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', program, ...args], { stdio: ['ignore', out, out], cwd: folder });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const end = () => child.kill('SIGKILL');
  ends.add(end);
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  return {
    name,
    demandAlive: () => {
      if (isOver()) throw new Error(`${name} ended by itself${whyOf(readFileSync(log, 'utf8'))}`);
    },
    stop: async () => {
      ends.delete(end);
      if (!isOver()) end();
      await ended;
    },
  };
}

/** Ports are chosen among those that are free, and still another program may be faster. */
function whyOf(log: string): string {
  const taken = /address already in use/i.test(log) ? ', for another program has taken its port in between. Run it once more' : '';
  return `${taken}:\n${endOf(log, 3000)}`;
}

/** Below those that the kernel gives to outgoing connections (from 32768 on) and to Services: no such connection takes one in between. */
const PORTS = { first: 12_000, count: 18_000 } as const;
let turn = Math.floor(Math.random() * PORTS.count);

/** A loopback port nothing listens on right now, and which this process has not given away before. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < PORTS.count; tries++) {
    const port = PORTS.first + (turn++ % PORTS.count);
    if (await isFree(port)) return port;
  }
  throw new Error(`no port from ${PORTS.first} to ${PORTS.first + PORTS.count - 1} is free`);
}

const isFree = (port: number): Promise<boolean> => new Promise((done) => {
  const server = createServer().once('error', () => done(false));
  server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
});

/** Asks until the answer is yes; gives up with the program's log when it ended, or after a minute and a half. */
export async function waitUntil(running: Running, isReady: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 90_000;
  while (!(await isReady().catch(() => false))) {
    running.demandAlive();
    if (Date.now() > deadline) throw new Error(`${running.name} was not ready after 90 seconds`);
    await new Promise((next) => setTimeout(next, 100));
  }
}
