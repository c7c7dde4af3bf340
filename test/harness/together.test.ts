import { expect, test } from 'vitest';
import { inLanes, together } from '../real/host/together.ts';

test('what succeeds is waited for', async () => {
  await expect(together([Promise.resolve(1), Promise.resolve('a')])).resolves.toBeUndefined();
});

test('every failure is told with its reason, and only when the last has ended', async () => {
  let end: (problem: Error) => void = () => undefined;
  const slow = new Promise<void>((_, fail) => (end = fail));
  let told = '';
  const all = together([Promise.reject(new Error('first', { cause: new Error('why') })), Promise.resolve(), slow]).catch((problem: Error) => (told = problem.message));
  await new Promise((next) => setImmediate(next));
  expect(told).toBe('');
  end(new Error('last'));
  await all;
  expect(told).toBe('first\nwhy\n\nlast');
});

test('two lanes are never three at work, and do everything', async () => {
  let [atWork, most] = [0, 0];
  const done: number[] = [];
  const works = [3, 1, 2, 1].map((turns, index) => async () => {
    most = Math.max(most, ++atWork);
    for (let turn = 0; turn < turns; turn++) await new Promise((next) => setImmediate(next));
    atWork--;
    done.push(index);
  });
  await inLanes(2, works);
  expect([most, done.sort()]).toEqual([2, [0, 1, 2, 3]]);
});

test('a lane goes on after a failure, and tells of it at the end', async () => {
  const done: number[] = [];
  const works = [1, 2, 3].map((index) => async () => {
    if (index === 1) throw new Error('the first');
    done.push(index);
  });
  await expect(inLanes(1, works)).rejects.toThrow('the first');
  expect(done).toEqual([2, 3]);
});
