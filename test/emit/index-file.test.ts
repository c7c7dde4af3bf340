import { expect, test } from 'vitest';
import { hashText, indexPath, ownerOfIndex, readIndex, writeIndex } from '../../lib/emit/index-file.ts';

const INDEX = new Map([
  ['b/service-a.yaml', hashText('b')],
  ['a/secret-x y.yaml', hashText('a')],
]);
const TEXT = writeIndex(INDEX);

test('an index is a sorted list of hashes and paths', () => {
  const [first, ...rest] = TEXT.split('\n');
  expect(first).toMatch(/^# /);
  expect(rest).toEqual([`${hashText('a')}  a/secret-x y.yaml`, `${hashText('b')}  b/service-a.yaml`, '# end', '']);
});

test('an index is read back, and an absent one is empty', () => {
  expect(readIndex(TEXT)).toEqual({ ok: true, index: INDEX });
  expect(readIndex(writeIndex(new Map()))).toEqual({ ok: true, index: new Map() });
  expect(readIndex(null)).toEqual({ ok: true, index: new Map() });
});

test('an index that is cut anywhere is refused', () => {
  const cuts = Array.from({ length: TEXT.length }, (_, length) => readIndex(TEXT.slice(0, length)));
  expect(cuts.filter((reading) => reading.ok)).toEqual([]);
});

test.for([
  ['a merge conflict', TEXT.replace('\n', '\n<<<<<<< HEAD\n'), 2],
  ['a path outside dist/', TEXT.replace('a/secret', '../secret'), 2],
  ['an absolute path', TEXT.replace('a/secret', '/secret'), 2],
  ['a line twice', TEXT.replace(/(\n.*b\/.*)/, '$1$1'), 4],
  ['no order', TEXT.replace('a/secret', 'c/secret'), 3],
  ['Windows line ends', TEXT.replaceAll('\n', '\r\n'), 1],
] as const)('%s is refused with its line', ([, text, line]) => {
  expect(readIndex(text)).toMatchObject({ ok: false, line });
});

test('the path of an index and its owner follow from each other', () => {
  expect(indexPath('hangzhou-prod-1')).toBe('records/hangzhou-prod-1.files.txt');
  expect(ownerOfIndex('records/hangzhou-prod-1.files.txt')).toBe('hangzhou-prod-1');
  expect(ownerOfIndex('records/hangzhou-prod-1.yaml')).toBeNull();
  expect(['.#prod', 'Prod', 'prod-'].map((name) => ownerOfIndex(`records/${name}.files.txt`))).toEqual([null, null, null]);
  expect(() => indexPath('../x')).toThrow('cannot name an owner');
});
