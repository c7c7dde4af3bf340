import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The Go program that reads YAML as Kubernetes does, or why it cannot be built here. */
export type Readback =
  | { readonly ok: true; run(lines: readonly string[]): readonly string[] }
  | { readonly ok: false; readonly reason: string };

const SOURCE = join(import.meta.dirname, 'readback');
const FILES = ['main.go', 'go.mod', 'go.sum'] as const;
const CACHE = process.env['KUBEWRIGHT_CACHE'] ?? join(homedir(), '.cache/kubewright');

/** Builds the program once for each content of its sources, outside the checkout. */
export function buildReadback(): Readback {
  const hash = createHash('sha256');
  for (const file of FILES) hash.update(readFileSync(join(SOURCE, file)));
  const folder = join(CACHE, `readback-${hash.digest('hex').slice(0, 20)}`);
  const program = join(folder, 'readback');
  const reason = existsSync(program) ? null : build(folder, program);
  return reason === null ? { ok: true, run: (lines) => run(program, lines) } : { ok: false, reason };
}

/** Two runs may build at once: each builds in a folder of its own, and the rename is atomic. */
function build(folder: string, program: string): string | null {
  if (spawnSync('go', ['version']).status !== 0) return 'go is not on PATH';
  mkdirSync(folder, { recursive: true });
  const draft = mkdtempSync(join(folder, 'build-'));
  const built = spawnSync('go', ['build', '-o', join(draft, 'readback'), '.'], { cwd: SOURCE, encoding: 'utf8', timeout: 100_000 });
  if (built.status === 0) renameSync(join(draft, 'readback'), program);
  rmSync(draft, { recursive: true, force: true });
  return built.status === 0 ? null : `go cannot build the program: ${built.stderr.trim().split('\n').at(-1)}`;
}

function run(program: string, lines: readonly string[]): readonly string[] {
  const output = execFileSync(program, { input: lines.join('\n'), encoding: 'utf8', maxBuffer: 2 ** 28 });
  return output.trim().split('\n');
}
