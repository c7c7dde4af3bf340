import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { alias: { kubewright: new URL('./lib/index.ts', import.meta.url).pathname } },
  test: { include: ['test/**/*.test.ts'], exclude: ['test/real/**'], testTimeout: 60_000 },
});
