import { locateFor } from '../build/owners.ts';
import { createObject } from '../client/create.ts';
import { readKubeconfig } from '../client/kubeconfig-file.ts';
import type { ResolvedCluster } from '../model/resolved.ts';
import { bootstrapTokenSecret, joinCommand, makeBootstrapToken, TOKEN_NAMESPACE, tokenText, type BootstrapToken } from '../pki/credentials/bootstrap-token.ts';
import { isoSeconds } from '../pki/dates.ts';
import { discoveryAuthorities, discoveryPins } from '../pki/credentials/discovery.ts';
import { SYSTEM_ENTROPY } from '../pki/issuing/entropy.ts';
import type { PkiLock } from '../pki/plan.ts';
import type { Secret } from '../pki/secret.ts';
import type { Problem } from '../problem.ts';
import { toYaml } from '../yaml/serialize.ts';
import { openOrTell } from './build.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { chooseIssued } from './opening.ts';
import { answer, type Terminal } from './terminal.ts';

export interface TokenOptions {
  readonly cluster: string;
  readonly seconds: number;
  readonly kubeconfig: string | null;
  readonly description: string | null;
  readonly now: Date;
}

/**
 * `kubewright token create`: what a machine needs to join. Nothing is written anywhere: the token is printed, and with
 * a kubeconfig its Secret goes straight into the cluster.
 */
export async function runTokenCreate(root: string, options: TokenOptions, terminal: Terminal): Promise<ExitCode> {
  const open = await openOrTell(root, terminal);
  if (open === null) return EXIT.problems;
  const chosen = chooseIssued(open, options.cluster);
  const made = chosen.ok ? { cluster: chosen.pki.cluster, lock: chosen.lock, token: makeBootstrapToken({ ...options, entropy: SYSTEM_ENTROPY }) } : null;
  const problems = chosen.ok ? await deliver(made, options) : chosen.problems;
  const locate = await locateFor(open, problems);
  terminal.show(problems, locate);
  if (problems.length > 0 || made === null) {
    if (terminal.json) terminal.print(answer(false, problems, locate, { cluster: options.cluster }));
    return EXIT.problems;
  }
  if (terminal.json) terminal.print(answer(true, problems, locate, factsOf(made, options)));
  else tell(made, options, terminal);
  return EXIT.done;
}

interface Made {
  readonly cluster: ResolvedCluster;
  readonly lock: PkiLock;
  readonly token: BootstrapToken;
}

async function deliver(made: Made | null, { kubeconfig }: TokenOptions): Promise<readonly Problem[]> {
  if (made === null || kubeconfig === null) return [];
  const read = readKubeconfig(kubeconfig);
  if (!read.ok) return read.problems;
  return createObject(read.access, {
    path: `/api/v1/namespaces/${TOKEN_NAMESPACE}/secrets`,
    object: bootstrapTokenSecret(made.token),
    cluster: made.cluster.name,
    authorities: discoveryAuthorities(made.lock).map(({ certificate }) => certificate),
  });
}

const commandOf = ({ cluster, token, lock }: Made): Secret => joinCommand(cluster.endpoint, token, lock);

/** What is still to be done goes to standard output: the Secret, or when the cluster has it, the command for the machine. */
function tell(made: Made, { kubeconfig }: TokenOptions, terminal: Terminal): void {
  const { cluster: { name }, token } = made;
  const until = isoSeconds(token.expires);
  if (kubeconfig !== null) {
    terminal.say(`${name}: token ${token.id} is in the cluster until ${until}. On the machine:`);
    terminal.print(commandOf(made).reveal());
    return;
  }
  terminal.say(`${name}: token ${token.id}, until ${until}. The cluster does not know it yet: pipe this into \`kubectl create -f -\`.`);
  terminal.print(`# Whoever has this can join machines to ${name} until ${until}. It does not belong in git.\n${toYaml(bootstrapTokenSecret(token)).trimEnd()}`);
  terminal.say(`Then, on the machine:\n${commandOf(made).reveal()}`);
}

function factsOf(made: Made, { kubeconfig }: TokenOptions): object {
  const { cluster, token, lock } = made;
  return {
    cluster: cluster.name,
    token: tokenText(token).reveal(),
    expires: isoSeconds(token.expires),
    authorities: discoveryPins(lock),
    joinCommand: commandOf(made).reveal(),
    applied: kubeconfig !== null,
    manifest: bootstrapTokenSecret(token),
  };
}
