import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { readWords } from '../real/asked.ts';

const KNOWN = ['minimal', 'standard'];

test.for([
  { words: [], asked: { stories: KNOWN, keep: false, install: false } },
  { words: ['standard', '--keep'], asked: { stories: ['standard'], keep: true, install: false } },
  { words: ['--install', 'standard', 'minimal'], asked: { stories: ['standard', 'minimal'], keep: false, install: true } },
])('$words', ({ words, asked }) => {
  expect(readWords(words, KNOWN)).toEqual(asked);
});

test('what is told by name only is told when it is named', () => {
  expect(readWords([], [...KNOWN, 'long'], ['long']).stories).toEqual(KNOWN);
  expect(readWords(['long'], [...KNOWN, 'long'], ['long']).stories).toEqual(['long']);
});

test.for([
  { words: ['minimal', 'minimum'], says: 'There is no story minimum; there are minimal, standard.' },
  { words: ['--kepp'], says: 'There is no flag --kepp; there are --keep and --install.' },
  { words: ['-k', 'minimal'], says: 'There is no flag -k; there are --keep and --install.' },
])('$words is not known', ({ words, says }) => {
  expect(() => readWords(words, KNOWN)).toThrow(says);
});

test.for([
  { program: 'run.ts', word: 'nosuchstory', says: 'There is no story nosuchstory; there are acceptance,' },
  { program: 'run.ts', word: '--nosuchflag', says: 'There is no flag --nosuchflag' },
  { program: 'lab.ts', word: 'nosuchcommand', says: 'The lab does not know nosuchcommand' },
])('$program $word ends with 2, and nothing was started', ({ program, word, says }) => {
  const folder = mkdtempSync(join(tmpdir(), 'kubewright-asked-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const env = { ...process.env, KUBEWRIGHT_REAL: join(folder, 'state'), KUBEWRIGHT_CACHE: join(folder, 'cache') };
  const path = fileURLToPath(new URL(`../real/${program}`, import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', path, word], { env, encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(says);
  expect([existsSync(env.KUBEWRIGHT_REAL), existsSync(env.KUBEWRIGHT_CACHE)]).toEqual([false, false]);
});
