import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { expect, test, vi } from 'vitest';
import { programOf } from '../../lib/cli/main.ts';
import { filesBelow } from '../support/folders.ts';

/** Commands that problems, help and pages tell people to run: a typo in one costs its reader a turn. */

const ROOT = new URL('../../', import.meta.url).pathname;
const TOLD = ['README.md', ...['docs', 'lib'].flatMap((folder) => filesBelow(join(ROOT, folder)).filter((path) => /\.(?:md|ts)$/.test(path)).map((path) => `${folder}/${path}`))];

/** Between backticks, in a block of a shell, or put together by `issueCommand`; without what a shell would do with them. */
function commandsIn(text: string): string[] {
  const inline = [...text.matchAll(/\\?`(?:npx )?kubewright ([a-z][^`\n\\]*)\\?`/g)].map(([, command = '']) => command);
  const blocks = [...text.matchAll(/^ *(?:\$ )?(?:npx )?kubewright ([a-z].*)$/gm)].map(([, command = '']) => command);
  const composed = [...text.matchAll(/issueCommand\([^,()]+, [`']([^`']*)[`']\)/g)].map(([, options = '']) => `pki issue x ${options}`);
  return [...inline, ...blocks, ...composed].map((command) => command.replaceAll(/\$\{[^}]*\}/g, 'x').replace(/\s*(?:[|>#]|&&).*$/, '').trim());
}

/** As a shell takes them apart. */
const WORDS = /'[^']*'|\S+/g;

/** Commands and options that do not exist. What a sentence leaves out is no mistake. */
const UNKNOWN = ['commander.unknownCommand', 'commander.unknownOption', 'commander.excessArguments', 'commander.invalidArgument'];

async function refusalOf(command: string): Promise<string | null> {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    await programOf(() => async () => undefined).parseAsync(command.match(WORDS) ?? [], { from: 'user' });
    return null;
  } catch (cause) {
    if (!(cause instanceof CommanderError)) throw cause;
    return UNKNOWN.includes(cause.code) ? cause.message : null;
  } finally {
    vi.restoreAllMocks();
  }
}

test('a command that does not exist, and one that does', async () => {
  expect(await refusalOf('init')).toMatch(/unknown command/);
  expect(await refusalOf('pki issue x --force NAME')).toMatch(/unknown option/);
  expect(await refusalOf('pki issue x --renew NAME')).toBeNull();
});

test('every command that is told to people exists', async () => {
  const told = TOLD.flatMap((path) => commandsIn(readFileSync(join(ROOT, path), 'utf8')).map((command) => ({ path, command })));
  expect(told.length).toBeGreaterThan(40);
  const refused = await Promise.all(told.map(async ({ path, command }) => ({ path, command, refusal: await refusalOf(command) })));
  expect(refused.filter(({ refusal }) => refusal !== null)).toEqual([]);
});
