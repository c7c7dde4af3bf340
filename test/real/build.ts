import { join } from 'node:path';
import { buildModule, exitOnSignals } from './binaries/build.ts';
import { MODULES, moduleNamed } from './binaries/modules.ts';
import { describe } from './host/problem.ts';

/** Builds what is named (all, when nothing is) one after another, and prints where each program is. */
async function main(names: readonly string[]): Promise<void> {
  const modules = names.length > 0 ? names.map(moduleNamed) : MODULES;
  for (const module of modules) {
    const folder = await buildModule(module.name);
    for (const program of [...Object.keys(module.programs), ...module.links]) {
      console.log(`ready ${module.name}/${program} ${join(folder, program)}`);
    }
  }
}

exitOnSignals();
main(process.argv.slice(2)).catch((problem: unknown) => {
  console.error(describe(problem));
  process.exitCode = 1;
});
