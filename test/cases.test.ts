import { existsSync, rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { caseNames, isGiven, runCase } from './support/cases.ts';
import { filesBelow } from './support/folders.ts';

/** The helm of the cases is a small program that prints what a chart's folder says. */
process.env['PATH'] = `${new URL('./support/bin', import.meta.url).pathname}:${process.env['PATH'] ?? ''}`;

const CASES = new URL('./cases/', import.meta.url).pathname;
const names = caseNames(CASES);

/** `npm run accept`: what the compiler says is taken over, and files that it no longer writes go away. */
const isAccepting = (): boolean => (expect.getState().snapshotState as unknown as { readonly _updateSnapshot: string })._updateSnapshot === 'all';

test.for(names)('%s', async (name) => {
  const before = filesBelow(`${CASES}${name}`).filter((path) => !isGiven(path));
  const said = await runCase(`${CASES}${name}`, name);
  expect(said.size, 'a case shows a tree or problems').toBeGreaterThan(0);
  if (isAccepting()) for (const path of before.filter((file) => !said.has(file))) rmSync(`${CASES}${name}/${path}`);
  else expect(before).toEqual([...said.keys()].sort());
  for (const [path, text] of said) await expect(text).toMatchFileSnapshot(`${CASES}${name}/${path}`);
});

test('every file belongs to a case', () => {
  const strays = filesBelow(CASES).filter((path) => path !== 'README.md' && !names.some((name) => path.startsWith(`${name}/`)));
  expect(strays).toEqual([]);
  expect(names.filter((name) => names.some((other) => other !== name && name.startsWith(`${other}/`))), 'a case inside another').toEqual([]);
  expect(existsSync(`${CASES}README.md`)).toBe(true);
});
