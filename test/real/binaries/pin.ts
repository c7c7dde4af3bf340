import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layCopy } from './copy.ts';
import { runGo } from './go.ts';
import { MODULES, moduleNamed, type GoModule } from './modules.ts';
import { goCodeOf, pinsOf, writeSources } from './sources.ts';

/** Writes `modules/<name>/go.mod` and `go.sum` anew. Run it after a change of MODULES or of an import in `source/`. */
async function pin(module: GoModule): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'kubewright-pin-'));
  try {
    writeSources(goCodeOf(module), work);
    await layCopy(module, work);
    writeFileSync(join(work, 'go.mod'), await goModOf(module, work));
    await runGo(work, 'mod', 'tidy');
    writeFileSync(join(work, 'go.sum'), '', { flag: 'a' }); // a module that requires nothing gets none
    mkdirSync(pinsOf(module), { recursive: true });
    for (const file of ['go.mod', 'go.sum']) copyFileSync(join(work, file), new URL(file, pinsOf(module)));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function goModOf(module: GoModule, work: string): Promise<string> {
  const upstream = module.kubernetes ? await upstreamGoMod(`k8s.io/kubernetes@v${module.kubernetes}`, work) : '\ngo 1.25.0\n';
  const lines = [
    'module kubewright.test/programs',
    ...pick(upstream, /^go .*$/gm),
    ...pick(upstream, /^godebug .*$/gm),
    ...module.requires.map((required) => `require ${required}`),
    ...Object.values(module.programs).filter((pkg) => pkg !== '.').map((pkg) => `tool ${pkg}`),
    ...(module.replaces ?? []).map((replaced) => `replace ${replaced}`),
    ...(module.replacesAs === undefined ? [] : versionedReplaces(await upstreamGoMod(module.replacesAs.replace(' ', '@'), work))),
    ...stagingReplaces(upstream, module),
  ];
  return `${lines.join('\n\n')}\n`;
}

/** The go.mod that a program itself is built with. */
async function upstreamGoMod(moduleAtVersion: string, work: string): Promise<string> {
  writeFileSync(join(work, 'go.mod'), 'module pin\n');
  const found: unknown = JSON.parse(await runGo(work, 'mod', 'download', '-json', moduleAtVersion));
  return readFileSync((found as { readonly GoMod: string }).GoMod, 'utf8');
}

/** Kubernetes builds its own libraries from `./staging`; outside its tree the same code is published as v0.MINOR.PATCH. */
function stagingReplaces(upstream: string, module: GoModule): string[] {
  const version = module.kubernetes?.replace(/^1\./, 'v0.') ?? '';
  return pick(upstream, /\S+(?= => \.\/staging)/g).map((path) => `replace ${path} => ${path} ${version}`);
}

/** Those that lead to a release; one that leads to a folder is of the author's own tree. */
const versionedReplaces = (goMod: string): string[] => pick(goMod, /(?<=^(?:replace |\t))\S+(?: v\S+)? => [^.\s]\S* v\S+/gm).map((replaced) => `replace ${replaced}`);

const pick = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([found]) => found);

const names = process.argv.slice(2);
for (const module of names.length > 0 ? names.map(moduleNamed) : MODULES) {
  await pin(module);
  console.log(`pinned ${module.name}`);
}
