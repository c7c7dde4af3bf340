import { Command, CommanderError, Option } from 'commander';
import type { DeliveryTool } from '../build/bootstrap.ts';
import { VERSION } from '../version.ts';
import { lifetime, serverUrl } from './arguments.ts';
import { runBootstrap, runBuild, runCheck, runExplain, runExport, runIssue, runKubeconfig, runStatus, runTokenCreate } from './commands.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { terminalOf, type Terminal } from './terminal.ts';

interface Common {
  readonly root: string;
  readonly json?: boolean;
}

const EXAMPLES = {
  program: ['kubewright build', 'kubewright check --json', 'kubewright explain payments-prod', 'kubewright pki issue payments-prod', 'kubewright token create payments-prod'],
  bootstrap: ['kubewright bootstrap hangzhou-meta', 'kubewright bootstrap hangzhou-meta --tool flux', 'kubewright bootstrap hangzhou-meta --kubeconfig admin.conf'],
  build: ['kubewright build', 'kubewright build --check', 'kubewright build --root ../fleet'],
  check: ['kubewright check', 'kubewright check --json > report.json'],
  explain: ['kubewright explain sandbox', 'kubewright explain sandbox --json | jq \'.values[] | select(.origin == "given")\''],
  pki: ['kubewright pki status', 'kubewright pki issue sandbox', 'kubewright pki kubeconfig sandbox admin --identity key.txt'],
  issue: ['kubewright pki issue', 'kubewright pki issue sandbox', 'kubewright pki issue sandbox --identity ~/.config/age/keys.txt', 'kubewright pki issue sandbox --renew apiserver --identity key.txt'],
  status: ['kubewright pki status', 'kubewright pki status --json'],
  export: ['kubewright pki export sandbox --unsafe-plaintext --identity key.txt --out /dev/shm/sandbox-pki'],
  kubeconfig: [
    'kubewright pki kubeconfig sandbox admin --identity key.txt --out ~/.kube/sandbox',
    'kubewright pki kubeconfig sandbox ci --identity key.txt --ttl 30m > /dev/shm/ci.kubeconfig',
    'kubewright pki kubeconfig sandbox super-admin --identity key.txt --server https://127.0.0.1:6443',
  ],
  token: ['kubewright token create sandbox --kubeconfig ~/.kube/sandbox'],
  create: [
    'kubewright token create sandbox --kubeconfig ~/.kube/sandbox',
    'kubewright token create sandbox | kubectl create -f -',
    'kubewright token create sandbox --ttl 30m --description \'machine rack3-n17\' --json | jq -r .joinCommand',
  ],
} as const satisfies Record<string, readonly string[]>;

/** The command line. Returns the exit code: 0 done, 1 problems found, 2 used wrongly. */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = EXIT.done;
  const run = (action: (options: Common, terminal: Terminal) => Promise<ExitCode>) => async (options: Common): Promise<void> => {
    code = await action(options, terminalOf(options.json ?? false));
  };
  try {
    await programOf(run).parseAsync(argv, { from: 'user' });
    return code;
  } catch (cause) {
    if (!(cause instanceof CommanderError)) throw cause;
    return cause.exitCode === 0 ? EXIT.done : EXIT.usage;
  }
}

type Run = (action: (options: Common, terminal: Terminal) => Promise<ExitCode>) => (options: Common) => Promise<void>;

/** All commands; `run` is given what each of them does. */
export function programOf(run: Run): Command {
  const program = new Command('kubewright')
    .description('Compiles one TypeScript file per Kubernetes cluster into the manifests that make it exist.')
    .version(VERSION)
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError('Run with --help for what there is.');
  describe(program, EXAMPLES.program);
  buildCommand(program, run);
  checkCommand(program, run);
  explainCommand(program, run);
  bootstrapCommand(program, run);
  pkiCommands(program, run);
  tokenCommands(program, run);
  return program;
}

/** Every command takes a root and can answer in JSON, and shows examples. */
function common(command: Command, examples: readonly string[]): Command {
  command.option('--root <dir>', 'folder that holds clusters/ and dist/', '.').option('--json', 'answer in JSON on standard output');
  return describe(command, examples);
}

const describe = (command: Command, examples: readonly string[]): Command =>
  command.addHelpText('after', `\nExamples:\n${examples.map((example) => `  $ ${example}`).join('\n')}`);

function buildCommand(program: Command, run: Run): void {
  common(program.command('build').description('compile the fleet and write dist/'), EXAMPLES.build)
    .option('--check', 'write nothing; fail when dist/ is not what the definitions say')
    .action((options: Common & { check?: boolean }) =>
      run(({ root }, terminal) => (options.check === true ? runCheck(root, terminal, null) : runBuild(root, terminal)))(options));
}

function checkCommand(program: Command, run: Run): void {
  common(program.command('check').description('fail when dist/ is not what the definitions say, or a certificate is due'), EXAMPLES.check)
    .action(run(({ root }, terminal) => runCheck(root, terminal, new Date())));
}

function explainCommand(program: Command, run: Run): void {
  common(program.command('explain').argument('<cluster>').description('print every value of a cluster, and where it comes from'), EXAMPLES.explain)
    .action((cluster: string, options: Common) => run(({ root }, terminal) => runExplain(root, cluster, terminal))(options));
}

/** As long as etcd and its API servers need to come up on hosts that pull their images first. */
const PATIENCE = { seconds: 600, everySeconds: 2 };

function bootstrapCommand(program: Command, run: Run): void {
  common(program.command('bootstrap').argument('<meta>').description('print what is applied once to a new meta cluster, in order; or do it'), EXAMPLES.bootstrap)
    .option('--kubeconfig <file>', 'do it by way of this kubeconfig of the meta cluster, and wait for each step')
    .addOption(new Option('--tool <tool>', 'who takes over, where the fleet may be delivered by either').choices(['argocd', 'flux']))
    .action((meta: string, { kubeconfig, tool, ...options }: Common & { kubeconfig?: string; tool?: DeliveryTool }) => run(({ root }, terminal) =>
      runBootstrap(root, { meta, kubeconfig: kubeconfig ?? null, tool: tool ?? null, patience: PATIENCE }, terminal))(options));
}

function pkiCommands(program: Command, run: Run): void {
  const pki = describe(program.command('pki').description('certificates and keys'), EXAMPLES.pki);
  issueCommand(pki, run);
  common(pki.command('status').description('print every certificate with its end'), EXAMPLES.status)
    .action(run(({ root }, terminal) => runStatus(root, new Date(), terminal)));
  exportCommand(pki, run);
  kubeconfigCommand(pki, run);
}

interface IssueFlags extends Common {
  readonly identity?: string;
  readonly renew?: readonly string[];
}

function issueCommand(pki: Command, run: Run): void {
  common(pki.command('issue').argument('[clusters...]').description('issue what is missing or due, and say why'), EXAMPLES.issue)
    .option('--identity <file>', 'age identity that opens the keystore')
    .option('--renew <names...>', 'certificates to issue anew although nothing asks for it')
    .action((clusters: string[], options: IssueFlags) => run(({ root }, terminal) =>
      runIssue(root, { clusters, identity: options.identity ?? null, force: options.renew ?? [], now: new Date() }, terminal))(options));
}

interface ExportFlags extends Common {
  readonly identity: string;
  readonly out: string;
}

function exportCommand(pki: Command, run: Run): void {
  common(pki.command('export').argument('<cluster>').description('write keys in plain text, outside the repository'), EXAMPLES.export)
    .requiredOption('--unsafe-plaintext', 'say that you know what this does')
    .requiredOption('--identity <file>', 'age identity that opens the keystore')
    .requiredOption('--out <dir>', 'empty folder outside the repository')
    .action((cluster: string, options: ExportFlags) => run(({ root }, terminal) =>
      runExport(root, { cluster, identity: options.identity, out: options.out }, terminal))(options));
}

interface KubeconfigFlags extends Common {
  readonly identity: string;
  readonly ttl: number;
  readonly server?: URL;
  readonly out?: string;
}

const IRREVOCABLE = 'Kubernetes cannot take a certificate back. Whoever needs more is a user of the definition, with a kubeconfig in the meta cluster.';

function kubeconfigCommand(pki: Command, run: Run): void {
  common(pki.command('kubeconfig').argument('<cluster>').argument('<user>', 'a user of the definition, admin or super-admin').description('print a kubeconfig that ends soon, signed anew'), EXAMPLES.kubeconfig)
    .requiredOption('--identity <file>', 'age identity that opens the keystore')
    .addOption(new Option('--ttl <duration>', 'how long it lasts').argParser(lifetime(IRREVOCABLE)).default(8 * 3600, 'a working day: 8h'))
    .option('--server <url>', 'where the API server is reached, when not at its endpoint', serverUrl)
    .option('--out <file>', 'write it there, readable for you only, instead of to standard output')
    .action((cluster: string, user: string, { identity, ttl, server, out, ...options }: KubeconfigFlags) => run(({ root }, terminal) =>
      runKubeconfig(root, { cluster, user, identity, seconds: ttl, server: server ?? null, out: out ?? null, now: new Date() }, terminal))(options));
}

interface TokenFlags extends Common {
  readonly ttl: number;
  readonly kubeconfig?: string;
  readonly description?: string;
}

const FINDABLE = 'whoever finds a token can make machines, under any name, until it ends. Another one is made in a second.';

function tokenCommands(program: Command, run: Run): void {
  const token = describe(program.command('token').description('bootstrap tokens, by which machines join'), EXAMPLES.token);
  common(token.command('create').argument('<cluster>').description('make a token and print how a machine joins with it'), EXAMPLES.create)
    .addOption(new Option('--ttl <duration>', 'how long it lasts').argParser(lifetime(FINDABLE)).default(2 * 3600, '2h'))
    .option('--kubeconfig <file>', 'put it into the cluster by way of this kubeconfig, instead of printing its Secret')
    .option('--description <text>', 'what it is for, to be read in the cluster')
    .action((cluster: string, { ttl, kubeconfig, description, ...options }: TokenFlags) => run(({ root }, terminal) =>
      runTokenCreate(root, { cluster, seconds: ttl, kubeconfig: kubeconfig ?? null, description: description ?? null, now: new Date() }, terminal))(options));
}
