import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Problem } from '../problem.ts';
import type { Claims } from '../validate/claims.ts';
import { compilerDigest } from './digest.ts';
import type { KeptFile } from './kept-file.ts';

/** What an earlier build found about one owner. It is only ever a short cut: without it the same is found again. */
export interface Finding {
  /** Of everything that the owner's files follow from. */
  readonly input: string;
  /** Its lock; null when it has none to be read. */
  readonly lock: KeptFile | null;
  /** The index of its files in `dist/`. */
  readonly index: KeptFile;
  readonly warnings: readonly Problem[];
  readonly claims: Claims | null;
  /** When the first of its certificates is due; null when none will be. */
  readonly due: string | null;
}

/** Findings as they were read: most of them are kept as they are. */
const LINES = new WeakMap<Finding, string>();

/** Beside `dist/`, in the folder that git ignores. */
const cachePath = (root: string): string => join(root, '.kubewright', 'findings.txt');

/** Findings by owner; none when the file is absent, torn, or of another compiler. The first line names the compiler. */
export function readFindings(root: string): ReadonlyMap<string, Finding> {
  try {
    const [compiler, ...lines] = readFileSync(cachePath(root), 'utf8').split('\n');
    return new Map(compiler === compilerDigest() ? lines.map(readLine) : []);
  } catch {
    return new Map();
  }
}

function readLine(line: string): readonly [string, Finding] {
  const [owner, finding] = JSON.parse(line) as [string, Finding];
  LINES.set(finding, line);
  return [owner, finding];
}

/** Keeps findings for the next run. A disk that refuses costs only that run's time. */
export function writeFindings(root: string, findings: ReadonlyMap<string, Finding>): void {
  const path = cachePath(root);
  const lines = [...findings].map(([owner, finding]) => LINES.get(finding) ?? JSON.stringify([owner, finding]));
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.new`, [compilerDigest(), ...lines].join('\n'));
    renameSync(`${path}.new`, path);
  } catch {
    return;
  }
}

/** Forgets what was found about these owners, so that the next build makes their files anew. */
export function forgetFindings(root: string, owners: readonly string[]): void {
  const findings = readFindings(root);
  if (owners.some((owner) => findings.has(owner))) writeFindings(root, new Map([...findings].filter(([owner]) => !owners.includes(owner))));
}
