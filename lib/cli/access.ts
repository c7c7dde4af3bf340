import { locateFor, type OpenFleet } from '../build/owners.ts';
import { writePrivate } from '../pki/files.ts';
import { issueAccess, type IssuedAccess } from '../pki/issuing/access.ts';
import { SYSTEM_ENTROPY } from '../pki/issuing/entropy.ts';
import { Secret } from '../pki/secret.ts';
import type { Problem } from '../problem.ts';
import { openOrTell } from './build.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { chooseIssued, openKeys } from './opening.ts';
import { answer, type Terminal } from './terminal.ts';

export interface AccessOptions {
  readonly cluster: string;
  readonly user: string;
  readonly identity: string;
  readonly server: URL | null;
  readonly seconds: number;
  readonly out: string | null;
  readonly now: Date;
}

type Refused = { readonly ok: false; readonly problems: readonly Problem[] };
type Granted = Extract<IssuedAccess, { ok: true }>;

/** `kubewright pki kubeconfig`: a way in for a few hours, signed with what the keystore holds. The lock stays as it is. */
export async function runKubeconfig(root: string, options: AccessOptions, terminal: Terminal): Promise<ExitCode> {
  const open = await openOrTell(root, terminal);
  if (open === null) return EXIT.problems;
  const granted = await grant(open, options);
  const problems = granted.ok ? deliver(open.root, granted, options, terminal) : granted.problems;
  const locate = await locateFor(open, problems);
  terminal.show(problems, locate);
  const ok = problems.length === 0;
  if (terminal.json) terminal.print(answer(ok, problems, locate, granted.ok && ok ? factsOf(granted, options) : { cluster: options.cluster }));
  return ok ? EXIT.done : EXIT.problems;
}

async function grant(open: OpenFleet, { cluster, user, identity, server, seconds, now }: AccessOptions): Promise<Granted | Refused> {
  const chosen = chooseIssued(open, cluster);
  if (!chosen.ok) return chosen;
  const opened = await openKeys(open, chosen.lock, identity);
  if (!opened.ok) return opened;
  const { pki: { plan, cluster: { endpoint } }, lock } = chosen;
  const target = server === null ? { server: `https://${endpoint.host}:${endpoint.port}` } : { server: textOf(server), ...nameFor(server, endpoint.host) };
  return issueAccess(plan, lock, opened.keystore, { user, ...target, seconds, now, entropy: SYSTEM_ENTROPY });
}

const textOf = ({ href }: URL): string => href.replace(/\/$/, '');

/** A tunnel has another address than the API server's certificate names; the name in it is looked for all the same. */
const nameFor = ({ hostname }: URL, host: string): { tlsServerName?: string } => (hostname === host ? {} : { tlsServerName: host });

const MARK = '# Made by `kubewright pki kubeconfig`';

const textFor = ({ user, groups, notAfter, kubeconfig }: Granted, cluster: string): Secret =>
  new Secret(`${MARK}: ${user}${groups.length === 0 ? '' : ` (${groups.join(', ')})`} in ${cluster}, until ${notAfter}. It holds a private key.\n${kubeconfig.reveal()}`);

function deliver(root: string, granted: Granted, { cluster, out }: AccessOptions, terminal: Terminal): readonly Problem[] {
  const text = textFor(granted, cluster);
  const refused = out === null ? [] : writePrivate(out, root, text, MARK);
  if (refused.length > 0) return refused;
  terminal.say(`${cluster}: ${granted.user} may enter until ${granted.notAfter}; a certificate cannot be taken back before.`);
  if (out !== null) terminal.say(`The kubeconfig is in ${out}, for your eyes only.`);
  if (out === null && terminal.onScreen) terminal.say(terminal.colors.yellow('A private key is on this screen now. `--out FILE` keeps it off.'));
  if (out === null && !terminal.json) terminal.print(text.reveal().trimEnd());
  return [];
}

function factsOf(granted: Granted, { cluster, out }: AccessOptions): object {
  const { user, groups, notAfter } = granted;
  return { cluster, user, groups, notAfter, out, kubeconfig: out === null ? textFor(granted, cluster).reveal() : null };
}
