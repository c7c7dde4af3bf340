import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isThere } from '../support/processes.ts';

/** A run of the stories, as far as its state goes: it starts one process, and waits. */
const RUN = `
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { claimHost, endAll, QUICK, remember } from ${JSON.stringify(fileURLToPath(new URL('../real/host/state.ts', import.meta.url)))};
try {
  claimHost();
} catch (problem) {
  console.log('refused ' + problem.message);
  process.exit(3);
}
process.once('exit', endAll);
process.once('SIGTERM', () => process.exit(130));
const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
remember(child.pid);
mkdirSync(QUICK, { recursive: true });
console.log('started ' + child.pid + ' ' + QUICK);
setInterval(() => {}, 1000);
`;

let folder = '';
let children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kubewright-state-'));
  children = [];
});
afterEach(async () => {
  for (const child of children) await end(child, 'SIGTERM');
  rmSync(folder, { recursive: true, force: true });
});

const state = (): string => join(folder, 'state');

/** Gives the first line that it prints, too. */
async function startRun(): Promise<{ readonly run: ChildProcess; readonly line: string }> {
  const env = { ...process.env, KUBEWRIGHT_REAL: state() };
  const run = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', RUN], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(run);
  const line = await new Promise<string>((done) => run.stdout?.once('data', (chunk: Buffer) => done(chunk.toString().trim())));
  return { run, line };
}

const end = (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => new Promise((done) => {
  if (child.exitCode !== null || child.signalCode !== null) return done();
  child.once('exit', () => done());
  child.kill(signal);
});

const pidIn = (line: string): number => Number(/^started (\d+) /.exec(line)?.[1]);
const quickIn = (line: string): string => /^started \d+ (.+)$/.exec(line)?.[1] ?? '';

test('a run that ends takes along what it has started, and its folders', async () => {
  const { run, line } = await startRun();
  expect([isThere(pidIn(line)), existsSync(quickIn(line))]).toEqual([true, true]);
  await end(run, 'SIGTERM');
  expect([isThere(pidIn(line)), existsSync(quickIn(line)), existsSync(state())]).toEqual([false, false, false]);
});

test('what a killed run has left is ended by the next one', async () => {
  const first = await startRun();
  await end(first.run, 'SIGKILL');
  expect(isThere(pidIn(first.line))).toBe(true);
  const second = await startRun();
  expect([isThere(pidIn(first.line)), isThere(pidIn(second.line))]).toEqual([false, true]);
});

test('a process that was given the number of one that is over stays', async () => {
  const stranger = spawn('sleep', ['600'], { stdio: 'ignore' });
  children.push(stranger);
  const pid = stranger.pid ?? 0;
  mkdirSync(state());
  const another = { pid, startTime: '1' };
  writeFileSync(join(state(), 'processes.json'), JSON.stringify({ runner: another, started: [another] }));
  expect((await startRun()).line).toMatch(/^started/);
  expect(isThere(pid)).toBe(true);
});

test('a second run is refused, and told who is first', async () => {
  const first = await startRun();
  const { line } = await startRun();
  expect(line).toContain(`refused Another run is under way in ${state()}, as process ${first.run.pid ?? 0}: `);
  expect(line).toContain('KUBEWRIGHT_REAL');
  expect(isThere(pidIn(first.line))).toBe(true);
});

test('a folder that no run has made is left alone', async () => {
  mkdirSync(state());
  writeFileSync(join(state(), 'thesis.txt'), 'years of work');
  const { run, line } = await startRun();
  expect(line).toMatch(/^refused .* is not empty, and no run has made it/);
  await end(run, 'SIGTERM');
  expect(readFileSync(join(state(), 'thesis.txt'), 'utf8')).toBe('years of work');
});
