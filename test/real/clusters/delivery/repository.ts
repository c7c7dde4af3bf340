import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT } from '../../fleet.ts';
import { run } from '../../host/command.ts';
import type { Machine } from '../../host/machines.ts';
import { start, type Running } from '../../host/processes.ts';
import { STATE } from '../../host/state.ts';
import { until } from '../../host/until.ts';

/** Where the fleet's definition says that the repository is. */
const [ADDRESS, PORT] = ['10.238.0.11', 8418];

/** Folder of the repository that Flux takes of each commit, as the compiled GitRepository says. */
const SPARSE = 'dist/hub';

/** The fleet as a git repository that is served over HTTP, with one branch. */
export interface Repository {
  readonly server: Running;
  /** Commits everything as it is now, and pushes it; gives the commit. */
  readonly push: (message: string) => Promise<string>;
  /** Any other work of git in the checkout. */
  readonly git: (...args: readonly string[]) => Promise<string>;
  /** A commit as source-controller publishes it; null when the folder is not in there. */
  readonly artifactOf: (commit: string) => Promise<Artifact | null>;
}

/** https://fluxcd.io/flux/components/source/gitrepositories/#artifact */
export interface Artifact {
  readonly url: string;
  readonly digest: string;
}

const PROGRAM = fileURLToPath(new URL('git-program.ts', import.meta.url));

/** Makes it of the compiled copy, and serves it on a machine. Nothing is pushed yet. */
export async function startRepository(machine: Machine): Promise<Repository> {
  const folder = join(STATE, 'git');
  const bare = join(folder, 'fleet.git');
  mkdirSync(folder, { recursive: true });
  await run(['git', 'init', '--quiet', '--bare', '--initial-branch=main', bare]);
  const git = (...args: readonly string[]): Promise<string> => run(['git', '-C', ROOT, '-c', 'user.name=stories', '-c', 'user.email=stories@fleet.test', ...args]);
  await git('init', '--quiet', '--initial-branch=main');
  const command = [process.execPath, '--import', import.meta.resolve('tsx'), PROGRAM, folder, ADDRESS, String(PORT), SPARSE];
  const server = start('git', 'nsenter', ['-t', String(machine.pid), '-n', '--', ...command], folder);
  await until('the repository is served', 30, async () => {
    server.demandAlive();
    return (await machine.attempt(['curl', '-fsS', `http://${ADDRESS}:${PORT}/fleet.git/HEAD`])).code === 0;
  }, () => '');
  return {
    git, server,
    push: async (message) => {
      await git('add', '--all', 'clusters', ...await hasDist());
      await git('commit', '--quiet', '--allow-empty', '-m', message);
      await git('push', '--quiet', '--force', bare, 'HEAD:main');
      return (await git('rev-parse', 'HEAD')).trim();
    },
    artifactOf: async (commit) => {
      const url = `http://${ADDRESS}:${PORT}/archive/${commit}.tar.gz`;
      if ((await git('ls-tree', '-d', commit, SPARSE)) === '') return null;
      const [digest = ''] = (await machine.run(['sh', '-c', `curl -fsS ${url} | sha256sum`])).split(' ');
      return { url, digest: `sha256:${digest}` };
    },
  };

  /** Git takes no path that neither is there nor was. */
  async function hasDist(): Promise<string[]> {
    return (await run(['ls', ROOT])).split('\n').includes('dist') || (await git('ls-files', 'dist')) !== '' ? ['dist'] : [];
  }
}
