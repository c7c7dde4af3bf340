import { join } from 'node:path';
import { pkiOf, type ClusterPki } from '../build/due.ts';
import { locateFor, type OpenFleet } from '../build/owners.ts';
import { SYSTEM_ENTROPY } from '../pki/issuing/entropy.ts';
import { checkLock } from '../pki/coverage.ts';
import { exportPlaintext } from '../pki/export.ts';
import { readPkiFiles, writeExport, writePkiFiles } from '../pki/files.ts';
import { issueCertificates, type Issued } from '../pki/issuing/issue.ts';
import { encryptKeystore } from '../pki/keystore.ts';
import { serializeLock } from '../pki/lock.ts';
import type { PkiLock } from '../pki/plan.ts';
import { statusRows } from '../pki/status.ts';
import { hasErrors, type Problem } from '../problem.ts';
import { openOrTell } from './build.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { chooseClusters, chooseIssued, openKeys, openStore } from './opening.ts';
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

function tellIssued(cluster: string, issued: IssueReport['issued'], terminal: Terminal): void {
  if (issued.length === 0) terminal.say(`${cluster}: nothing to issue.`);
  for (const { name, action, why } of issued) terminal.say(`${cluster}: ${action} ${terminal.colors.bold(name)}: it ${why}`);
}

/** `kubewright pki status`: every certificate with its end, and what of them the definition no longer fits. */
export async function runStatus(root: string, now: Date, terminal: Terminal): Promise<ExitCode> {
  const open = await openOrTell(root, terminal);
  if (open === null) return EXIT.problems;
  const known = pkiOf(open);
  const problems = known.flatMap(({ plan, lock, problems: unread }) => [...unread, ...(lock === null ? [] : checkLock(plan, lock, open.sealing))]);
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
  const chosen = chooseIssued(open, options.cluster);
  const problems = chosen.ok ? await exportCluster(open, chosen.lock, options, terminal) : chosen.problems;
  const locate = await locateFor(open, problems);
  terminal.show(problems, locate);
  if (terminal.json) terminal.print(answer(!hasErrors(problems), problems, locate, { out: options.out }));
  return hasErrors(problems) ? EXIT.problems : EXIT.done;
}

async function exportCluster(open: OpenFleet, lock: PkiLock, { identity, out }: ExportOptions, terminal: Terminal): Promise<readonly Problem[]> {
  const opened = await openKeys(open, lock, identity);
  if (!opened.ok) return opened.problems;
  const files = exportPlaintext(opened.keystore, lock);
  const refused = writeExport(out, open.root, files);
  if (refused.length === 0) terminal.say(`${count(files.length, 'file')} in plain text under ${out}. Delete them as soon as you can.`);
  return refused;
}
