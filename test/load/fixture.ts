import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { loadFleet, type LoadOptions } from '../../lib/load/load.ts';
import type { LoadedFleet, NotLoaded } from '../../lib/load/loaded.ts';

export type Files = Readonly<Record<string, string>>;

/** A project in a folder of its own, which ends with the test. */
export function project(files: Files): string {
  const root = mkdtempSync(join(tmpdir(), 'kubewright-load-'));
  onTestFinished(() => { rmSync(root, { recursive: true, force: true }); });
  write(root, files);
  return root;
}

export function write(root: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

export async function load(files: Files, options: LoadOptions = {}): Promise<LoadedFleet | NotLoaded> {
  return loadFleet(project(files), { cache: false, ...options });
}

export function loadedOf(result: LoadedFleet | NotLoaded): LoadedFleet {
  if ('problems' in result) throw new Error(`not loaded: ${JSON.stringify(result.problems, null, 2)}`);
  return result;
}

export function problemsOf(result: LoadedFleet | NotLoaded) {
  if (!('problems' in result)) throw new Error('the fleet was loaded');
  return result.problems;
}

/** A fleet file around clusters that are imported from `clusters/<name>/cluster.ts`. */
export function fleetOf(...names: readonly string[]): string {
  return [
    "import { defineFleet } from 'kubewright';",
    ...names.map((name, index) => `import { cluster as c${index} } from './${name}/cluster.ts';`),
    `export const fleet = defineFleet({ name: 'f', metaClusters: [], clusters: [${names.map((_, index) => `c${index}`).join(', ')}] });`,
  ].join('\n');
}

/** A cluster file with these lines inside `defineCluster({…})`, which begins on line 3. */
export function clusterOf(name: string, ...lines: readonly string[]): string {
  return ["import { defineCluster } from 'kubewright';", '', 'export const cluster = defineCluster({', `  name: '${name}',`, ...lines, '});', ''].join('\n');
}

/** A fleet of one cluster, `a`, whose file is this. */
export function oneCluster(text: string, more: Files = {}): Files {
  return { 'clusters/fleet.ts': fleetOf('a'), 'clusters/a/cluster.ts': text, ...more };
}
