import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ADVICE } from '../../lib/checks/advice.ts';
import { PROBLEM_CODES } from '../../lib/problem.ts';

const HERE = new URL('.', import.meta.url);
const texts = readdirSync(HERE).filter((name) => name !== 'codes.test.ts').map((name) => readFileSync(new URL(name, HERE), 'utf8')).join('\n');

test.for(Object.entries(ADVICE))('%s is a known code, is tested, and says what to do', ([code, { why, fix }]) => {
  expect(PROBLEM_CODES).toContain(code);
  expect(texts.includes(`'${code}'`) || texts.includes(`'${code}: `), 'a test that finds it').toBe(true);
  expect(why).toMatch(/^(?:[a-z]|GitOps).*\.$/);
  expect(fix).toMatch(/^[a-z].*\.$/);
});
