import { defineConfig } from 'vitest/config';

/** Each of these has a process of its own; all others share what they import. Projects begin in the order of their names. */
const ALONE = [
  'test/load/**/*.test.ts', // they mock modules, and definitions in them break the Error of their process
  'test/{cases,codes,determinism,fuzz}.test.ts', 'test/build/threads.test.ts', 'test/package/*.test.ts', // long: the earlier they begin, the better
];

export default defineConfig({
  resolve: { alias: { kubewright: new URL('./lib/index.ts', import.meta.url).pathname } },
  test: {
    testTimeout: 60_000,
    maxWorkers: '100%', // vitest leaves one processor to itself, which is half of a machine with two
    projects: [
      { extends: true, test: { name: 'alone', include: ALONE, exclude: ['test/real/**'] } },
      { extends: true, test: { name: 'together', include: ['test/**/*.test.ts'], exclude: ['test/real/**', ...ALONE], isolate: false } },
    ],
  },
});
