import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE } from '../../binaries/go.ts';
import { run } from '../command.ts';

/** What is loaded before there is a file system to load it from. */
const NEEDED = ['virtio_pci', 'virtio_net', '9pnet_virtio', '9p', 'overlay'];

/** A kernel of its own. */
export interface Kernel {
  readonly image: string;
  /** Folder of all its modules. */
  readonly modules: string;
  /** Files of those without which nothing can be read, each after what it needs. */
  readonly needed: readonly string[];
}

/** Debian's kernel, with every module there is; kept beside the programs by the name of its package. */
export async function debianKernel(): Promise<Kernel> {
  const [name = ''] = /linux-image-\S+/.exec((await run(['apt-cache', 'depends', 'linux-image-amd64'])).replace(/^.*\n/, '')) ?? [];
  const release = name.replace('linux-image-', '');
  const folder = join(CACHE, `kernel-${release}`);
  if (!existsSync(folder)) await fetch(name, folder);
  const modules = join(folder, 'lib/modules', release);
  const files = await Promise.all(NEEDED.map(async (module) => filesIn(await run(['modprobe', '-d', folder, '-S', release, '--show-depends', module]))));
  return { image: join(folder, 'boot', `vmlinuz-${release}`), modules, needed: [...new Set(files.flat())] };
}

const filesIn = (shown: string): string[] => [...shown.matchAll(/^insmod (\S+)/gm)].map(([, file = '']) => file);

async function fetch(name: string, folder: string): Promise<void> {
  mkdirSync(CACHE, { recursive: true });
  const work = mkdtempSync(join(CACHE, 'fetching-kernel-'));
  try {
    await run(['apt-get', 'download', '-qq', name], { cwd: work });
    const [file = ''] = readdirSync(work);
    await run(['dpkg-deb', '-x', file, 'out'], { cwd: work });
    await run(['depmod', '-b', join(work, 'out'), name.replace('linux-image-', '')]);
    renameSync(join(work, 'out'), folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
