import { readFileSync } from 'node:fs';
import { buildModule } from '../binaries/build.ts';
import { endOf, type CommandResult } from '../host/command.ts';
import type { Machine } from '../host/machines.ts';

const PREFLIGHT = '--ignore-preflight-errors=all';

/** Runs kubeadm of a minor on a machine, with kubectl and the others of its release beside it. */
export async function tryKubeadm(machine: Machine, minor: string, verb: 'init' | 'join', ...args: readonly string[]): Promise<CommandResult> {
  const programs = await buildModule(`kubernetes-${minor}`);
  const env = { PATH: `${programs}:${process.env['PATH'] ?? ''}` };
  return machine.attempt([`${programs}/kubeadm`, verb, ...args, PREFLIGHT], { env, timeoutSeconds: 600 });
}

/** The same; throws when it fails, with the log of the machine's kubelet. */
export async function kubeadm(machine: Machine, minor: string, verb: 'init' | 'join', ...args: readonly string[]): Promise<void> {
  const { code, out, complaint } = await tryKubeadm(machine, minor, verb, ...args);
  if (code === 0) return;
  const log = endOf(readFileSync(`${machine.folder}/kubelet.log`, { encoding: 'utf8', flag: 'a+' }), 2000);
  throw new Error(`kubeadm ${verb} failed on ${machine.name}:\n${endOf(complaint || out, 2000)}\nThe end of its kubelet's log:\n${log}`);
}
