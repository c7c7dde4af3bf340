import { spawn, type ChildProcess } from 'node:child_process';

/** What a command is run with beside its arguments. */
export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Text for its standard input. */
  readonly input?: string;
  /** It is ended when it takes longer. */
  readonly timeoutSeconds?: number;
}

/** What a command said, whether or not it did what it should. */
export interface CommandResult {
  readonly code: number | null;
  readonly out: string;
  readonly complaint: string;
}

/** What runs now. It ends with us, so that nothing is written any more where everything is removed. */
const underWay = new Set<ChildProcess>();
process.on('exit', () => underWay.forEach((child) => child.kill('SIGKILL')));

/** Runs a program to its end and tells how that went. */
export function attempt(command: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const [program = '', ...args] = command;
  return new Promise((done, fail) => {
    const { cwd, input = '', timeoutSeconds = 300 } = options;
    const env = { ...process.env, ...options.env };
    const child = spawn(program, args, { cwd, env, timeout: timeoutSeconds * 1000, killSignal: 'SIGKILL', stdio: ['pipe', 'pipe', 'pipe'] });
    underWay.add(child);
    child.once('close', () => underWay.delete(child));
    const out: Buffer[] = [];
    const complaint: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => complaint.push(chunk));
    child.stdin.on('error', () => undefined); // it may end without having read
    child.stdin.end(input);
    child.on('error', fail);
    child.on('close', (code) => done({ code, out: Buffer.concat(out).toString(), complaint: Buffer.concat(complaint).toString() }));
  });
}

/** Runs a program and gives what it printed; throws with its complaint when it fails. */
export async function run(command: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { code, out, complaint } = await attempt(command, options);
  if (code !== 0) throw new Error(`${describe(command)} ended with ${code ?? 'a signal'}:\n${endOf(complaint || out)}`);
  return out;
}

/** The last lines of a text, which usually hold the reason. */
export function endOf(text: string, characters = 4000): string {
  const trimmed = text.trim();
  return trimmed.length <= characters ? trimmed : `…${trimmed.slice(-characters)}`;
}

/** A command as people read it: without the folders of its programs, cut to a line. */
function describe(command: readonly string[]): string {
  const line = command.map((word) => word.replace(/^\/.*\//, '')).join(' ');
  return line.length <= 200 ? line : `${line.slice(0, 200)}…`;
}
