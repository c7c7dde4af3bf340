import { expect, test } from 'vitest';
import { documentsOf } from '../../lib/addons/documents.ts';

const crd = (schema: string): string => `kind: CustomResourceDefinition\nspec:\n  versions:\n  - schema:\n      openAPIV3Schema:\n        properties:\n          priority: {${schema}}\n`;

test('a bound of a schema may be as large as integers of 64 bits are', () => {
  expect(documentsOf(crd('maximum: 9223372036854775807, minimum: -9223372036854775808'))).toMatchObject({
    ok: true, values: [{ spec: { versions: [{ schema: { openAPIV3Schema: { properties: { priority: { maximum: 2 ** 63, minimum: -(2 ** 63) } } } } }] } }],
  });
});

const PRIORITY = 'spec.versions[0].schema.openAPIV3Schema.properties.priority';

test.for([
  ['a number that no double is', 'spec: {limit: 9007199254740993}', 'spec.limit is 9007199254740992, too large to be exact; write it as a text'],
  ['one that is called like a bound', 'spec: {maximum: 9223372036854775807}', 'spec.maximum is 9223372036854776000, too large to be exact; write it as a text'],
  ['one of a schema that is no bound', crd('default: 9223372036854775807'), `${PRIORITY}.default is 9223372036854776000, too large to be exact; write it as a text`],
  ['no number', 'a: [1, .nan]', 'a[1] is NaN, which JSON cannot hold'],
  ['half a character', 'a: "\\ud83e"', 'a holds half of a surrogate pair, which UTF-8 cannot store'],
  ['bytes', 'a: !!binary aGk=', 'a is an instance of a class; only plain objects can be written'],
  ['one of several documents', 'a: 1\n---\nb: .inf\n', 'in document 2, b is Infinity, which JSON cannot hold'],
] as const)('%s is refused with its path', ([, text, fault]) => {
  expect(documentsOf(text)).toEqual({ ok: false, fault });
});
