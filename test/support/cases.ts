import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openFleet } from '../../lib/build/owners.ts';
import { buildFleet } from '../../lib/build/run.ts';
import type { Locate } from '../../lib/load/loaded.ts';
import { renderProblems } from '../../lib/load/render-problems.ts';
import { hasErrors, type Problem } from '../../lib/problem.ts';
import { fleetAround, isOpen, issueLocks, writeDefinitions } from './fleets.ts';
import { filesBelow, temporaryFolder } from './folders.ts';

/** What a case is made of; everything else in its folder is what comes out. */
const GIVEN = /^(?:given|before|past|addons)\/|^(?:cluster|fleet|meta)\.[jt]s$|^[a-z-]+\.(?:yaml|pem)$/;

export const isGiven = (path: string): boolean => GIVEN.test(path);

/** Every folder that holds a case, by its path. */
export function caseNames(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const places = entries.filter(({ name, parentPath }) => /^(?:cluster|fleet)\.[jt]s$/.test(name) && !/\/(?:given|before|past|expected)(?:\/|$)/.test(parentPath));
  return places.map(({ parentPath }) => parentPath.slice(folder.length)).sort();
}

/** What the compiler says to a case: the files of its tree, or its problems, by their paths in the case's folder. */
export async function runCase(folder: string, name: string): Promise<ReadonlyMap<string, string>> {
  const root = temporaryFolder();
  if (existsSync(join(folder, 'past'))) await buildPast(root, join(folder, 'past'));
  if (existsSync(join(folder, 'before'))) await issueFor(root, join(folder, 'before'));
  else await issueFor(root, folder);
  layDown(root, folder);
  if (existsSync(join(folder, 'given'))) cpSync(join(folder, 'given'), root, { recursive: true, verbatimSymlinks: true });
  const { problems, locate } = await build(root);
  const told: [string, string][] = problems.length === 0 ? [] : [['problems.txt', renderProblems(problems, locate, { color: false })]];
  return new Map(name.startsWith('problems/') || hasErrors(problems) ? told : [...told, ...treeOf(root, ownersOf(folder))]);
}

/** The definitions of a case as a fleet: a cluster alone gets the usual meta cluster around it. */
function layDown(root: string, folder: string): void {
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile() && isGiven(entry.name)).map(({ name }) => name);
  const texts = Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  const alone = names.find((name) => name.startsWith('cluster.'));
  const around = alone === undefined || names.some((name) => name.startsWith('fleet.')) ? {} : { 'fleet.ts': fleetAround(alone) };
  writeDefinitions(root, { ...around, ...texts });
  if (existsSync(join(folder, 'addons'))) cpSync(join(folder, 'addons'), join(root, 'clusters/addons'), { recursive: true });
}

/** What `dist/` was built from last. */
async function buildPast(root: string, folder: string): Promise<void> {
  await issueFor(root, folder);
  const { problems } = await build(root);
  if (hasErrors(problems)) throw new Error(`the past of ${folder} was not right: ${JSON.stringify(problems, null, 2)}`);
}

async function issueFor(root: string, folder: string): Promise<void> {
  layDown(root, folder);
  const open = await openFleet(root);
  if (isOpen(open)) await issueLocks(open);
}

async function build(root: string): Promise<{ readonly problems: readonly Problem[]; readonly locate: Locate }> {
  const open = await openFleet(root);
  if (!isOpen(open)) return open;
  if (hasErrors(open.problems)) return { problems: open.problems, locate: await open.locator() };
  const { problems } = await buildFleet(open, () => undefined);
  return { problems, locate: await open.locator() };
}

/** A case of one cluster shows that cluster; the meta cluster around it is the same every time. */
const ownersOf = (folder: string): RegExp => (readdirSync(folder).some((name) => name.startsWith('fleet.')) ? /^/ : /^(?!meta\/(?!clusters\/)|records\/meta\.)/);

/** `dist/` without the indices, which say nothing but digests. */
function treeOf(root: string, owners: RegExp): [string, string][] {
  const paths = filesBelow(join(root, 'dist')).filter((path) => owners.test(path) && !path.endsWith('.files.txt'));
  return paths.map((path) => [`expected/${path}`, shorten(readFileSync(join(root, 'dist', path), 'utf8'))]);
}

/** Certificates and sealed values as digests, so that a change of them is one line. Nothing else is as long in base64. */
function shorten(text: string): string {
  const digest = (value: string): string => `<${createHash('sha256').update(value).digest('hex').slice(0, 12)}>`;
  const pem = /(-----BEGIN ([A-Z ]+)-----\n(\s*))([A-Za-z0-9+/=\s]+?)(\s*-----END \2-----)/g;
  return text.replaceAll(pem, (_, begin: string, name: string, _indent, body: string, end: string) => `${begin}${name.startsWith('AGE') ? '<of its own randomness>' : digest(body)}${end}`)
    .replaceAll(/[A-Za-z0-9+/]{200,}={0,2}/g, digest);
}
