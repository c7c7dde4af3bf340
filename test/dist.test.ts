import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { openFleet, type OpenFleet } from '../lib/build/owners.ts';
import { compileFleet, ROOT } from './support/compiled.ts';
import { filesBelow } from './support/folders.ts';
import { isOpen } from './support/fleets.ts';
import { pkiOf } from '../lib/build/due.ts';
import { hashText, indexPath, writeIndex } from '../lib/emit/index-file.ts';
import { checkLock } from '../lib/pki/coverage.ts';
import { parseLock } from '../lib/pki/lock.ts';
import { readPkiFiles } from '../lib/pki/files.ts';

let open: OpenFleet;
let compiled: ReturnType<typeof compileFleet>;

beforeAll(async () => {
  const found = await openFleet(ROOT);
  if (!isOpen(found)) throw new Error('the committed fleet cannot be opened');
  open = found;
  compiled = compileFleet(open);
}, 120_000);

test('dist/ is, file by file and byte by byte, what clusters/ compile to', () => {
  const wanted = new Map([...compiled].flatMap(([owner, { files }]) => [
    ...files.map(({ path, text }) => [path, text] as const),
    [indexPath(owner), writeIndex(new Map(files.map(({ path, text }) => [path, hashText(text)])))] as const,
  ]));
  expect(filesBelow(join(ROOT, 'dist'))).toEqual([...wanted.keys()].sort());
  const different = [...wanted].filter(([path, text]) => readFileSync(join(ROOT, 'dist', path), 'utf8') !== text).map(([path]) => path);
  expect(different, 'run `npm run synth` and read the difference').toEqual([]);
});

test('the committed fleet has no problem, not even a warning', () => {
  expect([...open.problems, ...[...compiled.values()].flatMap(({ problems }) => problems)]).toEqual([]);
});

test('every committed lock covers its cluster, and belongs to nobody else', () => {
  expect(pkiOf(open).map(({ cluster }) => cluster.name)).toEqual(open.fleet.clusters.map(({ name }) => name));
  for (const { cluster, plan, lock } of pkiOf(open)) {
    expect(checkLock(plan, lock, open.sealing), cluster.name).toEqual([]);
    const { lock: text } = readPkiFiles(join(ROOT, 'clusters'), cluster.name);
    expect(parseLock(text, 'another')).toMatchObject({ ok: false, problems: [{ code: 'pki/lock-of-another-cluster' }] });
  }
});

/** Markers of secrets: in clear, and as they look in base64 at each of the three places where they can begin. */
const MARKERS = ['PRIVATE KEY-----', 'AGE-SECRET-KEY-1'].flatMap((marker) => [marker, ...[0, 1, 2].map((shift) => inBase64(marker, shift))]);

function inBase64(marker: string, shift: number): string {
  const encoded = Buffer.from('x'.repeat(shift) + marker).toString('base64');
  return encoded.slice(shift === 0 ? 0 : 4, -4);
}

/** A key has a body: text that only speaks of one has not. */
const hasKey = (text: string): boolean => /-----BEGIN [A-Z ]*PRIVATE KEY-----\s*(?:\\n|\s)*[A-Za-z0-9+/]{40}/.test(text)
  || /AGE-SECRET-KEY-1[A-Z0-9]{40}/.test(text) || MARKERS.some((marker) => /^[A-Za-z0-9+/]+$/.test(marker) && text.includes(marker));

test('the scan for keys finds keys', () => {
  const key = `${'-----BEGIN'} RSA PRIVATE KEY-----\n${'A'.repeat(64)}\n`;
  for (const pad of ['', 'a', 'ab']) expect(hasKey(Buffer.from(pad + key).toString('base64')), `base64 after ${pad.length}`).toBe(true);
  expect([hasKey(key), hasKey(JSON.stringify(key)), hasKey('PRIVATE KEY-----'), hasKey('a certificate')]).toEqual([true, true, false, false]);
});

test('no tracked file holds a private key', () => {
  const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, maxBuffer: 1 << 26 }).toString().split('\0').filter((path) => path !== '');
  const found = tracked.filter((path) => {
    try {
      return hasKey(readFileSync(join(ROOT, path), 'latin1'));
    } catch {
      return false; // a link, or a file that was just removed
    }
  });
  expect(tracked.length).toBeGreaterThan(300);
  expect(found).toEqual([]);
});

test('records and manifests hold no secret in clear', () => {
  const texts = [...compiled.values()].flatMap(({ files }) => files);
  expect(texts.filter(({ text }) => hasKey(text)).map(({ path }) => path)).toEqual([]);
  for (const { path, text } of texts.filter((file) => file.path.startsWith('records/'))) {
    expect(text, path).not.toMatch(/BEGIN |"(?:value|secret|sealed|encryptedData)":\s*"[A-Za-z0-9+/]{40}/);
  }
  expect(texts.filter(({ text }) => /^kind: Secret$/m.test(text)).map(({ path }) => path)).toEqual([]);
});
