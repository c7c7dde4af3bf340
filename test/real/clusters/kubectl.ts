import type { CommandOptions, CommandResult } from '../host/command.ts';
import type { Machine } from '../host/machines.ts';
import { until } from '../host/until.ts';

/** kubectl for one cluster. */
export interface Kubectl {
  /** What stands before its arguments, on the machine. */
  readonly command: readonly string[];
  readonly run: (args: readonly string[], options?: CommandOptions) => Promise<string>;
  readonly attempt: (args: readonly string[], options?: CommandOptions) => Promise<CommandResult>;
  /** One object, or a list of them, as the API server has it. */
  readonly get: <T>(...args: readonly string[]) => Promise<T>;
  /** Names of all objects of a kind. */
  readonly names: (...args: readonly string[]) => Promise<string[]>;
}

/** kubectl of one release, with a kubeconfig that lies on the machine, or on this host. */
export function kubectlOf(machine: Pick<Machine, 'run' | 'attempt'>, program: string, kubeconfig: string): Kubectl {
  const command = [program, '--kubeconfig', kubeconfig];
  const run: Kubectl['run'] = (args, options) => machine.run([...command, ...args], options);
  return {
    command,
    run,
    attempt: (args, options) => machine.attempt([...command, ...args], options),
    get: async <T>(...args: readonly string[]): Promise<T> => JSON.parse(await run(['get', ...args, '-o', 'json'])) as T,
    names: async (...args) => (await run(['get', ...args, '-o', 'name'])).split('\n').filter((name) => name !== ''),
  };
}

/** The arguments that name these files. */
export const filesFrom = (files: readonly string[]): string[] => files.flatMap((file) => ['-f', file]);

/** Conformance demands an Endpoints beside the slice of `default/kubernetes`, and every request for one is answered with this. */
const ENDPOINTS_WARNING = 'Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice\n';
const isEndpoints = (file: string): boolean => /\/endpoints-[^/]+$/.test(file);

const APPLY = ['apply', '--server-side', '--validate=strict', '--field-manager=stories', '--output=json'];

/** Applies manifests as GitOps tools do: on the server's side, every field known; a warning is a failure. Gives what became of them. */
export async function apply<T = unknown>(kubectl: Kubectl, files: readonly string[]): Promise<readonly T[]> {
  const [endpoints, others] = [files.filter(isEndpoints), files.filter((file) => !isEndpoints(file))];
  const applied = others.length === 0 ? [] : itemsIn<T>(await kubectl.run([...APPLY, '--warnings-as-errors', ...filesFrom(others)]));
  return [...applied, ...endpoints.length === 0 ? [] : await applyEndpoints<T>(kubectl, endpoints)];
}

/** Their one warning is told once, and nothing beside it. */
async function applyEndpoints<T>(kubectl: Kubectl, files: readonly string[]): Promise<readonly T[]> {
  const { code, out, complaint } = await kubectl.attempt([...APPLY, ...filesFrom(files)]);
  if (code !== 0 || complaint !== ENDPOINTS_WARNING) throw new Error(`kubectl apply of Endpoints ended with ${code ?? 'a signal'}:\n${complaint}`);
  return itemsIn(out);
}

/** Waits until the API server serves the kinds of these CustomResourceDefinitions, and lists them: it does so a moment later. */
export async function served(kubectl: Kubectl, definitions: readonly string[]): Promise<void> {
  if (definitions.length === 0) return;
  await kubectl.run(['wait', '--for=condition=Established', '--timeout=60s', ...filesFrom(definitions)]);
  const kinds = (await kubectl.names(...filesFrom(definitions))).map((name) => name.replace(/^.*\//, ''));
  const ask = (): Promise<CommandResult> => kubectl.attempt(['get', kinds.join(','), '--all-namespaces', '--output=name']);
  await until(`${kinds.join(', ')} can be asked for`, 60, async () => (await ask()).code === 0, async () => (await ask()).complaint);
}

/** What kubectl prints as JSON: a list, or the only object by itself. */
export function itemsIn<T>(text: string): readonly T[] {
  const answer = JSON.parse(text) as T | { readonly items: readonly T[] };
  return typeof answer === 'object' && answer !== null && 'items' in answer ? answer.items : [answer];
}

/** What `kubectl diff` finds between manifests and what the API server has made of them; empty when GitOps has nothing to do. */
export async function differencesTo(kubectl: Kubectl, files: readonly string[]): Promise<string> {
  const { code, out, complaint } = await kubectl.attempt(['diff', '--server-side', '--field-manager=stories', ...filesFrom(files)]);
  if (code !== 0 && code !== 1) throw new Error(`kubectl diff ended with ${code ?? 'a signal'}:\n${complaint}`);
  return out;
}
