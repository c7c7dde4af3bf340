import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pkiOf, type ClusterPki } from '../build/due.ts';
import { locateFor, type OpenFleet } from '../build/owners.ts';
import { SYSTEM_ENTROPY } from '../pki/issuing/entropy.ts';
import { exportPlaintext } from '../pki/export.ts';
import { readIdentityFile, readPkiFiles, writeExport, writePkiFiles } from '../pki/files.ts';
import { issueCertificates, type Issued } from '../pki/issuing/issue.ts';
import { encryptKeystore, openKeystore, type Keystore } from '../pki/keystore.ts';
import { serializeLock } from '../pki/lock.ts';
import type { KeystoreState } from '../pki/issuing/needs.ts';
import type { Secret } from '../pki/secret.ts';
import { statusRows } from '../pki/status.ts';
import { hasErrors, type Problem } from '../problem.ts';
import { openOrTell } from './build.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { answer, count, type Terminal } from './terminal.ts';

export interface IssueOptions {
  readonly clusters: readonly string[];
  readonly identity: string | null;
  readonly force: readonly string[];
  readonly now: Date;
}

/** `kubewright pki issue`: makes what is missing or due, writes lock and keystore, and says what and why. */
export async function runIssue(root: string, options: IssueOptions, terminal: Terminal): Promise<ExitCode> {
  const open = await openOrTell(root, terminal);
  if (open === null) return EXIT.problems;
  const chosen = chooseClusters(open, options.clusters);
  const results: IssueReport[] = [];
  for (const pki of chosen.clusters) results.push(await issueCluster(open, pki, options, terminal));
  const problems = [...chosen.problems, ...results.flatMap((result) => result.problems)];
  const locate = await locateFor(open, problems);
  terminal.show(problems, locate);
  const ok = !hasErrors(problems);
  if (terminal.json) terminal.print(answer(ok, problems, locate, { clusters: results.map(({ cluster, issued, written }) => ({ cluster, issued, written })) }));
  return ok ? EXIT.done : EXIT.problems;
}

interface IssueReport {
  readonly cluster: string;
  readonly issued: readonly Issued[];
  readonly written: readonly string[];
  readonly problems: readonly Problem[];
}

/** Clusters by name; all when none is named. A definition with errors issues nothing, and `build` says what they are. */
function chooseClusters(open: OpenFleet, names: readonly string[]): { readonly clusters: readonly ClusterPki[]; readonly problems: readonly Problem[] } {
  const wanted = names.length === 0 ? open.fleet.clusters.map(({ name }) => name) : names;
  const clusters = pkiOf(open, (name) => wanted.includes(name));
  const missing = wanted.filter((name) => !clusters.some(({ cluster }) => cluster.name === name));
  return { clusters, problems: missing.map((name) => notReady(name, open)) };
}

function notReady(name: string, open: OpenFleet): Problem {
  const exists = open.fleet.clusters.some((cluster) => cluster.name === name);
  return {
    code: exists ? 'pki/definition-invalid' : 'pki/unknown-cluster', severity: 'error', at: { of: exists ? name : 'fleet', path: exists ? '' : 'clusters' },
    what: exists ? `The definition of ${name} has errors.` : `The fleet has no cluster ${name}.`,
    why: 'which certificates a cluster needs follows from its definition.',
    fix: exists ? 'run `kubewright build`, which names them, and mend them first.' : `choose one of: ${open.fleet.clusters.map((cluster) => cluster.name).join(', ')}.`,
  };
}

async function issueCluster(open: OpenFleet, pki: ClusterPki, options: IssueOptions, terminal: Terminal): Promise<IssueReport> {
  const { name } = pki.cluster;
  const nothing = { cluster: name, issued: [], written: [] };
  const torn = pki.problems.filter(({ code }) => code !== 'pki/lock-missing');
  if (torn.length > 0 || open.sealing === null) return { ...nothing, problems: torn };
  const clusters = join(open.root, 'clusters');
  const opened = await openStore(readPkiFiles(clusters, name).keystore, options.identity, name);
  if (!opened.ok) return { ...nothing, problems: opened.problems };

  const recipients = open.fleet.keystore?.recipients ?? [];
  const result = await issueCertificates(pki.plan, pki.lock, opened.state, {
    now: options.now, entropy: SYSTEM_ENTROPY, sealing: open.sealing, recipients, force: options.force,
  });
  if (!result.ok) return { ...nothing, problems: result.problems };
  const keystore = result.keystore === null ? null : await encryptKeystore(result.keystore, result.lock.keystore.recipients);
  const written = writePkiFiles(clusters, name, { lock: serializeLock(result.lock), keystore });
  tellIssued(name, result.issued, terminal);
  return { cluster: name, issued: result.issued, written, problems: result.problems };
}

type OpenedStore = { readonly ok: true; readonly state: KeystoreState } | { readonly ok: false; readonly problems: readonly Problem[] };

async function openStore(text: string | null, identity: string | null, cluster: string): Promise<OpenedStore> {
  if (text === null) return { ok: true, state: null };
  if (identity === null) return { ok: true, state: 'closed' };
  const file = readIdentity(identity);
  if (file === null) return { ok: false, problems: [identityMissing(identity, cluster)] };
  const opened = await openKeystore(text, file, cluster);
  return opened.ok ? { ok: true, state: opened.keystore } : opened;
}

const readIdentity = (path: string): Secret | null => (existsSync(path) ? readIdentityFile(path) : null);

function identityMissing(path: string, cluster: string): Problem {
  return {
    code: 'pki/identity-wrong', severity: 'error', at: { of: cluster, path: '' },
    what: `There is no identity file ${path}.`,
    why: 'the keystore opens only for an age identity among its recipients.',
    fix: 'pass the path of your age identity file with `--identity`.',
  };
}

function tellIssued(cluster: string, issued: IssueReport['issued'], terminal: Terminal): void {
  if (issued.length === 0) terminal.say(`${cluster}: nothing to issue.`);
  for (const { name, action, why } of issued) terminal.say(`${cluster}: ${action} ${terminal.colors.bold(name)}: it ${why}`);
}

/** `kubewright pki status`: every certificate with its end. */
export async function runStatus(root: string, now: Date, terminal: Terminal): Promise<ExitCode> {
  const open = await openOrTell(root, terminal);
  if (open === null) return EXIT.problems;
  const known = pkiOf(open);
  const problems = known.flatMap((pki) => pki.problems);
  const rows = statusRows(known.flatMap(({ plan, lock }) => (lock === null ? [] : [{ plan, lock }])), now);
  const locate = await locateFor(open, problems);
  terminal.show(problems, locate);
  if (terminal.json) terminal.print(answer(!hasErrors(problems), problems, locate, { certificates: rows }));
  else if (rows.length > 0) terminal.print(table([['CLUSTER', 'CERTIFICATE', 'ENDS', 'DAYS', 'STATE'], ...rows.map((row) => [row.cluster, row.name, row.notAfter.slice(0, 10), String(row.daysLeft), row.state])]));
  const due = rows.filter(({ state }) => state !== 'ok').length;
  terminal.say(`${count(rows.length, 'certificate')}, ${due} due or ended.`);
  return hasErrors(problems) ? EXIT.problems : EXIT.done;
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()).join('\n');
}

export interface ExportOptions {
  readonly cluster: string;
  readonly identity: string;
  readonly out: string;
}

/** `kubewright pki export --unsafe-plaintext`: keys in clear, outside the repository, for whoever must leave. */
export async function runExport(root: string, options: ExportOptions, terminal: Terminal): Promise<ExitCode> {
  const open = await openOrTell(root, terminal);
  if (open === null) return EXIT.problems;
  const chosen = chooseClusters(open, [options.cluster]);
  const problems = chosen.clusters[0] === undefined ? chosen.problems : await exportCluster(open, chosen.clusters[0], options, terminal);
  const locate = await locateFor(open, problems);
  terminal.show(problems, locate);
  if (terminal.json) terminal.print(answer(!hasErrors(problems), problems, locate, { out: options.out }));
  return hasErrors(problems) ? EXIT.problems : EXIT.done;
}

async function exportCluster(open: OpenFleet, pki: ClusterPki, { identity, out }: ExportOptions, terminal: Terminal): Promise<readonly Problem[]> {
  if (pki.lock === null) return pki.problems;
  const { name } = pki.cluster;
  const opened = await openStore(readPkiFiles(join(open.root, 'clusters'), name).keystore, identity, name);
  if (!opened.ok) return opened.problems;
  if (opened.state === null || opened.state === 'closed') return [keystoreMissing(name)];
  const files = exportPlaintext(opened.state satisfies Keystore, pki.lock);
  const refused = writeExport(out, open.root, files);
  if (refused.length === 0) terminal.say(`${count(files.length, 'file')} in plain text under ${out}. Delete them as soon as you can.`);
  return refused;
}

function keystoreMissing(cluster: string): Problem {
  return {
    code: 'pki/keystore-missing', severity: 'error', at: { of: cluster, path: '' },
    what: `There is no keystore beside ${cluster}.`,
    why: 'its authorities\' keys are kept nowhere, so there is nothing to export.',
    fix: 'name recipients in the fleet\'s `keystore` before certificates are issued.',
  };
}

