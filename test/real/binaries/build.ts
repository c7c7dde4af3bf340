import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statfsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMPONENTS, type Component } from '../../../lib/versions/facts.ts';
import type { Minor } from '../../../lib/versions/minor.ts';
import { layCopy } from './copy.ts';
import { CACHE, GO_BUILD_CACHE, moduleFolder, runGo } from './go.ts';
import { moduleNamed, type GoModule } from './modules.ts';
import { digestOf, linkerFlagsOf, sourcesOf, writeSources } from './sources.ts';

/** Below this much free disk Go's build cache (4 GB a Kubernetes minor) is dropped after a build. */
const SHORT_OF_DISK = 15 * 2 ** 30;

/** The folder that holds a module's programs, built when they are not there yet. */
export function buildModule(name: string): Promise<string> {
  const module = moduleNamed(name);
  return made(module, digestOf(module), compilePrograms);
}

/** Path of one program, built when it is not there yet: `programPath('etcd-3.6', 'etcdctl')`. */
export async function programPath(module: string, program: string): Promise<string> {
  return join(await buildModule(module), program);
}

/** Path of what a component of Kubernetes says of its flags and gates: `descriptionPath('1.34', 'kube-apiserver')`. */
export async function descriptionPath(minor: Minor, component: Component): Promise<string> {
  const module = moduleNamed(`kubernetes-${minor}`);
  return join(await made(module, `${digestOf(module)}-described`, describeComponents), `${component}.json`);
}

/** A folder of the cache, made when it is not there yet: beside the cache and moved in whole, so that one of that name is always finished. */
async function made(module: GoModule, name: string, make: (module: GoModule, work: string) => Promise<void>): Promise<string> {
  const folder = join(CACHE, name);
  if (existsSync(folder)) return folder;
  mkdirSync(CACHE, { recursive: true });
  const work = mkdtempSync(join(CACHE, `building-${module.name}-`));
  const cleanUp = () => rmSync(work, { recursive: true, force: true });
  process.once('exit', cleanUp);
  try {
    writeSources(sourcesOf(module), work);
    await layCopy(module, work);
    mkdirSync(join(work, 'out'));
    await make(module, work);
    moveIn(join(work, 'out'), folder);
  } catch (problem) {
    throw new Error(`${module.name} was not built, and nothing half-made is left. What it is built from is in test/real/binaries.`, { cause: problem });
  } finally {
    process.off('exit', cleanUp);
    cleanUp();
    dropGoCacheWhenShort();
  }
  return folder;
}

async function compilePrograms(module: GoModule, work: string): Promise<void> {
  const flags = ['-mod=readonly', '-trimpath', '-ldflags', linkerFlagsOf(module)];
  for (const [program, pkg] of Object.entries(module.programs)) {
    await runGo(work, 'build', ...flags, '-o', join('out', program), pkg);
  }
  await keepFolders(module, work);
  const [only = ''] = Object.keys(module.programs);
  for (const link of module.links) symlinkSync(only, join(work, 'out', link));
}

/** Files of modules as they were published. Go has compared their bytes with the public checksums. */
async function keepFolders({ folders = {} }: GoModule, work: string): Promise<void> {
  for (const [name, place] of Object.entries(folders)) {
    const [module = '', version = '', path = ''] = place.split(' ');
    const from = await moduleFolder(work, module, version);
    cpSync(join(from, path), join(work, 'out', name), { recursive: true });
  }
}

/** Only who writes `lib/versions/` anew asks for these: they link each component once more. */
async function describeComponents(_: GoModule, work: string): Promise<void> {
  for (const component of COMPONENTS) {
    const description = await runGo(work, 'run', '-mod=readonly', '-trimpath', `./describe/${component}`);
    writeFileSync(join(work, 'out', `${component}.json`), description);
  }
}

/** Another process may have built the same in the meantime: its result is as good as ours. */
function moveIn(from: string, folder: string): void {
  try {
    renameSync(from, folder);
  } catch (problem) {
    if (!existsSync(folder)) throw problem;
  }
}

function dropGoCacheWhenShort(): void {
  const { bavail, bsize } = statfsSync(CACHE);
  if (bavail * bsize < SHORT_OF_DISK) rmSync(GO_BUILD_CACHE, { recursive: true, force: true });
}

/** A signal ends us through `process.exit`, so that what hangs on `exit` (half-made folders, started programs) goes too. */
export function exitOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
}
