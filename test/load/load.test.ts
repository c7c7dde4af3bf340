import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { yamlFile } from '../../lib/index.ts';
import { clusterOf, fleetOf, load, loadedOf, oneCluster, problemsOf } from './fixture.ts';

test('a fleet is plain data of this realm, with the source of every definition', async () => {
  const loaded = loadedOf(await load({
    'clusters/fleet.ts': fleetOf('a', 'b'),
    'clusters/a/cluster.ts': clusterOf('a', '  mode: undefined,', "  users: [{ name: 'x' }],"),
    'clusters/b/cluster.ts': clusterOf('b'),
  }));
  expect(loaded.fleet).toStrictEqual({ name: 'f', metaClusters: [], clusters: [{ name: 'a', users: [{ name: 'x' }] }, { name: 'b' }] });
  expect(loaded.sources.get('fleet')?.file).toBe('clusters/fleet.ts');
  expect(loaded.sources.get('b')).toEqual({ file: 'clusters/b/cluster.ts', path: 'clusters[1]', calls: [{ file: 'clusters/b/cluster.ts', line: 3, column: 24 }] });
  expect(loaded.inputs.map(({ path }) => path)).toEqual(['clusters/a/cluster.ts', 'clusters/b/cluster.ts', 'clusters/fleet.ts']);
  expect(loaded.inputs[1]?.sha256).toBe(createHash('sha256').update(clusterOf('b')).digest('hex'));
});

test('two clusters of one name are told apart by their index', async () => {
  const loaded = loadedOf(await load({
    'clusters/fleet.ts': fleetOf('a', 'b'), 'clusters/a/cluster.ts': clusterOf('same'), 'clusters/b/cluster.ts': clusterOf('same'),
  }));
  expect(loaded.sources.get('clusters[0]')?.file).toBe('clusters/a/cluster.ts');
  expect(loaded.sources.get('clusters[1]')?.file).toBe('clusters/b/cluster.ts');
  expect(loaded.sources.get('same')?.file).toBe('clusters/a/cluster.ts');
});

test('a cluster made by a helper belongs to the file that called the helper', async () => {
  const helper = "import { defineCluster } from 'kubewright';\nexport function make(name: string) {\n  return defineCluster({ name });\n}\n";
  const loaded = loadedOf(await load(oneCluster("import { make } from '../make.ts';\nexport const cluster = make('a');\n", { 'clusters/make.ts': helper })));
  expect(loaded.sources.get('a')).toMatchObject({ file: 'clusters/a/cluster.ts', calls: [{ file: 'clusters/make.ts', line: 3 }, { file: 'clusters/a/cluster.ts', line: 2 }] });
});

test.for([
  ['a default export', 'export default { clusters: [] };'],
  ['no define function', 'export const fleet = { clusters: [] };'],
  ['CommonJS', 'module.exports = { fleet: { clusters: [] } };'],
] as const)('%s will do', async ([, text]) => {
  expect(loadedOf(await load({ 'clusters/fleet.js': text })).fleet).toEqual({ clusters: [] });
});

test('shared objects, JSON imports, packages and their own look at the environment are fine', async () => {
  const loaded = loadedOf(await load(oneCluster([
    "import { defineCluster } from 'kubewright';",
    "import { shout } from 'shout';",
    "import labels from './labels.json';",
    'export const cluster = defineCluster({ name: shout(), one: labels, two: labels });',
  ].join('\n'), {
    'clusters/a/labels.json': '{"a": "b"}',
    'node_modules/shout/package.json': '{"name": "shout", "version": "1.0.0", "main": "index.js"}',
    'node_modules/shout/index.js': "const os = require('os');\nconst debug = process.env.DEBUG;\nexports.shout = () => debug === undefined ? 'quiet' : 'loud';",
  })));
  expect(loaded.fleet).toMatchObject({ clusters: [{ name: 'quiet', one: { a: 'b' }, two: { a: 'b' } }] });
  expect(loaded.inputs.map(({ path }) => path)).toContain('node_modules/shout/index.js');
});

test('files of the fleet can be read, and are inputs', async () => {
  const loaded = loadedOf(await load(oneCluster([
    "import { readFileSync } from 'node:fs';",
    "import { join } from 'node:path';",
    "import { defineCluster, yamlFile } from 'kubewright';",
    'export const cluster = defineCluster({',
    "  name: 'a', audit: { policy: yamlFile('./audit.yaml') },",
    "  one: readFileSync(new URL('./text.txt', import.meta.url), 'utf8'), two: readFileSync(join(__dirname, 'text.txt')).toString(),",
    "  three: readFileSync('clusters/a/text.txt', { encoding: 'utf8' }),",
    '});',
  ].join('\n'), { 'clusters/a/audit.yaml': 'rules:\n- level: Metadata\n', 'clusters/a/text.txt': 'hello' })));
  expect(loaded.fleet).toMatchObject({ clusters: [{ audit: { policy: { rules: [{ level: 'Metadata' }] } }, one: 'hello', two: 'hello', three: 'hello' }] });
  expect(loaded.inputs.map(({ path }) => path)).toEqual(['clusters/a/audit.yaml', 'clusters/a/cluster.ts', 'clusters/a/text.txt', 'clusters/fleet.ts']);
});

test('yamlFile works without the loader too, relative to its caller', () => {
  expect(yamlFile<{ name: string }>('../../package.json').name).toBe('kubewright');
});

test('a folder in the place of the fleet file is a problem like any other', async () => {
  expect(problemsOf(await load({ 'clusters/fleet.ts/x': '' }))).toMatchObject([{ code: 'load/import-missing', at: { of: 'clusters/fleet.ts' } }]);
});

test('a key that is written twice is a warning', async () => {
  const { warnings } = loadedOf(await load(oneCluster(clusterOf('a', "  mode: 'minimal',", "  mode: 'standard',"))));
  expect(warnings).toMatchObject([{ code: 'load/suspicious', severity: 'warning', at: { of: 'clusters/a/cluster.ts:6:3', path: '' } }]);
});

const CASES = [
  { shows: 'no fleet', files: {}, code: 'load/no-fleet', of: 'clusters/fleet.ts', what: /There is no/ },
  { shows: 'no export', files: { 'clusters/fleet.ts': 'export const fleets = 1;' }, code: 'load/no-export', of: 'clusters/fleet.ts', what: /exports no `fleet`/ },
  { shows: 'an empty file', files: { 'clusters/fleet.ts': '' }, code: 'load/no-export', of: 'clusters/fleet.ts', what: /exports no/ },
  { shows: 'a missing brace', files: oneCluster("export const cluster = {\n  name: 'a',\n"), code: 'load/syntax', of: 'clusters/a/cluster.ts:3:1', what: /end of file/ },
  { shows: 'a column after letters of several bytes', files: oneCluster("export const x = '杭州' oops;\n"), code: 'load/syntax', of: 'clusters/a/cluster.ts:1:23', what: /Expected/ },
  { shows: 'a bad regular expression', files: oneCluster('\n\nexport const cluster = /(/;'), code: 'load/syntax', of: /^clusters\/a\/cluster\.ts:3:/, what: /Invalid regular expression/ },
  { shows: 'waiting at the top', files: oneCluster('export const cluster = await 1;'), code: 'load/syntax', of: 'clusters/a/cluster.ts:1:24', what: /Top-level await/ },
  { shows: 'a missing file', files: { 'clusters/fleet.ts': fleetOf('gone') }, code: 'load/import-missing', of: 'clusters/fleet.ts:2:31', what: /\.\/gone\/cluster\.ts/ },
  { shows: 'a missing package', files: oneCluster("import x from 'left-pad';\nexport const cluster = x;"), code: 'load/import-missing', of: 'clusters/a/cluster.ts:1:15', what: /left-pad/ },
  { shows: 'a name the file does not export', files: { 'clusters/fleet.ts': fleetOf('a'), 'clusters/a/cluster.ts': 'export const x = 1;' }, code: 'load/import-missing', of: 'clusters/fleet.ts:2:10', what: /No matching export/ },
  { shows: 'a name kubewright does not export', files: oneCluster("import { defineClustre } from 'kubewright';\nexport const cluster = defineClustre({});"), code: 'load/import-missing', of: 'clusters/a/cluster.ts:1:10', what: /in "kubewright" for import "defineClustre"/ },
  { shows: 'an exception', files: oneCluster("const base: any = undefined;\nexport const cluster = base.name;"), code: 'load/throws', of: 'clusters/a/cluster.ts:2:29', what: /TypeError: Cannot read properties of undefined \(reading 'name'\)\.$/ },
  { shows: 'something that is no error', files: oneCluster("throw 'no';\nexport const cluster = 1;"), code: 'load/throws', of: 'clusters/fleet.ts', what: /throws: no\.$/ },
  { shows: 'something hostile', files: oneCluster('throw new Proxy({}, { get() { throw 1; }, has() { throw 2; } });\nexport const cluster = 1;'), code: 'load/throws', of: 'clusters/fleet.ts', what: /cannot be shown/ },
  { shows: 'endless recursion', files: oneCluster('const f = (): number => f() + 1;\nexport const cluster = f();'), code: 'load/throws', of: /^clusters\/a\/cluster\.ts:1:/, what: /call stack/ },
  { shows: 'a promise that fails', files: oneCluster("export const cluster = {};\nvoid Promise.reject(new Error('later'));"), code: 'load/throws', of: 'clusters/a/cluster.ts:2:21', what: /later/ },
  { shows: 'an endless loop', files: oneCluster('for (;;);\nexport const cluster = 1;'), code: 'load/timeout', of: 'clusters/fleet.ts', what: /within 150 ms/ },
  { shows: 'an endless loop in a promise', files: oneCluster('export const cluster = {};\nvoid Promise.resolve().then(() => { for (;;); });'), code: 'load/timeout', of: 'clusters/fleet.ts', what: /within 150 ms/ },
  { shows: 'YAML that is missing', files: oneCluster("import { yamlFile } from 'kubewright';\nexport const cluster = yamlFile('./a.yaml');"), code: 'load/file-missing', of: 'clusters/a/cluster.ts:2:24', what: /clusters\/a\/a\.yaml cannot be read \(ENOENT\)/ },
  { shows: 'YAML that is none', files: oneCluster("import { yamlFile } from 'kubewright';\nexport const cluster = yamlFile('./a.yaml');", { 'clusters/a/a.yaml': 'a: b\nc: [' }), code: 'load/yaml', of: 'clusters/a/cluster.ts:2:24', what: /clusters\/a\/a\.yaml:2:5 is not YAML/ },
  { shows: 'YAML that JSON cannot say', files: oneCluster("import { yamlFile } from 'kubewright';\nexport const cluster = yamlFile('./a.yaml');", { 'clusters/a/a.yaml': 'a: [.nan]' }), code: 'load/yaml', of: 'clusters/a/cluster.ts:2:24', what: /a\[0\] is NaN/ },
] as const;

test.for(CASES)('$shows is $code', async ({ files, code, of, what }) => {
  const [problem, ...others] = problemsOf(await load(files, { timeoutMs: code === 'load/timeout' ? 150 : 10_000 }));
  expect(problem).toMatchObject({ code, severity: 'error', at: { of: typeof of === 'string' ? of : expect.stringMatching(of), path: '' } });
  expect(problem?.what).toMatch(what);
  expect(JSON.stringify(problem)).not.toMatch(/\\n|kubewright:definitions|\(0 ,/);
  expect(others).toEqual([]);
});

test.for([
  'Date.now()', 'new Date()', 'Date()', 'new Date(2026, 0, 1)', 'Math.random()', 'performance.now()', 'crypto.randomUUID()', 'process.env.HOME', 'process.cwd()',
  'fetch("https://example.com")', 'setTimeout(() => 1, 1)', 'new WebSocket("ws://x")', 'new Intl.DateTimeFormat().format()',
  'require("node:child_process").execSync("date")', 'require("os").hostname()', 'require("crypto").randomBytes(3)', 'require("node:fs").writeFileSync("x", "y")',
  'require("fs").readFileSync("/etc/hostname", "utf8")', 'require("fs").readFileSync("../x", "utf8")', 'require("node:fs").readFileSync(7)',
])('%s is load/impure', async (expression) => {
  const [problem] = problemsOf(await load(oneCluster(`\nexport const cluster = { name: ${expression} } as any;`)));
  expect(problem).toMatchObject({ code: 'load/impure', at: { of: expect.stringMatching(/^clusters\/a\/cluster\.ts:2:/), path: '' } });
});

test.for(['new Date("2026-01-31T00:00:00Z").toISOString()', 'typeof fetch', 'new Date(0).getTime()', 'Buffer.from("a").toString("base64")', 'new URL("https://a.b/c").host'])('%s is fine', async (expression) => {
  loadedOf(await load(oneCluster(`export const cluster = { name: ${expression} };`)));
});

test('a library that is impure is blamed on the line that uses it', async () => {
  const [problem] = problemsOf(await load(oneCluster("import now from 'now';\n\nexport const cluster = { name: now() };", {
    'node_modules/now/package.json': '{"name": "now", "main": "index.js"}', 'node_modules/now/index.js': 'module.exports = () => Date.now();',
  })));
  expect(problem).toMatchObject({ code: 'load/impure', at: { of: 'clusters/a/cluster.ts:3:32' } });
});

test('what JSON cannot say is told, all at once, with its path', async () => {
  const result = await load(oneCluster([
    "import { defineCluster } from 'kubewright';",
    'const loop: any = {}; loop.self = loop;',
    'export const cluster = defineCluster({',
    "  name: 'a', f: () => 1, nan: NaN, big: 1n, date: new Date(0), map: new Map(), list: [1, undefined], loop,",
    "  get got() { return 1; }, 'odd-key': Symbol('x'), proxy: new Proxy({}, {}), half: '\\ud800', own: new (class Own {})(), promise: Promise.resolve(1),",
    "  users: [{ name: 'x', groups: [Infinity] }], ['__proto__']: 1,",
    '} as any);',
  ].join('\n')));
  const problems = problemsOf(result);
  expect(problems.every(({ code, at }) => code === 'load/not-plain-data' && at.of === 'a')).toBe(true);
  expect(problems.map(({ at }) => at.path)).toEqual([
    'f', 'nan', 'big', 'date', 'map', 'list[1]', 'loop.self', 'got', '["odd-key"]', 'proxy', 'half', 'own', 'promise', 'users[0].groups[0]', '__proto__',
  ]);
  const locations = problems.map(({ at }) => 'problems' in result ? result.locate(at) : null);
  expect(locations.map((location) => location?.line)).toEqual([4, 4, 4, 4, 4, 4, 2, 5, 5, 5, 5, 5, 5, 6, 6]);
});
