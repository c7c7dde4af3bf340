import { generateIdentity, identityToRecipient } from 'age-encryption';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { PartName } from '../../charts/parts.ts';
import type { Manifest } from '../../lib/model/manifest.ts';
import { testSealing } from '../support/pki.ts';
import { buildModule } from './binaries/build.ts';
import { attempt, run, type CommandResult } from './host/command.ts';
import { STATE } from './host/state.ts';

const CHECKOUT = fileURLToPath(new URL('../../', import.meta.url));
const SOURCE = fileURLToPath(new URL('fleet/clusters/', import.meta.url));
const DELIVERED = fileURLToPath(new URL('fleet/delivery/', import.meta.url));
/** Where the copy is: what would be the top of a repository. */
export const ROOT = join(STATE, 'fleet');
const IDENTITY = join(STATE, 'identity.txt');

/** What the compiler made of the stories' fleet, and what it made of the fleet that is committed. */
export const DIST = join(ROOT, 'dist');
export const COMMITTED = join(CHECKOUT, 'dist');

/** The controller of the test's own meta cluster: whom the fleet is sealed to, and the key that opens it. */
export const SEALING = testSealing('stories');

/** One stage of a part, as GitOps would sync it: everything in it, then the next one when this is healthy. */
export interface Stage {
  readonly name: string;
  readonly files: readonly string[];
}

/** Puts a fleet's definitions into an empty folder. */
export type LayDefinitions = (folder: string) => void;

/** The fleet of the stories, without clusters that nobody asks for this time. */
export const layStories = (leftOut: readonly string[] = []): LayDefinitions => (folder) => {
  cpSync(SOURCE, folder, { recursive: true });
  writeFileSync(join(folder, 'left-out.yaml'), JSON.stringify(leftOut));
};

/** The fleet that a tool brings from git. */
export const layDelivered = (tool: 'argocd' | 'flux'): LayDefinitions => (folder) => {
  cpSync(DELIVERED, folder, { recursive: true });
  cpSync(join(SOURCE, 'lab/shared-host.ts'), join(folder, 'shared-host.ts'));
  const fleet = join(folder, 'fleet.ts');
  writeFileSync(fleet, readFileSync(fleet, 'utf8').replace("tool: 'both'", `tool: '${tool}'`));
};

/** The same for Flux, with Secrets that it opens by itself. */
export const layEncrypted: LayDefinitions = (folder) => {
  layDelivered('flux')(folder);
  const fleet = join(folder, 'fleet.ts');
  const text = readFileSync(fleet, 'utf8');
  const [certificate, branch] = ["sealing: { certificate: 'sealing.pem' }", "branch: 'main' }"];
  if (!text.includes(certificate) || !text.includes(branch)) throw new Error('the fleet that is delivered is not written as it was');
  writeFileSync(fleet, text.replace(certificate, "sealing: { recipients: yamlFile<string[]>('./recipients.yaml') }").replace(branch, `branch: 'main', flux: { decryption: '${DECRYPTION}' } }`));
};

/** Secret by which Flux opens what SOPS encrypted, and the age identity in it. */
export const DECRYPTION = 'sops-age';
export const readIdentity = (): string => readFileSync(IDENTITY, 'utf8');

/** A fresh copy of a fleet's definitions, with certificates issued and everything compiled by the package's command line. */
export async function compileFleet(lay: LayDefinitions): Promise<void> {
  await makeProgram();
  rmSync(ROOT, { recursive: true, force: true });
  mkdirSync(ROOT, { recursive: true });
  lay(join(ROOT, 'clusters'));
  const identity = await generateIdentity();
  writeFileSync(IDENTITY, `${identity}\n`, { mode: 0o600 });
  writeFileSync(join(ROOT, 'clusters/recipients.yaml'), `- ${await identityToRecipient(identity)}\n`);
  writeFileSync(join(ROOT, 'clusters/sealing.pem'), SEALING.certificatePem);
  await kubewright('pki', 'issue');
  await kubewright('build');
}

let turn: Promise<unknown> = Promise.resolve();

/** Stories that are told together change the same fleet: one commit after another. */
function inTurn<T>(commit: () => Promise<T>): Promise<T> {
  const done = turn.then(commit);
  turn = done.catch(() => undefined);
  return done;
}

/** Changes a definition as a person does, in its text, and compiles again. `from` must be there once. */
export async function editDefinition(path: string, from: string, to: string): Promise<void> {
  await inTurn(async () => {
    edited(path, from, to);
    await kubewright('pki', 'issue', '--identity', IDENTITY);
    await kubewright('build');
  });
}

/** The same for a change that asks for no new key, as most do. */
export async function editAndBuild(path: string, from: string, to: string): Promise<void> {
  await inTurn(async () => {
    edited(path, from, to);
    await kubewright('build');
  });
}

/** A change that the compiler refuses: the codes of its errors. The change is taken back. */
export async function refusalsOf(path: string, from: string, to: string): Promise<string[]> {
  return inTurn(async () => {
    const takeBack = edited(path, from, to);
    const { out } = await attemptKubewright('build', '--json').finally(takeBack);
    const { ok, problems } = JSON.parse(out) as { readonly ok: boolean; readonly problems: readonly { readonly code: string; readonly severity: string }[] };
    if (ok) throw new Error(`kubewright built what is to be refused: ${to}`);
    return problems.filter(({ severity }) => severity === 'error').map(({ code }) => code);
  });
}

/** Writes the change, and gives what takes it back. */
function edited(path: string, from: string, to: string): () => void {
  const file = join(ROOT, 'clusters', path);
  const before = readFileSync(file, 'utf8');
  if (before.split(from).length !== 2) throw new Error(`clusters/${path} has ${JSON.stringify(from)} ${before.split(from).length - 1} times`);
  writeFileSync(file, before.replace(from, () => to));
  return () => writeFileSync(file, before);
}

/** Issues a certificate anew ahead of its time, and compiles again. */
export async function renewCertificate(cluster: string, certificate: string): Promise<void> {
  await inTurn(async () => {
    await kubewright('pki', 'issue', cluster, '--renew', certificate, '--identity', IDENTITY);
    await kubewright('build');
  });
}

/** Runs the public command line on the copy. */
export async function kubewright(...args: readonly string[]): Promise<string> {
  const { code, out, complaint } = await attemptKubewright(...args);
  if (code !== 0) throw new Error(`kubewright ${args.join(' ')} ended with ${code ?? 'a signal'}:\n${complaint}${out}`);
  return out;
}

/** The program of the package, made anew: somebody may have changed what it is made of. */
async function makeProgram(): Promise<void> {
  await run([process.execPath, '--import', import.meta.resolve('tsx'), join(CHECKOUT, 'tools/bundle.ts')], { cwd: CHECKOUT });
}

/** The public command line for the copy, as it is typed on this host or on a machine. */
export const kubewrightCommand = (...args: readonly string[]): string[] => [process.execPath, join(CHECKOUT, 'build/kubewright.cjs'), ...args, '--root', ROOT];

/** Whoever compiles has `helm` on the PATH. */
async function attemptKubewright(...args: readonly string[]): Promise<CommandResult> {
  return attempt(kubewrightCommand(...args), { cwd: CHECKOUT, env: { PATH: [await buildModule('helm'), process.env['PATH']].join(delimiter) } });
}

/** A compiled file, by its path below `dist/`. */
export const compiled = (path: string, dist = DIST): string => join(dist, path);

/** The fields of a record that stories need. */
interface FleetRecord {
  readonly parts: readonly { readonly part: string; readonly stages: readonly string[] }[];
  readonly resolved: unknown;
}

const readRecord = (owner: string, dist = DIST): FleetRecord => JSON.parse(readFileSync(compiled(`records/${owner}.json`, dist), 'utf8')) as FleetRecord;

/** A cluster or a meta cluster with every answer, as the compiler recorded it. */
export const readResolved = <T>(owner: string, dist = DIST): T => readRecord(owner, dist).resolved as T;

/** The stages of a part, in the order that the record of its cluster has them. */
export function stagesOf(meta: string, cluster: string, part: PartName, dist = DIST): Stage[] {
  const stages = readRecord(cluster, dist).parts.find((found) => found.part === part)?.stages ?? [];
  return stages.map((name) => ({ name, files: manifestFiles(`${meta}/clusters/${cluster}/${part}${name === part ? '' : `/${name}`}`, dist) }));
}

/** The manifests below a folder of `dist/`: those that others live in or are a kind of come first. */
export function manifestFiles(folder: string, dist = DIST): string[] {
  const root = compiled(folder, dist);
  if (!existsSync(root)) throw new Error(`the compiler wrote no ${folder} below ${dist}`);
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml')).sort();
  const rank = (name: string): number => (/(^|\/)(namespace|customresourcedefinition)-/.test(name) ? 0 : 1);
  return names.sort((a, b) => rank(a) - rank(b)).map((name) => join(root, name));
}

/** A compiled manifest as plain data. */
export const readManifest = (file: string): Manifest => parse(readFileSync(file, 'utf8')) as Manifest;

/** Every image that these manifests name. */
export function imagesIn(files: readonly string[]): string[] {
  const found = files.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/^\s+(?:- )?image: "?([^"\s]+)"?$/gm)]);
  return [...new Set(found.map(([, image = '']) => image))];
}
