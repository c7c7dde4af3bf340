import type { CommandOptions, CommandResult } from './command.ts';
import type { Machine } from './machines.ts';

/** kubectl on a machine, for one cluster. */
export interface Kubectl {
  readonly run: (args: readonly string[], options?: CommandOptions) => Promise<string>;
  readonly attempt: (args: readonly string[], options?: CommandOptions) => Promise<CommandResult>;
  /** One object, or a list of them, as the API server has it. */
  readonly get: <T>(...args: readonly string[]) => Promise<T>;
  /** Names of all objects of a kind. */
  readonly names: (...args: readonly string[]) => Promise<string[]>;
}

/** kubectl of one release, with a kubeconfig that lies on the machine. */
export function kubectlOf(machine: Machine, program: string, kubeconfig: string): Kubectl {
  const command = [program, '--kubeconfig', kubeconfig];
  const run: Kubectl['run'] = (args, options) => machine.run([...command, ...args], options);
  return {
    run,
    attempt: (args, options) => machine.attempt([...command, ...args], options),
    get: async <T>(...args: readonly string[]): Promise<T> => JSON.parse(await run(['get', ...args, '-o', 'json'])) as T,
    names: async (...args) => (await run(['get', ...args, '-o', 'name'])).split('\n').filter((name) => name !== ''),
  };
}

/** Applies manifests as GitOps tools do: on the server's side, every field known; a warning is a failure. */
export async function apply(kubectl: Kubectl, files: readonly string[]): Promise<void> {
  const sources = files.flatMap((file) => ['-f', file]);
  await kubectl.run(['apply', '--server-side', '--validate=strict', '--field-manager=stories', '--warnings-as-errors', ...sources]);
}
