import { expect, test } from 'vitest';
import { problemsOf, type Break } from './breaking.ts';
import { DEFAULT_BREAKS, NAME_BREAKS, STRUCTURE_BREAKS } from './breaks-of-form.ts';
import { POD_BREAKS, STATEFULSET_BREAKS } from './breaks-of-pods.ts';
import { REFERENCE_BREAKS, SELECTOR_BREAKS } from './breaks-of-relations.ts';

const BREAKS: readonly Break[] = [
  ...STRUCTURE_BREAKS, ...DEFAULT_BREAKS, ...NAME_BREAKS, ...REFERENCE_BREAKS, ...SELECTOR_BREAKS, ...POD_BREAKS, ...STATEFULSET_BREAKS,
];

test.for(BREAKS)('$code: $shows', (broken) => {
  const problems = problemsOf(broken);
  expect(problems.map(({ code }) => code)).toEqual(broken.says.map(() => broken.code));
  broken.says.forEach((text, index) => expect(problems[index]?.what).toContain(text));
  expect(problems[0]?.at).toEqual({ of: 'a', path: 'etcd' });
});
