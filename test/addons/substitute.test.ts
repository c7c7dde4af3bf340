import { expect, test } from 'vitest';
import { documentsOf } from '../../lib/addons/documents.ts';
import { readParameters } from '../../lib/addons/parameters.ts';
import { substitute } from '../../lib/addons/substitute.ts';
import type { JsonObject, JsonValue } from '../../lib/model/manifest.ts';

const SCHEMA = { properties: Object.fromEntries(['number', 'text', 'flag', 'list', 'object', 'nothing'].map((name) => [name, {}])) };
const GIVEN: JsonObject = { number: 3, text: 'a: [b] # $(param:number)', flag: false, list: [1, 'b'], object: { a: 1 }, nothing: null };
const filled = (value: JsonValue) => substitute(value, readParameters(SCHEMA, GIVEN, 'schema'), 'file');

test.for([
  ['$(param:number)', 3],
  ['$(text:number)', '3'],
  ['$(param:flag)', false],
  ['$(param:list)', [1, 'b']],
  ['$(param:object)', { a: 1 }],
  ['$(param:nothing)', null],
  ['n$(param:number)-$(param:flag)', 'n3-false'],
  [' $(param:number)', ' 3'],
  // Kubernetes' own places, and a shell's, are none of ours.
  ['$(POD_NAME) ${param} $param:number', '$(POD_NAME) ${param} $param:number'],
] as const)('%s', ([text, value]) => {
  expect(filled(text)).toEqual({ value, faults: [] });
});

test('what a parameter says is never read as YAML or as a place', () => {
  expect(filled({ 'key-$(param:number)': ['$(param:text)', 'in $(param:text)'] })).toEqual({
    value: { 'key-3': ['a: [b] # $(param:number)', 'in a: [b] # $(param:number)'] }, faults: [],
  });
});

test.for([['$(param:numbr)', 'addons/undeclared-parameter'], ['$(param:)', 'addons/undeclared-parameter'], ['$(param:constructor)', 'addons/undeclared-parameter'], ['a $(param:list)', 'addons/wrong-parameter']] as const)('%s is %s', ([text, code]) => {
  expect(filled(text).faults.map((fault) => fault.code)).toEqual([code]);
});

test('parameters of names that every object has', () => {
  expect(readParameters(SCHEMA, JSON.parse('{"__proto__":1,"constructor":2}') as JsonObject, 'schema').faults.map(({ code, what }) => `${code} ${what}`)).toEqual(expect.arrayContaining([
    'addons/unknown-parameter The template has no parameter __proto__.', 'addons/unknown-parameter The template has no parameter constructor.',
  ]));
});

test.for([
  ['a: on', { a: true }],
  ['a: 0644', { a: 420 }],
  ['a: 12:30', { a: '12:30' }],
  ['a: 2026-01-31', { a: '2026-01-31' }],
  ['a: "on"', { a: 'on' }],
  ['a: &x {b: 1}\nc: *x', { a: { b: 1 }, c: { b: 1 } }],
  ['a: &x {b: 1}\nc: {<<: *x, d: 2}', { a: { b: 1 }, c: { b: 1, d: 2 } }],
] as const)('%j is read as Kubernetes reads it', ([text, value]) => {
  expect(documentsOf(text)).toEqual({ ok: true, values: [value] });
});

test.for(['a: [', 'a: 1\na: 2', 'a: *nowhere', 'a: .nan', 'a: !!binary aGk='])('%j cannot be used', (text) => {
  expect(documentsOf(text).ok).toBe(false);
});

test('comments, separators and empty documents are nothing', () => {
  expect(documentsOf('# nothing\n---\n---\na: 1\n---\n')).toEqual({ ok: true, values: [{ a: 1 }] });
  expect(documentsOf('')).toEqual({ ok: true, values: [] });
});
