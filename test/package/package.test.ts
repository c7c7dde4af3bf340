import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

vi.setConfig({ testTimeout: 300_000 });

/** The package as its user gets it: packed, installed in another folder, run there on a fleet of its own. */
const ROOT = new URL('../../', import.meta.url).pathname;
const PROJECT = mkdtempSync(join(tmpdir(), 'kubewright-package-'));

afterAll(() => rmSync(PROJECT, { recursive: true, force: true }));

/** npm and vitest tell their children of themselves: a user's shell knows none of that, but where packages come from. */
const NOT_A_SHELLS = /^(npm_(?!config_(registry|cache|userconfig|globalconfig)$)|VITEST|NODE_(ENV|OPTIONS|PATH)$|CDK8S_|INIT_CWD$|FORCE_COLOR$)/;
const ENVIRONMENT = Object.fromEntries(Object.entries(process.env).filter(([name]) => !NOT_A_SHELLS.test(name)));

const run = (command: string, args: readonly string[], cwd = PROJECT): SpawnSyncReturns<string> =>
  spawnSync(command, args, { cwd, encoding: 'utf8', env: { ...ENVIRONMENT, NO_COLOR: '1' } });

/** Everything that was said, so that a failure shows it, then the exit code. */
const outcome = ({ stdout, stderr, status }: SpawnSyncReturns<string>) => ({ said: `${stdout}${stderr}`, status });

/** What npm linked, without the start of npm itself. */
const kubewright = (...args: readonly string[]) => outcome(run(join(PROJECT, 'node_modules/.bin/kubewright'), args));

const FILES: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({ name: 'fleet', private: true, type: 'module' }),
  'tsconfig.json': JSON.stringify({
    compilerOptions: { target: 'es2023', module: 'nodenext', strict: true, exactOptionalPropertyTypes: true, noEmit: true, types: [] },
    include: ['clusters'],
  }),
  'clusters/fleet.ts': `
import { defineFleet, type FleetDefinition } from 'kubewright';
import { meta } from './meta/meta.js';
import { small } from './small/cluster.js';

export const fleet: FleetDefinition = defineFleet({
  name: 'test', metaClusters: [meta], clusters: [small], sealing: { certificate: 'sealing.pem' },
  keystore: { recipients: ['age1h2emuap7shdf5ncr7wczalw7z6k5rzg5svqp6239thns3dgdda4sa8nfpd'] },
});
`,
  'clusters/meta/meta.ts': `
import { defineMetaCluster } from 'kubewright';

export const meta = defineMetaCluster({
  name: 'meta', kubernetes: '1.34.4',
  endpoint: { host: 'api.meta.example.com', address: '10.20.0.10' },
  network: { pods: '10.24.0.0/14', services: '10.28.0.0/16', machines: ['10.20.0.0/16'] },
  controlPlane: [{ name: 'meta-1', address: '10.20.1.1' }],
  workers: [{ name: 'master-1', address: '10.20.1.11' }],
});
`,
  'clusters/small/cluster.ts': `
import { defineCluster } from 'kubewright';

export const small = defineCluster({
  name: 'small', meta: 'meta', kubernetes: '1.36.3', mode: 'minimal',
  endpoint: { host: 'api.small.example.com', address: '10.20.0.12', expose: { type: 'nodePort', nodePort: 30443 } },
  nodes: { access: { type: 'konnectivity', nodePort: 30444 } },
  network: { pods: '10.200.0.0/16', services: '10.201.0.0/20' },
  etcd: { storage: { emptyDir: { sizeLimit: '4Gi' } }, quota: '2Gi' },
});
`,
};

function writeProject(): void {
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(PROJECT, path)), { recursive: true });
    writeFileSync(join(PROJECT, path), text);
  }
  cpSync(join(ROOT, 'clusters/sealing.pem'), join(PROJECT, 'clusters/sealing.pem'));
}

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

/** npm has answered with a list, and with an object by name. */
function pack(): Packed {
  const packed = run('npm', ['pack', '--json', '--foreground-scripts=false', '--pack-destination', PROJECT], ROOT);
  const answer = JSON.parse(packed.stdout.slice(packed.stdout.search(/^[[{]/m))) as Readonly<Record<string, Packed>>;
  const [only] = Object.values(answer);
  if (only === undefined) throw new Error(`npm pack made nothing: ${packed.stderr}`);
  return only;
}

writeProject();
const packed = pack();
const install = run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--fetch-retries=0', join(PROJECT, packed.filename)]);
const isOffline = install.status !== 0 && /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ENOTCACHED/.test(install.stderr);

test('the package holds the bundle and what it reads, and nothing else', () => {
  const kinds = new Set(packed.files.map(({ path }) => path.replace(/(facts|schemas|types)\/.*/, '$1/')));
  expect([...kinds].sort()).toEqual([
    'LICENSE', 'README.md', 'build/THIRD-PARTY.txt', 'build/facts/', 'build/index.js', 'build/kubewright-bundle.js', 'build/kubewright.cjs', 'build/schemas/', 'build/types/', 'package.json',
  ]);
  expect(packed.size).toBeLessThan(1_000_000);
});

test('V8 takes the code that was kept of the program', () => {
  const program = `const { script } = await import(${JSON.stringify(join(ROOT, 'build/kubewright.cjs'))}); console.log(script.cachedDataRejected);`;
  const answer = outcome(run(process.execPath, ['--input-type=module', '--eval', program, 'kubewright', '--version']));
  expect(answer).toEqual({ said: expect.stringMatching(/^[\d.]+\nfalse\n$/), status: 0 });
});

describe.skipIf(isOffline)('installed in another folder (skipped when no package registry answers)', () => {
  beforeAll(() => expect(outcome(install)).toMatchObject({ status: 0 }));

  test('its types fit a strict project that knows nothing of ours', () => {
    expect(outcome(run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc')]))).toEqual({ said: '', status: 0 });
  });

  test('a fleet is issued, built and checked', () => {
    expect(outcome(run('npx', ['--no', 'kubewright', 'pki', 'issue']))).toMatchObject({ status: 0 });
    expect(kubewright('build')).toMatchObject({ status: 0, said: expect.stringContaining('2 of 2 compiled') });
    expect(kubewright('build')).toMatchObject({ status: 0, said: expect.stringContaining('0 of 2 compiled') });
    expect(kubewright('check')).toMatchObject({ status: 0, said: expect.stringContaining('is what the definitions say') });
  });

  test('the sources write the same bytes as the bundle', () => {
    const tsx = join(ROOT, 'node_modules/.bin/tsx');
    expect(outcome(run(tsx, [join(ROOT, 'lib/cli/bin.ts'), 'build', '--check', '--root', PROJECT], ROOT))).toMatchObject({ status: 0 });
  });

  test('a misspelt import is a mistake of the definition, and names the package', () => {
    const other = join(PROJECT, 'other');
    mkdirSync(join(other, 'clusters'), { recursive: true });
    writeFileSync(join(other, 'clusters/fleet.ts'), "import { defineFlet } from 'kubewright';\nexport const fleet = defineFlet({});\n");
    const answer = kubewright('build', '--root', 'other');
    expect(answer.status).toBe(1);
    expect(answer.said).toMatch(/clusters\/fleet\.ts:1:\d+ {2}error load\/import-missing/);
    expect(answer.said).toContain('"kubewright"');
    expect(answer.said).not.toContain('node_modules');
  });

  test('what a definition imports also exists at run time', () => {
    const program = "import { defineCluster } from 'kubewright'; console.log(defineCluster({ name: 'x' }).name);";
    expect(outcome(run(process.execPath, ['--input-type=module', '--eval', program]))).toEqual({ said: 'x\n', status: 0 });
  });
});

function manifestsBelow(folder: string): ReadonlyMap<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.yaml')).sort();
  return new Map(paths.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}

test('cdk8s synth makes the same manifests and leaves dist/ alone', () => {
  const synth = run(join(ROOT, 'node_modules/.bin/cdk8s'), ['synth', '--output', join(PROJECT, 'cdk8s')], ROOT);
  expect(outcome(synth)).toMatchObject({ status: 0 });
  const committed = manifestsBelow(join(ROOT, 'dist'));
  expect(committed.size).toBeGreaterThan(0);
  expect(manifestsBelow(join(PROJECT, 'cdk8s'))).toEqual(committed);
});
