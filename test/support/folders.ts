import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { compareText } from '../../lib/model/manifest.ts';

/** What takes a clean-up: `onTestFinished` in a test, in a hook what `prepare` gives it. */
export type Ends = (remove: () => void) => void;

/** `beforeAll` for what has to be cleaned up after all tests: inside a hook it is too late to ask for `afterAll`. */
export function prepare(hook: (ends: Ends) => Promise<void>, timeout?: number): void {
  const removals: (() => void)[] = [];
  beforeAll(() => hook((remove) => { removals.push(remove); }), timeout);
  afterAll(() => { for (const remove of removals) remove(); });
}

/** An empty folder that ends with the test, or when `ends` says. */
export function temporaryFolder(ends: Ends = onTestFinished): string {
  const folder = mkdtempSync(join(tmpdir(), 'kubewright-'));
  ends(() => { rmSync(folder, { recursive: true, force: true }); });
  return folder;
}

/** Every file below a folder, by its path in it, sorted; none when there is no such folder. */
export function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name).slice(join(folder, '/').length)).sort(compareText);
}

export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
