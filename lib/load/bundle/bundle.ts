import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { BuildFailure, Metafile, Plugin } from 'esbuild';
import type { Problem } from '../../problem.ts';
import { problemsOfMessages, warningsOfMessages } from './bundle-problems.ts';

/** All files of a fleet as one script. */
export interface Bundle {
  readonly code: string;
  /** Its source map, as JSON; sources are relative to the root. */
  readonly map: string;
  /** Files it was made from, relative to the root. */
  readonly files: readonly string[];
  readonly warnings: readonly Problem[];
  /** Files that only the entry imports, and that import nothing but `kubewright`. */
  readonly alone: readonly string[];
}

export type Bundled = { readonly ok: true; readonly bundle: Bundle } | { readonly ok: false; readonly problems: readonly Problem[] };

/** It is CommonJS, and an import would first look through its text for what it exports: that takes longer than to load it. */
const { build, stop } = createRequire(import.meta.url)('esbuild') as typeof import('esbuild');

/** Names of the globals by which a bundle reaches what only its loader can give. */
export const GLOBALS = {
  api: '__kubewright',
  fileUrl: '__kubewrightFileUrl',
  fileName: '__kubewrightFileName',
  folder: '__kubewrightFolder',
} as const;

/** A bundle has one file and its sources have many, so what names the current file is asked of the loader. */
const DEFINE = {
  'import.meta.url': GLOBALS.fileUrl,
  'import.meta.filename': GLOBALS.fileName,
  'import.meta.dirname': GLOBALS.folder,
  __filename: GLOBALS.fileName,
  __dirname: GLOBALS.folder,
};

/** A file that is sure to exist: `kubewright` leads to it, and what is read from it is `apiModule`. */
const API_FILE = fileURLToPath(import.meta.url);

/** Bundles under way, whose answers esbuild's process still owes. */
let underWay = 0;

/** Bundles the fleet that `entry` (relative to `root`) exports; `apiNames` is what `kubewright` exports. */
export async function bundleFleet(root: string, entry: string, apiNames: readonly string[]): Promise<Bundled> {
  underWay += 1;
  try {
    const result = await build({ ...OPTIONS, ...optionsAt(root), entryPoints: [entry], plugins: [apiModule(apiNames)] });
    const [map, code] = result.outputFiles;
    if (map === undefined || code === undefined) throw new Error('esbuild was asked for a script and its map, and did not return both');
    const files = Object.keys(result.metafile.inputs).filter((path) => resolve(root, path) !== API_FILE);
    return { ok: true, bundle: { code: code.text, map: map.text, files, warnings: warningsOfMessages(result.warnings, entry), alone: aloneIn(result.metafile, root, entry) } };
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    return { ok: false, problems: problemsOfMessages(error.errors, entry) };
  } finally {
    underWay -= 1;
    // It keeps the memory that a large fleet took, and is asked once a run.
    if (underWay === 0) await stop();
  }
}

/** Runs `rest` when esbuild has been asked: it works in a process of its own, and meanwhile there is time. */
export async function onceAsked<T>(rest: () => T): Promise<T> {
  await setImmediate();
  return rest();
}

function aloneIn({ inputs }: Metafile, root: string, entry: string): string[] {
  const isApi = (path: string): boolean => resolve(root, path) === API_FILE;
  const others = Object.entries(inputs).filter(([path]) => path !== entry);
  const shared = new Set(others.flatMap(([, { imports }]) => imports.map(({ path }) => path)));
  return others.filter(([path, { imports }]) => !isApi(path) && !shared.has(path) && imports.every((one) => isApi(one.path))).map(([path]) => path);
}

const OPTIONS = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  charset: 'utf8',
  write: false,
  metafile: true,
  sourcemap: 'external',
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'silent',
  logLimit: 0,
  define: DEFINE,
  alias: { kubewright: API_FILE },
} as const;

/** Without a tsconfig.json at the root, none that happens to lie above it counts either. */
function optionsAt(root: string) {
  const tsconfig = join(root, 'tsconfig.json');
  const types = existsSync(tsconfig) ? { tsconfig } : { tsconfigRaw: {} };
  return { absWorkingDir: root, outfile: join(root, 'fleet.cjs'), ...types };
}

/** Makes `kubewright` a module with known names, so that a misspelt import is found with its line. Costs one call, not one a file. */
function apiModule(names: readonly string[]): Plugin {
  const contents = names.map((name) => `export const ${name} = ${GLOBALS.api}.${name};`).join('\n');
  const filter = new RegExp(`^${API_FILE.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}$`);
  return {
    name: 'kubewright',
    setup: (plugin) => plugin.onLoad({ filter }, () => ({ contents, loader: 'js' })),
  };
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors);
}
