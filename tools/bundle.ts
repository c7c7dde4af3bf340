import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/** Threads are programs of their own. */
const threads = readdirSync(join(ROOT, 'lib/build')).filter((file) => file.endsWith('worker.ts')).map((file) => `lib/build/${file}`);

const result = await build({
  absWorkingDir: ROOT,
  entryPoints: [{ in: 'lib/cli/bin.ts', out: 'kubewright' }, { in: 'lib/index.ts', out: 'index' }, ...threads.map((file) => ({ in: file, out: basename(file, '.ts') }))],
  outdir: BUILD,
  // What a definition's author sees of it, in messages about imports, is recognized by this ending.
  chunkNames: '[name]-[hash]-bundle',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: EXTERNAL,
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  write: false,
  metafile: true,
  define: { KUBEWRIGHT_DIGEST: JSON.stringify(DIGEST) },
  banner: { js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);" },
  plugins: [schemaChecks],
  logLevel: 'warning',
});

rmSync(BUILD, { recursive: true, force: true });
mkdirSync(BUILD, { recursive: true });
const digest = digestOf(result.outputFiles);
for (const { path, text } of result.outputFiles) writeFileSync(path, text.replaceAll(DIGEST, digest));
chmodSync(join(BUILD, 'kubewright.js'), 0o755);
for (const folder of ASSETS) cpSync(join(ROOT, folder), join(BUILD, basename(folder)), { recursive: true });
writeFileSync(join(BUILD, 'THIRD-PARTY.txt'), noticesOf(ROOT, Object.keys(result.metafile.inputs)));
writeTypes(join(BUILD, 'types'));

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
