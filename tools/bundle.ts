import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { build, type OutputFile } from 'esbuild';
import { noticesOf } from './notices.ts';
import { schemaChecks } from './schema-checks.ts';

const ROOT = new URL('../', import.meta.url).pathname;

/** What the package consists of. Everything in it is made here, every time. */
const BUILD = join(ROOT, 'build');

/** Tables that the code reads beside itself. */
const ASSETS = ['lib/versions/facts', 'lib/versions/schemas'];

/** As long as a digest, and replaced by one when the bundle is known. */
const DIGEST = 'digest-of-the-bundle'.padEnd(32, '-');

/**
 * esbuild is a program of the machine and cannot be bundled. Cryptography is not: whoever must mend it shall not have
 * to wait for us. All the rest is: a command begins in half the time, and cdk8s-plus-27 brings two hundred packages.
 */
const EXTERNAL = ['esbuild', 'node-forge', 'age-encryption'];

const COMMON = {
  absWorkingDir: ROOT,
  outdir: BUILD,
  bundle: true,
  platform: 'node',
  target: 'node20',
  external: EXTERNAL,
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  write: false,
  metafile: true,
  logLevel: 'warning',
} as const;

/** Modules of CommonJS inside a module of ECMAScript ask for those of Node.js. */
const REQUIRE = "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);";

/** What a thread or a process may run, in one script: V8 keeps the code of a script. */
const PARTS = `
export const cli = () => import('./lib/cli/bin.ts');
export const worker = () => import('./lib/build/produce-worker.ts');
`;

const [program, launcher, modules] = await Promise.all([
  build({
    ...COMMON,
    stdin: { contents: PARTS, resolveDir: ROOT },
    // What a definition's author sees of it, in messages about imports, is recognized by this ending.
    entryNames: 'kubewright-bundle',
    format: 'cjs',
    banner: { js: '(function (module, require, importMeta) {' },
    footer: { js: '})' },
    define: { KUBEWRIGHT_DIGEST: JSON.stringify(DIGEST), 'import.meta': 'importMeta' },
    plugins: [schemaChecks],
  }),
  build({ ...COMMON, entryPoints: [{ in: 'tools/launcher.ts', out: 'kubewright' }], format: 'cjs', outExtension: { '.js': '.cjs' } }),
  build({ ...COMMON, entryPoints: ['lib/index.ts'], format: 'esm', banner: { js: REQUIRE } }),
]);
const outputs = [program, launcher, modules].flatMap(({ outputFiles }) => outputFiles);

rmSync(BUILD, { recursive: true, force: true });
mkdirSync(BUILD, { recursive: true });
const digest = digestOf(outputs);
for (const { path, text } of outputs) writeFileSync(path, toAscii(text.replaceAll(DIGEST, digest)));
chmodSync(join(BUILD, 'kubewright.cjs'), 0o755);
for (const folder of ASSETS) cpSync(join(ROOT, folder), join(BUILD, basename(folder)), { recursive: true });
writeFileSync(join(BUILD, 'THIRD-PARTY.txt'), noticesOf(ROOT, [program, launcher, modules].flatMap(({ metafile }) => Object.keys(metafile.inputs))));
writeTypes(join(BUILD, 'types'));
keepCode();

/** A text with other characters takes twice the memory. */
function toAscii(code: string): string {
  return code.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Of the programs and the tables beside them: what one bundle made is never taken for what another would make. */
function digestOf(files: readonly OutputFile[]): string {
  const hash = createHash('sha256');
  for (const { path, contents } of files) hash.update(`${basename(path)}:${contents.length}:`).update(contents);
  for (const path of filesBelow(ASSETS)) hash.update(path).update(readFileSync(join(ROOT, path)));
  return hash.digest('hex').slice(0, DIGEST.length);
}

function filesBelow(folders: readonly string[]): string[] {
  return folders.flatMap((folder) => readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}`)).sort();
}

/** Declarations of what `kubewright` exports. They name each other as a project without our compiler options finds them. */
function writeTypes(folder: string): void {
  execFileSync(join(ROOT, 'node_modules/.bin/tsc'), ['--project', 'tools/tsconfig.types.json', '--outDir', folder], { cwd: ROOT, stdio: 'inherit' });
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.d.ts'));
  for (const path of files) {
    const text = readFileSync(join(folder, path), 'utf8');
    writeFileSync(join(folder, path), text.replaceAll(/(from\s+|import\()'(\.[^']*)\.ts'/g, "$1'$2.js'").replaceAll(/(from\s+|import\()"(\.[^"]*)\.ts"/g, '$1"$2.js"'));
  }
}

/** Lets V8 keep the code of a first build, and of what people run most: one cluster of a fleet was edited, and is made anew. */
function keepCode(): void {
  const fleet = mkdtempSync(join(tmpdir(), 'kubewright-code-'));
  const keep = (): void => void execFileSync(process.execPath, [join(ROOT, 'tools/keep-code.mjs'), 'build', '--root', fleet], { stdio: 'pipe' });
  cpSync(join(ROOT, 'clusters'), join(fleet, 'clusters'), { recursive: true });
  mkdirSync(join(fleet, 'node_modules'));
  symlinkSync(join(ROOT, 'node_modules/cdk8s'), join(fleet, 'node_modules/cdk8s'));
  try {
    keep();
    appendFileSync(join(fleet, 'clusters/sandbox/cluster.ts'), '\n');
    rmSync(join(fleet, 'dist/records/sandbox.files.txt'));
    keep();
  } finally {
    rmSync(fleet, { recursive: true });
  }
}
