import { spawn } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildModule, programPath } from '../binaries/build.ts';
import { attempt, endOf, run, type CommandOptions, type CommandResult } from './command.ts';
import { containerdConfig } from './containerd.ts';
import { archivesOf } from './images.ts';
import { CGROUP, childOf, QUICK, remember, STATE } from './state.ts';
import { until } from './until.ts';

/** A host of its own, as far as it can tell: its processes, mounts, network, name and cgroups are its own. */
export interface Machine {
  readonly name: string;
  readonly address: string;
  /** Its first process; another one after it was off. */
  readonly pid: number;
  /** Its disk, and its logs: `containerd.log`, `kubelet.log`. */
  readonly folder: string;
  /** A command as it is typed outside, to run on it. */
  readonly inside: (command: readonly string[]) => string[];
  /** Runs a command on it; throws when that fails. */
  readonly run: (command: readonly string[], options?: CommandOptions) => Promise<string>;
  /** Runs a command on it, and tells how that went. */
  readonly attempt: (command: readonly string[], options?: CommandOptions) => Promise<CommandResult>;
  /** Ends everything on it from one moment to the next. Its disk stays, with what programs have given to the kernel. */
  readonly powerOff: () => Promise<void>;
  /** Starts it with what is on its disk. Routes to other machines' Pods are not. */
  readonly powerOn: () => Promise<void>;
}

/** The network between machines: a bridge in a namespace of its own, which leads nowhere else. */
export interface Lan {
  readonly pid: number;
  /** Address of the bridge. Nothing listens on it: who asks it for a name is refused at once. */
  readonly gateway: string;
  readonly prefixLength: number;
  /** Runs a command where the bridge is; throws when that fails. */
  readonly run: Machine['run'];
}

/** What a machine is made from. */
export interface MachineSpec {
  readonly name: string;
  readonly address: string;
  /** Names that it knows beside its own. */
  readonly hosts: Readonly<Record<string, string>>;
  /** The module its kubelet comes from: `kubernetes-1.34`. */
  readonly kubernetes: string;
  /** A folder that is laid over its /etc/containerd. */
  readonly containerd?: string;
}

/** What every machine runs first. */
export const SCRIPT = fileURLToPath(new URL('machine.sh', import.meta.url));

/** Makes the network that machines are attached to. */
export async function startLan(gateway: string, prefixLength: number): Promise<Lan> {
  const pause = await programPath('pause', 'pause');
  const { pid } = await startInside(['--net'], [pause], join(STATE, 'lan.log'));
  const lan: Lan = { pid, gateway, prefixLength, run: (command, options) => run(['nsenter', '-t', String(pid), '-n', ...command], options) };
  await lan.run(['ip', 'link', 'set', 'lo', 'up']);
  await lan.run(['ip', 'link', 'add', 'lan', 'type', 'bridge']);
  await lan.run(['ip', 'address', 'add', `${gateway}/${prefixLength}`, 'dev', 'lan']);
  await lan.run(['ip', 'link', 'set', 'lan', 'up']);
  // Forwarding without a route answers "unreachable"; without forwarding there would be silence.
  await lan.run(['sysctl', '-qw', 'net.ipv4.ip_forward=1', 'net.bridge.bridge-nf-call-iptables=0']);
  return lan;
}

/** Ends a network. With its end of each cable goes the other one. */
export const endLan = ({ pid }: Lan): boolean => process.kill(pid, 'SIGKILL');

/** Starts a machine and waits until its containerd answers. */
export async function startMachine(lan: Lan, spec: MachineSpec): Promise<Machine> {
  const { name, address } = spec;
  const folder = join(STATE, name);
  // An earlier story may have had a machine of that name, which is off; its disk is not this one's.
  for (const disk of [folder, join(QUICK, name)]) rmSync(disk, { recursive: true, force: true });
  await prepareDisk(folder, lan, spec);
  let pid = 0;
  const inside = (command: readonly string[]): string[] => ['nsenter', '-t', String(pid), '-m', '-u', '-i', '-n', '-p', '-C', '--wd=/', '--', ...command];
  const machine: Machine = {
    name, address, folder, inside,
    get pid() { return pid; },
    run: (command, options) => run(inside(command), options),
    attempt: (command, options) => attempt(inside(command), options),
    powerOff: () => endMachine(lan, machine),
    powerOn: async () => {
      pid = await startFirstProcess(folder, name);
      await attach(lan, machine);
      await containerdAnswers(machine);
    },
  };
  await machine.powerOn();
  return machine;
}

async function startFirstProcess(folder: string, name: string): Promise<number> {
  const [containerd, pause] = [await buildModule('containerd'), await programPath('pause', 'pause')];
  const namespaces = ['--mount', '--propagation', 'private', '--uts', '--ipc', '--net', '--cgroup'];
  return (await startInside(namespaces, ['sh', SCRIPT, folder, name, join(QUICK, name), containerd, pause], join(folder, 'machine.log'), name)).pid;
}

/** Waits until a machine that has just been started can be given images. */
export async function containerdAnswers({ name, folder, attempt: tryOn }: Machine): Promise<void> {
  const ctr = await programPath('containerd', 'ctr');
  await until(`containerd of ${name} answers`, 60, async () => (await tryOn([ctr, 'version'])).code === 0,
    () => `${readFileSync(join(folder, 'machine.log'), 'utf8')}\n${endOf(readFileSync(join(folder, 'containerd.log'), 'utf8'))}`);
}

/** With its first process goes its pid namespace, and some time after the last process its end of the cable. */
async function endMachine(lan: Lan, { name, pid }: Machine): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await unplugged(lan, name);
}

/** Waits until a machine's end of its cable is gone, and with it the bridge's. */
async function unplugged(lan: Lan, name: string): Promise<void> {
  const isPlugged = async (): Promise<boolean> => (await attempt(['nsenter', '-t', String(lan.pid), '-n', 'ip', 'link', 'show', portOf(name)])).code === 0;
  await until(`${name} is off`, 60, async () => !await isPlugged(), () => 'its first process was ended');
}

/** Puts images into a machine's containerd, as a pull would have. Those that it has cost nothing. */
export async function provideImages(machine: Machine, images: readonly string[]): Promise<void> {
  const ctr = [await programPath('containerd', 'ctr'), '-n', 'k8s.io', 'images'];
  const present = new Set((await machine.run([...ctr, 'list', '-q'])).split('\n'));
  const missing = images.filter((image) => !present.has(image));
  for (const file of await archivesOf(missing)) await machine.run([...ctr, 'import', '--local', file]);
}

/** Another release of the kubelet, from its next start on. */
export async function chooseKubelet(folder: string, kubernetes: string): Promise<void> {
  rmSync(join(folder, 'kubelet'), { force: true });
  symlinkSync(await programPath(kubernetes, 'kubelet'), join(folder, 'kubelet'));
}

/** Lets a machine know further names, as DNS would. */
export async function nameHosts(machine: Machine, hosts: Readonly<Record<string, string>>): Promise<void> {
  await machine.run(['tee', '-a', '/etc/hosts'], { input: hostLines(hosts) });
}

/** Where this host has a path below /var/lib/volumes or /srv of a machine. */
export function quickPath(machine: string, path: string): string {
  const inside = path.replace(/^\/var\/lib\//, '/').slice(1);
  if (!/^(?:volumes|srv)\//.test(inside)) throw new Error(`${path} is not among what a machine has for volumes`);
  return join(QUICK, machine, inside);
}

/** What is on a machine's disk before it runs. */
export async function prepareDisk(folder: string, lan: Lan, { name, address, hosts, kubernetes, containerd }: MachineSpec): Promise<void> {
  mkdirSync(join(folder, 'etc'), { recursive: true });
  writeFileSync(join(folder, 'etc/hostname'), `${name}\n`);
  writeFileSync(join(folder, 'etc/hosts'), hostLines({ localhost: '127.0.0.1', [name]: address, ...hosts }));
  writeFileSync(join(folder, 'etc/resolv.conf'), `nameserver ${lan.gateway}\n`);
  writeFileSync(join(folder, 'containerd.toml'), await containerdConfig());
  if (containerd !== undefined) cpSync(containerd, join(folder, 'etc/containerd'), { recursive: true });
  await chooseKubelet(folder, kubernetes);
}

const hostLines = (hosts: Readonly<Record<string, string>>): string =>
  Object.entries(hosts).map(([name, address]) => `${address} ${name}\n`).join('');

interface Started {
  readonly pid: number;
}

/** Starts a program as the first of a pid namespace: when it ends, by whatever hand, so does everything in there. */
export async function startInside(namespaces: readonly string[], command: readonly string[], log: string, cgroup?: string): Promise<Started> {
  const out = openSync(log, 'a');
  const enter = cgroup === undefined ? ':' : cgroupsOf(cgroup).map((folder) => `echo $$ > ${folder}/cgroup.procs`).join('; ');
  const script = `${enter}; exec unshare ${namespaces.join(' ')} --pid --fork --kill-child "$@"`;
  const child = spawn('sh', ['-c', script, 'sh', ...command], { detached: true, stdio: ['ignore', out, out] });
  child.unref();
  const parent = child.pid ?? 0;
  remember(parent);
  let pid: number | null = null;
  await until('a namespace has its first process', 10, async () => (pid = childOf(parent)) !== null, () => readFileSync(log, 'utf8'));
  remember(pid ?? 0);
  return { pid: pid ?? 0 };
}

/** What all machines together weigh where a session of this host weighs 1024: they come before whoever looks at them, for an etcd that is kept waiting elects. */
const SHARES = 3 * 1024;

/** A cgroup for a machine in every hierarchy. A new cpuset has no CPU and no memory until it is given some. */
function cgroupsOf(name: string): string[] {
  const hierarchies = readFileSync('/proc/self/mountinfo', 'utf8').matchAll(/ (\/sys\/fs\/cgroup\/\S+) .* - cgroup /g);
  return [...hierarchies].map(([, root = '']) => {
    const folder = join(root, CGROUP, name);
    mkdirSync(folder, { recursive: true });
    const files = readdirSync(folder);
    if (files.includes('cpuset.cpus')) inheritCpus(root, folder);
    if (files.includes('cpu.shares')) writeFileSync(join(root, CGROUP, 'cpu.shares'), String(SHARES));
    return folder;
  });
}

function inheritCpus(root: string, folder: string): void {
  for (const file of ['cpuset.cpus', 'cpuset.mems']) {
    const all = readFileSync(join(root, file));
    writeFileSync(join(root, CGROUP, file), all);
    writeFileSync(join(folder, file), all);
  }
}

/** The bridge's end of a machine's cable. */
export const portOf = (machine: string): string => `to-${machine}`.slice(0, 15);

/** A cable to the bridge, from whatever has a network namespace; `device` is its end there, and has no address yet. */
export async function plugIn(lan: Lan, { name, pid }: Pick<Machine, 'name' | 'pid'>, device: string): Promise<void> {
  await lan.run(['ip', 'link', 'add', portOf(name), 'type', 'veth', 'peer', 'name', device, 'netns', String(pid)]);
  await lan.run(['ip', 'link', 'set', portOf(name), 'master', 'lan', 'up']);
}

/** A cable from the machine to the bridge, its address, and what a node's kernel has to do. */
async function attach(lan: Lan, machine: Machine): Promise<void> {
  const atMachine = (...args: readonly string[]): Promise<string> => run(['nsenter', '-t', String(machine.pid), '-n', ...args]);
  await plugIn(lan, machine, 'eth0');
  await atMachine('ip', 'link', 'set', 'lo', 'up');
  await atMachine('ip', 'address', 'add', `${machine.address}/${lan.prefixLength}`, 'dev', 'eth0');
  await atMachine('ip', 'link', 'set', 'eth0', 'up');
  await atMachine('ip', 'route', 'add', 'default', 'via', lan.gateway);
  await atMachine('sysctl', '-qw', 'net.ipv4.ip_forward=1', 'net.bridge.bridge-nf-call-iptables=1');
}

/** Writes a line into a machine's own log, so that what was done to it stands among what it did. */
export function note(machine: Machine, line: string): void {
  appendFileSync(join(machine.folder, 'machine.log'), `${new Date().toISOString()} ${line}\n`);
}
