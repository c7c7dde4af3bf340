import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildModule, programPath } from '../../binaries/build.ts';
import { attempt, endOf, run, type CommandOptions } from '../command.ts';
import { containerdAnswers, portOf, prepareDisk, SCRIPT, startInside, type Lan, type Machine, type MachineSpec } from '../machines.ts';
import { STATE } from '../state.ts';
import { until } from '../until.ts';
import { debianKernel, type Kernel } from './kernel.ts';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/**
 * A machine with a kernel of its own, for what this host's kernel lacks. It sees the host's files and writes none of them;
 * everything in it is emulated, so that it takes its time.
 */
export async function startVirtualMachine(lan: Lan, spec: MachineSpec): Promise<Machine> {
  const { name, address } = spec;
  const folder = join(STATE, name);
  rmSync(folder, { recursive: true, force: true });
  await prepareDisk(folder, lan, spec);
  await writeKeys(folder);
  writeFileSync(join(folder, 'run.sh'), `exec sh ${[SCRIPT, folder, name, `${folder}/quick`, await buildModule('containerd'), await programPath('pause', 'pause')].join(' ')}\n`);
  copyFileSync(here('begin.sh'), join(folder, 'begin.sh'));
  const kernel = await debianKernel();
  await writeInitialFiles(folder, kernel);

  const ssh = ['nsenter', '-t', String(lan.pid), '-n', 'ssh', '-i', join(folder, 'key'), ...OPTIONS.flatMap((option) => ['-o', option]), `root@${address}`];
  const inside = (command: readonly string[]): string[] => [...ssh, command.map(quoted).join(' ')];
  // Variables are given there, not to the client here.
  const over = (command: readonly string[], { env = {}, ...options }: CommandOptions = {}): [string[], CommandOptions] =>
    [inside(['env', ...Object.entries(env).map(([name, value]) => `${name}=${value}`), ...command]), options];
  let pid = 0;
  const machine: Machine = {
    name, address, folder, inside,
    get pid() { return pid; },
    run: (command, options) => run(...over(command, options)),
    attempt: (command, options) => attempt(...over(command, options)),
    powerOff: async () => {
      process.kill(pid, 'SIGKILL');
      await lan.run(['ip', 'link', 'delete', portOf(name)]);
    },
    powerOn: async () => {
      await lan.run(['ip', 'tuntap', 'add', 'dev', portOf(name), 'mode', 'tap']);
      await lan.run(['ip', 'link', 'set', portOf(name), 'master', 'lan', 'up']);
      pid = (await startInside([], emulator(lan, spec, folder, kernel), join(folder, 'console.log'))).pid;
      await until(`${name} can be entered`, 180, async () => (await machine.attempt(['true'])).code === 0, () => consoleOf(folder, pid));
      await containerdAnswers(machine);
    },
  };
  await machine.powerOn();
  return machine;
}

/** What its kernel said last. */
function consoleOf(folder: string, pid: number): string {
  return endOf(readFileSync(join(folder, 'console.log'), 'utf8')) + (existsSync(`/proc/${pid}`) ? '' : '\nThe emulator has ended.');
}

const OPTIONS = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR', 'ConnectTimeout=5'];
const MEMORY_MIB = 4096;

const quoted = (word: string): string => `'${word.replaceAll(`'`, `'\\''`)}'`;

/** https://www.qemu.org/docs/master/system/invocation.html */
function emulator(lan: Lan, { name, address }: MachineSpec, folder: string, kernel: Kernel): string[] {
  const words = { console: 'ttyS0', panic: '-1', folder, modules: kernel.modules, address: `${address}/${lan.prefixLength}`, gateway: lan.gateway };
  return [
    'nsenter', '-t', String(lan.pid), '-n', 'qemu-system-x86_64', '-accel', 'tcg,thread=multi', '-cpu', 'max', '-smp', '2', '-m', String(MEMORY_MIB),
    '-display', 'none', '-monitor', 'none', '-serial', 'stdio', '-no-reboot',
    '-kernel', kernel.image, '-initrd', join(folder, 'initial.gz'), '-append', Object.entries(words).map(([word, value]) => `${word}=${value}`).join(' '),
    '-virtfs', 'local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap',
    '-netdev', `tap,id=lan,ifname=${portOf(name)},script=no,downscript=no`, '-device', `virtio-net-pci,netdev=lan`,
  ];
}

/** Whoever has its folder may enter. */
async function writeKeys(folder: string): Promise<void> {
  for (const key of ['key', 'host-key']) await run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', join(folder, key)]);
}

async function writeInitialFiles(folder: string, { needed }: Kernel): Promise<void> {
  const files = join(folder, 'initial');
  for (const name of ['bin', 'modules', 'proc', 'dev']) mkdirSync(join(files, name), { recursive: true });
  copyFileSync('/bin/busybox', join(files, 'bin/busybox'));
  copyFileSync(here('init.sh'), join(files, 'init'));
  for (const [index, file] of needed.entries()) copyFileSync(file, join(files, 'modules', `${String(index).padStart(2, '0')}-${basename(file)}`));
  await run(['sh', '-c', 'chmod +x init && find . | busybox cpio -o -H newc | gzip -1 > ../initial.gz'], { cwd: files });
}
