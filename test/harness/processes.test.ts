import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { start, waitUntil } from '../real/host/processes.ts';
import { isThere } from '../support/processes.ts';

const PROCESSES = fileURLToPath(new URL('../real/host/processes.ts', import.meta.url));
const COMMAND = fileURLToPath(new URL('../real/host/command.ts', import.meta.url));

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kubewright-processes-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('a port that another program took is told as that', async () => {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const program = `require('node:net').createServer().listen(${port}, '127.0.0.1')`;
  const running = start('listener', process.execPath, ['--eval', program], emptyFolder());
  await expect(waitUntil(running, () => Promise.resolve(false))).rejects.toThrow(/^listener ended by itself, for another program has taken its port in between\. Run it once more:\n[^]*EADDRINUSE/);
  await running.stop();
});

test('a program that ends by itself is told with the end of its log', async () => {
  const running = start('failing', '/bin/sh', ['-c', 'echo flag provided but not defined; exit 2'], emptyFolder());
  await expect(waitUntil(running, () => Promise.resolve(false))).rejects.toThrow('failing ended by itself:\nflag provided but not defined');
  await running.stop();
});

/** A run in which this expression starts a shell that writes its pid and stays; gives the run, and the pid of the shell. */
async function runThat(starts: (script: string, folder: string) => string): Promise<{ readonly run: ReturnType<typeof spawn>; readonly child: number }> {
  const folder = emptyFolder();
  const run = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', starts('echo $$ > pid; exec sleep 600', folder)], { stdio: 'inherit' });
  const pid = (): number => Number(existsSync(join(folder, 'pid')) ? readFileSync(join(folder, 'pid'), 'utf8') : 0);
  await expect.poll(pid, { timeout: 30_000 }).toBeGreaterThan(0);
  const child = pid();
  expect(isThere(child)).toBe(true);
  return { run, child };
}

test('a program ends with a run that is killed', async () => {
  const { run, child } = await runThat((script, folder) => `import { start } from ${JSON.stringify(PROCESSES)};
start('child', '/bin/sh', ['-c', ${JSON.stringify(script)}], ${JSON.stringify(folder)});
setInterval(() => {}, 1000);`);
  run.kill('SIGKILL');
  await expect.poll(() => isThere(child), { timeout: 30_000 }).toBe(false);
});

test('a command ends with a run that is interrupted', async () => {
  const { run, child } = await runThat((script, folder) => `import { attempt } from ${JSON.stringify(COMMAND)};
process.once('SIGINT', () => process.exit(130));
await attempt(['/bin/sh', '-c', ${JSON.stringify(script)}], { cwd: ${JSON.stringify(folder)} });`);
  run.kill('SIGINT');
  await expect.poll(() => isThere(child), { timeout: 30_000 }).toBe(false);
});
