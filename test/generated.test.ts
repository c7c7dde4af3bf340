import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { VERSION } from '../lib/version.ts';
import { definitionTypes } from './tools/types.ts';

const textOf = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

test('the types are those of the schema; `npm run types` writes them', async () => {
  expect(textOf('lib/model/definition.ts')).toBe(await definitionTypes());
});

test('the version is that of the package', () => {
  expect(VERSION).toBe((JSON.parse(textOf('package.json')) as { version: string }).version);
});
