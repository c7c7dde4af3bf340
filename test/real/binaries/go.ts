import { spawn } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where built programs and Go's build cache live: outside the checkout, shared by every checkout. */
export const CACHE = process.env['KUBEWRIGHT_CACHE'] ?? join(homedir(), '.cache', 'kubewright');

/** Go's own build cache for these builds, apart from the user's, so that it can be dropped when disk is short. */
export const GO_BUILD_CACHE = join(CACHE, 'go-build');

const ENVIRONMENT = {
  ...process.env,
  GOCACHE: GO_BUILD_CACHE,
  CGO_ENABLED: '0',
  GOFLAGS: '-buildvcs=false',
  GOTOOLCHAIN: 'local',
};

/** Runs `go` in a folder and gives what it printed; throws with the end of its complaint when it fails. */
export function runGo(cwd: string, ...args: readonly string[]): Promise<string> {
  return new Promise((done, fail) => {
    const child = spawn('go', args, { cwd, env: ENVIRONMENT, stdio: ['ignore', 'pipe', 'pipe'] });
    const end = () => child.kill();
    process.once('exit', end);
    let out = '';
    let complaint = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-4000)));
    child.on('error', fail);
    child.on('close', (code) => {
      process.off('exit', end);
      if (code === 0) done(out);
      else fail(new Error(`go ${args[0]} failed in ${cwd}:\n${complaint.trim()}`));
    });
  });
}

/** Where a published module lies on this disk, downloaded when it does not yet. `cwd` has a go.mod. */
export async function moduleFolder(cwd: string, module: string, version: string): Promise<string> {
  const found = JSON.parse(await runGo(cwd, 'mod', 'download', '-json', `${module}@${version}`)) as { readonly Dir: string };
  return found.Dir;
}
