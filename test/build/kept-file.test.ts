import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { keptNow, readKept } from '../../lib/build/kept-file.ts';
import { project } from '../load/fixture.ts';

/** Longer than a tick of the file system's clock. */
const OLD_ENOUGH = 80;

async function oldFile(): Promise<string> {
  const path = join(project({ 'lock.yaml': 'one' }), 'lock.yaml');
  await sleep(OLD_ENOUGH);
  return path;
}

test('a file that did not change is not read again', async () => {
  const path = await oldFile();
  const { kept } = readKept(path);
  expect(keptNow(path, { ...kept, digest: 'as it was' }, true).digest).toBe('as it was');
});

test('without trust it is read all the same', async () => {
  const path = await oldFile();
  const { kept } = readKept(path);
  expect(keptNow(path, { ...kept, digest: 'as it was' }, false).digest).toBe(kept.digest);
});

test('a change of the same length, with the time set back, is seen', async () => {
  const path = await oldFile();
  const { kept } = readKept(path);
  const { atime, mtime } = statSync(path);
  writeFileSync(path, 'two');
  utimesSync(path, atime, mtime);
  expect(keptNow(path, kept, true).digest).toBe(readKept(path).kept.digest);
  expect(keptNow(path, kept, true).digest).not.toBe(kept.digest);
});

test('a file that was written again as it was has another stamp from then on', async () => {
  const path = await oldFile();
  const { kept } = readKept(path);
  writeFileSync(path, 'one');
  await sleep(OLD_ENOUGH);
  const now = keptNow(path, kept, true);
  expect(now.digest).toBe(kept.digest);
  expect(now.stamp).not.toBe(kept.stamp);
  expect(keptNow(path, now, true)).toBe(now);
});

test('a file so young that it may yet change unseen is not trusted', () => {
  const path = join(project({ 'lock.yaml': 'one' }), 'lock.yaml');
  expect(readFileSync(path, 'utf8')).toBe('one');
  expect(readKept(path).kept.stamp).toBe('');
});

test('a file that is not there has the digest of nothing, and is looked for each time', async () => {
  const path = await oldFile();
  const { text, kept } = readKept(`${path}.gone`);
  expect([text, kept.stamp]).toEqual([null, '']);
  expect(keptNow(path, kept, true).digest).not.toBe(kept.digest);
});
