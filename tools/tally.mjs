import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// Plain JavaScript: it also speaks when the installation failed, and nothing is there to run TypeScript.

const folder = process.argv[2] ?? '.';
const read = (name) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : null);

/** Tests by vitest. A file that could not even be loaded counts as one that failed. */
function unitTests(text) {
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(text ?? '{"numPassedTests":0,"numFailedTests":0,"testResults":[]}');
  const broken = testResults.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0);
  return { passed: numPassedTests, failed: numFailedTests + broken.length };
}

/** Stories on real machines: `   12.3  name holds`, `   12.3  name FAILED`. */
function realTests(text) {
  const ends = [...(text ?? '').matchAll(/^ *\d+\.\d {2}\S.* (holds|FAILED)$/gm)].map(([, end]) => end);
  return { passed: ends.filter((end) => end === 'holds').length, failed: ends.filter((end) => end === 'FAILED').length };
}

/** A step that ends badly without a failed test to show for it is a failure of its own. */
function step(name, counts) {
  const exit = read(`${name}.exit`);
  if (exit === null) return { passed: 0, failed: 0 };
  return Number(exit) !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

const steps = [
  step('install', { passed: 0, failed: 0 }),
  step('unit', unitTests(read('unit.json'))),
  step('real', realTests(read('real.txt'))),
];
const sum = (count) => steps.reduce((total, counts) => total + counts[count], 0);
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('failed') === 0 ? 0 : 1;
