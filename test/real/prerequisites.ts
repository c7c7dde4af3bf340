import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statfsSync } from 'node:fs';
import { CACHE } from './binaries/go.ts';
import { run } from './command.ts';

/** Programs that come from Debian, and the package of each. */
const PACKAGES: Readonly<Record<string, string>> = {
  runc: 'runc',
  iptables: 'iptables',
  conntrack: 'conntrack',
  curl: 'curl',
  ip: 'iproute2',
  busybox: 'busybox-static',
  nsenter: 'util-linux',
  mount: 'mount',
};

/** What the builds, the images and the disks of machines take together when nothing is there yet. */
const DISK_GIB = 25;

/** One line for each thing that is missing on this host; empty when the stories can run. */
export function missingPrerequisites(): string[] {
  mkdirSync(CACHE, { recursive: true });
  const packages = missingPackages();
  return [
    ...(process.getuid?.() === 0 ? [] : ['Root is missing: machines are namespaces, and only root may make them.']),
    ...(works('go', 'version') ? [] : ['Go is missing: every program is built from Go modules.']),
    ...(freeGiB() >= DISK_GIB ? [] : [`Disk is short: ${freeGiB()} GiB are free below ${CACHE}, ${DISK_GIB} GiB are wanted.`]),
    ...(packages.length === 0 ? [] : [`Debian packages are missing: apt-get install ${packages.join(' ')} (or run with --install).`]),
    ...(hasCgroupV1() ? [] : ['cgroup v1 is missing: machines are given hierarchies of v1, which this host does not mount.']),
  ];
}

/** Installs the Debian packages that are missing. */
export async function installPackages(): Promise<void> {
  const packages = missingPackages();
  if (packages.length === 0) return;
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await run(['apt-get', 'update', '-qq'], { env });
  await run(['apt-get', 'install', '-qq', '--yes', '--no-install-recommends', ...packages], { env, timeoutSeconds: 900 });
}

function missingPackages(): string[] {
  return Object.entries(PACKAGES).filter(([program]) => !works('which', program)).map(([, name]) => name);
}

const works = (program: string, ...args: readonly string[]): boolean => spawnSync(program, args).status === 0;

function freeGiB(): number {
  const { bavail, bsize } = statfsSync(CACHE);
  return Math.floor((bavail * bsize) / 2 ** 30) + Math.floor(cachedGiB());
}

/** What earlier runs have already built counts as room. */
const cachedGiB = (): number => Number(spawnSync('du', ['-sk', CACHE], { encoding: 'utf8' }).stdout.split('\t')[0]) / 2 ** 20;

const hasCgroupV1 = (): boolean => existsSync('/proc/mounts') && /^\S+ \S+ cgroup .*\bmemory\b/m.test(readFileSync('/proc/mounts', 'utf8'));
