import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { expect, test, vi } from 'vitest';
import { main } from '../lib/cli/main.ts';
import { DIST_ERROR_CODES } from '../lib/emit/disk.ts';
import { parseLock, serializeLock } from '../lib/pki/lock.ts';
import { PROBLEM_CODES, type ProblemCode } from '../lib/problem.ts';
import { fleetAround, issueLocks, opened, writeDefinitions } from './support/fleets.ts';
import { filesBelow, prepare, temporaryFolder, writeFiles, type Ends } from './support/folders.ts';
import { testSealing } from './support/pki.ts';

const HERE = new URL('./', import.meta.url).pathname;
const CLUSTER = readFileSync(`${HERE}cases/minors/1.35-minimal/cluster.ts`, 'utf8');
const LOCK = 'clusters/prod/pki.lock.yaml';
const KEYSTORE = 'clusters/prod/pki.keystore.age';
const IDENTITY = await generateIdentity();
const RECIPIENT = await identityToRecipient(IDENTITY);
const kept = (recipients: readonly string[]): string => fleetAround('cluster.ts').replace('sealing:', `keystore: { recipients: ${JSON.stringify(recipients)} }, sealing:`);

/** A fleet that is right and was issued for, before a row spoils it. */
async function fleet(ends?: Ends): Promise<string> {
  const root = temporaryFolder(ends);
  writeDefinitions(root, { 'fleet.ts': fleetAround('cluster.ts'), 'cluster.ts': CLUSTER });
  await issueLocks(await opened(root));
  writeFiles(root, { 'key.txt': `${IDENTITY}\n`, 'other.txt': `${await generateIdentity()}\n` });
  return root;
}

interface Answer {
  readonly exit: number;
  readonly codes: readonly string[];
  readonly text: string;
}

/** The real command line on a day on which leaves are due, its answer read as a program would. */
async function run(root: string, command: string): Promise<Answer> {
  const printed: string[] = [];
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-12-15T00:00:00Z') });
  const spies = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write').mockImplementation((text) => printed.push(String(text)) > 0));
  try {
    const exit = await main([...command.replaceAll('ROOT', root).split(' '), '--root', root, '--json']);
    const text = printed.join('');
    return { exit, text, codes: (JSON.parse(text) as { problems: { code: string }[] }).problems.map(({ code }) => code) };
  } finally {
    for (const spy of spies) spy.mockRestore();
    vi.useRealTimers();
  }
}

/** A fleet with a keystore. `pki issue` makes its keys, which takes seconds: rows are given a copy. */
let withKeystore: string;

prepare(async (ends) => {
  withKeystore = await fleet(ends);
  rmSync(join(withKeystore, LOCK));
  writeDefinitions(withKeystore, { 'fleet.ts': kept([RECIPIENT]) });
  expect(await run(withKeystore, 'pki issue prod')).toMatchObject({ exit: 0 });
}, 120_000);

function copyOf(folder: string): string {
  const copy = temporaryFolder();
  cpSync(folder, copy, { recursive: true });
  return copy;
}

interface Row {
  readonly code: ProblemCode;
  readonly command: string;
  readonly spoil: (root: string) => void;
  /** A command that goes well before. */
  readonly first?: string;
  readonly keystore?: true;
  readonly warning?: true;
  /** What its words hold, where one code has several. */
  readonly tells?: string;
  /** A case shows the code, too: what it does not show. */
  readonly besides?: string;
}

const nothing = (): void => undefined;
const rewrite = (root: string, path: string, change: (text: string) => string): void => writeFileSync(join(root, path), change(readFileSync(join(root, path), 'utf8')));
const relock = (root: string, change: object): void => rewrite(root, LOCK, (text) => {
  const parsed = parseLock(text, 'prod');
  if (!parsed.ok) throw new Error('the lock was good');
  return serializeLock({ ...parsed.lock, ...change });
});
const withUser = (root: string): void => rewrite(root, 'clusters/cluster.ts', (text) => text.replace("mode: 'minimal',", "mode: 'minimal',\n  users: [{ name: 'jo', groups: ['staff'] }],"));

/** What no definition alone can cause: files that are torn, foreign, of another key, and commands that are refused. */
const ROWS: readonly Row[] = [
  { code: 'load/no-fleet', command: 'build', spoil: (root) => rmSync(join(root, 'clusters/fleet.ts')) },
  { code: 'pki/lock-of-another-cluster', command: 'build', spoil: (root) => rewrite(root, 'clusters/cluster.ts', (text) => text.replace("name: 'prod'", "name: 'copy'")), first: 'copy' },
  { code: 'pki/namespace-differs', command: 'build', spoil: (root) => relock(root, { namespace: 'cp-other' }) },
  { code: 'pki/sealing-differs', command: 'build', spoil: (root) => writeFiles(root, { 'clusters/sealing.pem': testSealing('another').certificatePem }) },
  { code: 'pki/certificate-due', command: 'check', spoil: nothing, first: 'build' },
  { code: 'pki/unknown-cluster', command: 'pki issue prud', spoil: nothing },
  { code: 'pki/definition-invalid', command: 'pki issue prod', spoil: (root) => rewrite(root, 'clusters/cluster.ts', (text) => text.replace("mode: 'minimal'", "mode: 'standard', components: { apiserver: { replicas: 1 } }")) },
  { code: 'pki/keystore-none', command: 'pki issue prod', spoil: (root) => rmSync(join(root, LOCK)), warning: true },
  { code: 'pki/recipient-invalid', command: 'pki issue prod', spoil: (root) => writeDefinitions(root, { 'fleet.ts': kept([RECIPIENT.replace(/.$/, 'b')]) }), besides: 'of the keystore, at which nobody but issuing looks' },
  { code: 'pki/identity-needed', command: 'pki issue prod', spoil: withUser },
  { code: 'pki/identity-wrong', command: 'pki issue prod --identity ROOT/nowhere.txt', spoil: (root) => writeFiles(root, { [KEYSTORE]: 'torn' }) },
  { code: 'pki/identity-wrong', command: 'pki issue prod --identity ROOT/clusters', spoil: (root) => writeFiles(root, { [KEYSTORE]: 'torn' }), tells: 'ROOT/clusters is a folder' },
  { code: 'pki/identity-wrong', command: 'pki issue prod --identity ROOT/key.txt/below', spoil: (root) => writeFiles(root, { [KEYSTORE]: 'torn' }), tells: 'cannot be read (ENOTDIR)' },
  { code: 'pki/keystore-torn', command: 'pki issue prod --identity ROOT/key.txt', spoil: (root) => writeFiles(root, { [KEYSTORE]: 'torn' }) },
  { code: 'pki/keystore-missing', command: 'pki export prod --unsafe-plaintext --identity ROOT/key.txt --out ROOT/../out', spoil: nothing },
  { code: 'pki/export-inside-repository', command: 'pki export prod --unsafe-plaintext --identity ROOT/key.txt --out ROOT/out', spoil: nothing, keystore: true },
  { code: 'pki/export-not-empty', command: 'pki export prod --unsafe-plaintext --identity ROOT/key.txt --out /tmp', spoil: nothing, keystore: true },
  { code: 'pki/out-in-the-way', command: 'pki export prod --unsafe-plaintext --identity ROOT/key.txt --out /etc/hostname', spoil: nothing, keystore: true },
  { code: 'pki/out-not-writable', command: 'pki export prod --unsafe-plaintext --identity ROOT/key.txt --out /dev/null/keys', spoil: nothing, keystore: true },
  { code: 'pki/unknown-user', command: 'pki kubeconfig prod jo --identity ROOT/key.txt', spoil: nothing, keystore: true },
  { code: 'pki/keystore-missing', command: 'pki kubeconfig prod admin --identity ROOT/key.txt', spoil: nothing },
  { code: 'pki/keystore-missing', command: 'pki issue prod --identity ROOT/key.txt', spoil: (root) => { withUser(root); rmSync(join(root, KEYSTORE)); }, keystore: true, tells: 'from git' },
  { code: 'pki/keystore-missing', command: 'pki kubeconfig prod admin --identity ROOT/key.txt', spoil: (root) => rmSync(join(root, KEYSTORE)), keystore: true, tells: 'from git' },
  { code: 'pki/identity-wrong', command: 'pki kubeconfig prod admin --identity ROOT/other.txt', spoil: nothing, keystore: true },
  { code: 'pki/export-inside-repository', command: 'pki kubeconfig prod admin --identity ROOT/key.txt --out ROOT/dist/kubeconfig', spoil: nothing, keystore: true },
  { code: 'pki/out-in-the-way', command: 'pki kubeconfig prod admin --identity ROOT/key.txt --out /etc/hostname', spoil: nothing, keystore: true },
  { code: 'pki/out-not-writable', command: 'pki kubeconfig prod admin --identity ROOT/key.txt --out /dev/null/kubeconfig', spoil: nothing, keystore: true },
  { code: 'pki/unknown-cluster', command: 'token create prud', spoil: nothing },
  { code: 'pki/lock-missing', command: 'token create prod', spoil: (root) => rmSync(join(root, LOCK)), besides: 'by a command that compiles nothing' },
  { code: 'api/kubeconfig', command: 'token create prod --kubeconfig ROOT/nowhere', spoil: nothing },
  { code: 'bootstrap/not-built', command: 'bootstrap meta', spoil: nothing },
  { code: 'bootstrap/edited', command: 'bootstrap meta', first: 'build', spoil: (root) => rewrite(root, 'dist/meta/clusters/prod/data/namespace-cp-prod.yaml', (text) => `${text}# by hand\n`) },
  { code: 'dist/interrupted', command: 'check', first: 'build', spoil: (root) => writeFiles(root, { '.kubewright/journal.json': '{"steps":[]}' }) },
];

test.for(ROWS)('$code by `kubewright $command`', { timeout: 120_000 }, async ({ code, command, spoil, first, keystore, warning, tells }) => {
  const root = keystore === true ? copyOf(withKeystore) : await fleet();
  if (first === 'copy') {
    spoil(root);
    mkdirSync(join(root, 'clusters/copy'));
    writeFiles(root, { 'clusters/copy/pki.lock.yaml': readFileSync(join(root, LOCK), 'utf8') });
  } else if (first !== undefined) expect(await run(root, first)).toMatchObject({ exit: 0 });
  if (first !== 'copy') spoil(root);
  const { exit, codes, text } = await run(root, command);
  expect(codes).toContain(code);
  expect(exit).toBe(warning === true ? 0 : 1);
  expect(text).toContain((tells ?? code).replace('ROOT', root));
  expect(text).not.toMatch(/PRIVATE KEY|AGE-SECRET-KEY|\n\s+at /);
});

/** What people's own objects give cause for, and a case shows. */
const BY_ADDONS: readonly ProblemCode[] = ['addons/helm-hook', 'manifest/duplicate', 'manifest/unknown-field', 'manifest/unknown-kind', 'reference/missing-object', 'secret/in-clear'];

/** Codes that the charts never give cause for, and those for which a disk must fail: the test that is about each. */
const ELSEWHERE: Readonly<Record<string, readonly ProblemCode[]>> = {
  'addons/chart.test.ts': PROBLEM_CODES.filter((code) => code.startsWith('addons/helm-') && !BY_ADDONS.includes(code)),
  'checks/': PROBLEM_CODES.filter((code) => /^(?:certificate|manifest|pod|policy|reference|secret|selector|statefulset)\//.test(code) && !BY_ADDONS.includes(code)),
  'client/create.test.ts': ['api/certificate', 'api/forbidden', 'api/refused', 'api/unauthorized', 'api/unreachable', 'api/wrong-cluster'],
  'client/apply.test.ts': ['bootstrap/not-ready'],
  'compile/sizes.test.ts': ['delivery/too-large'],
  'emit/write.test.ts': ['dist/claimed'],
  'emit/failures.test.ts': ['dist/disk', 'dist/half-written'],
  'load/load.test.ts': ['load/timeout'],
  'pki/seal.test.ts': ['pki/sealing-certificate-expired'],
  'transitions/places.test.ts': ['transition/place'],
};

const textsBelow = (place: string): string => (place.endsWith('/') ? filesBelow(`${HERE}${place}`).map((path) => `${place}${path}`) : [place])
  .filter((path) => path.endsWith('.ts') && !path.endsWith('codes.test.ts')).map((path) => readFileSync(`${HERE}${path}`, 'utf8')).join('\n');

/** It looks at words, not at what becomes of them: that a test speaks of a code outside its comments. What it asserts is its own affair. */
test.for(Object.entries(ELSEWHERE))('%s speaks of each code that nothing else can cause', ([place, codes]) => {
  const lines = textsBelow(place).split('\n').filter((line) => !/^\s*(?:\/\/|\/?\*)/.test(line));
  // As a value, or as the beginning of a finding: `'pod/duplicate: two containers …'`.
  const isSpokenOf = (code: string): boolean => lines.some((line) => new RegExp(`['"\`]${code}(?:['"\`]|: )`).test(line));
  expect(codes.filter((code) => !isSpokenOf(code))).toEqual([]);
});

const told = new Set(filesBelow(`${HERE}cases`).filter((path) => path.endsWith('/problems.txt'))
  .flatMap((path) => [...readFileSync(`${HERE}cases/${path}`, 'utf8').matchAll(/ (?:error|warning) ([a-z-]+\/[a-z-]+)/g)].map(([, code]) => code)));
const covered = new Set<string | undefined>([...told, ...ROWS.map(({ code }) => code), ...Object.values(ELSEWHERE).flat()]);

test.for(PROBLEM_CODES)('%s has a case', (code) => {
  expect(covered).toContain(code);
});

test('no row is for a code that a case shows, but for those that show more, and no code of the disk is unknown', () => {
  expect(Object.values(ELSEWHERE).flat().filter((code) => told.has(code))).toEqual([]);
  expect(ROWS.filter(({ code, besides }) => told.has(code) !== (besides !== undefined)).map(({ code, command }) => `${code} by ${command}`)).toEqual([]);
  expect(DIST_ERROR_CODES.filter((code) => !PROBLEM_CODES.includes(code))).toEqual([]);
});
