import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statfsSync } from 'node:fs';
import { CACHE } from '../binaries/go.ts';
import { run } from './command.ts';

/** Programs that come from Debian, and the package of each. */
const PACKAGES = {
  runc: 'runc',
  iptables: 'iptables',
  nft: 'nftables',
  conntrack: 'conntrack',
  curl: 'curl',
  ip: 'iproute2',
  busybox: 'busybox-static',
  git: 'git',
  'redis-server': 'redis-server',
  ipset: 'ipset',
  nsenter: 'util-linux',
  setpriv: 'util-linux',
  mount: 'mount',
  'qemu-system-x86_64': 'qemu-system-x86',
  modprobe: 'kmod',
  ssh: 'openssh-client',
  sshd: 'openssh-server',
} as const satisfies Readonly<Record<string, string>>;

type Program = keyof typeof PACKAGES;

/** What is run where no machine is made. */
const WITHOUT_MACHINES: readonly Program[] = ['setpriv'];

/** What makes a machine with a kernel of its own. */
const FOR_KERNELS: readonly Program[] = ['qemu-system-x86_64', 'modprobe', 'ssh', 'sshd'];

/** What stories ask for beside programs of ours. */
export interface Needs {
  readonly machines: boolean;
  /** Machines with kernels of their own among them. */
  readonly kernels?: boolean;
}

const isNeeded = ({ machines, kernels = false }: Needs, program: Program): boolean =>
  (FOR_KERNELS.includes(program) ? kernels : machines || WITHOUT_MACHINES.includes(program));

/** What the builds, the images and the disks of machines take together when nothing is there yet. */
const DISK_GIB = 25;

/** What decides whether stories can run here. */
export interface HostFacts {
  readonly isRoot: boolean;
  readonly hasGo: boolean;
  /** Where programs and images are kept, and what is free there; what earlier runs have built counts as room. */
  readonly cache: string;
  readonly freeGiB: number;
  readonly missingPrograms: readonly Program[];
  readonly hasCgroupV1: boolean;
}

/** One line for each thing that is missing: what, why, and what to do. Empty when the stories can run. */
export function missingPrerequisites(needs: Needs, host: HostFacts): string[] {
  const { machines } = needs;
  const { isRoot, hasGo, cache, freeGiB, missingPrograms, hasCgroupV1 } = host;
  const programs = missingPrograms.filter((program) => isNeeded(needs, program));
  return [
    ...(isRoot || !machines ? [] : ['Root is missing: machines are namespaces, and only root may make them. Run it as root; `npm run test:real -- acceptance` needs no machine.']),
    ...(hasGo ? [] : ['Go is missing: every program is built from Go modules. Install it, and put it into PATH.']),
    ...(freeGiB >= DISK_GIB ? [] : [`Disk is short: ${freeGiB} GiB are free below ${cache}, programs, images and machines take ${DISK_GIB} GiB. Free some, or name another place in KUBEWRIGHT_CACHE.`]),
    ...(programs.length === 0 ? [] : [`Programs of Debian are missing: ${programs.join(', ')}. Run apt-get install ${packagesOf(programs).join(' ')}, or the stories with --install.`]),
    ...(hasCgroupV1 || !machines ? [] : ['cgroup v1 is missing: machines are given hierarchies of v1, which this host does not mount. Boot it with systemd.unified_cgroup_hierarchy=0.']),
  ];
}

/** The facts of this host. */
export function readHost(): HostFacts {
  mkdirSync(CACHE, { recursive: true });
  return {
    isRoot: process.getuid?.() === 0,
    hasGo: works('go', 'version'),
    cache: CACHE,
    freeGiB: freeGiB(),
    missingPrograms: missingPrograms(),
    hasCgroupV1: /^\S+ \S+ cgroup .*\bmemory\b/m.test(readFileSync('/proc/mounts', 'utf8')),
  };
}

/** Installs the Debian packages that machines are made with, as far as they are missing; others where they are asked for. */
export async function installPackages({ kernels = false }: Needs): Promise<void> {
  const packages = packagesOf(missingPrograms().filter((program) => isNeeded({ machines: true, kernels }, program)));
  if (packages.length === 0) return;
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await run(['apt-get', 'update', '-qq'], { env });
  await run(['apt-get', 'install', '-qq', '--yes', '--no-install-recommends', ...packages], { env, timeoutSeconds: 900 });
}

const missingPrograms = (): Program[] => (Object.keys(PACKAGES) as Program[]).filter((program) => !works('which', program));
const packagesOf = (programs: readonly Program[]): string[] => [...new Set(programs.map((program) => PACKAGES[program]))];

const works = (program: string, ...args: readonly string[]): boolean => spawnSync(program, args).status === 0;

function freeGiB(): number {
  const { bavail, bsize } = statfsSync(CACHE);
  return Math.floor((bavail * bsize) / 2 ** 30) + Math.floor(cachedGiB());
}

/** What earlier runs have already built counts as room. */
const cachedGiB = (): number => Number(spawnSync('du', ['-sk', CACHE], { encoding: 'utf8' }).stdout.split('\t')[0]) / 2 ** 20;
