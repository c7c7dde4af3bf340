import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { GoModule } from './modules.ts';

/** The files of a Go module, by name; what a build starts from. */
export type Sources = Readonly<Record<string, string>>;

/** Go code that is not the same in every minor; what is not named here is as in the newest. */
const NEWEST_SLOTS = {
  contextImport: '\t"context"\n',
  kubeadmErrors: 'k8s.io/kubernetes/cmd/kubeadm/app/util/errors',
  kubeadmExit: 'HandleError',
  newKubelet: 'kubelet.NewKubeletCommand(context.Background())',
};
const SLOTS_OF_MINOR: Readonly<Record<string, Partial<typeof NEWEST_SLOTS>>> = {
  '1.33': {
    contextImport: '',
    kubeadmErrors: 'k8s.io/kubernetes/cmd/kubeadm/app/util',
    kubeadmExit: 'CheckErr',
    newKubelet: 'kubelet.NewKubeletCommand()',
  },
};

const here = (path: string) => new URL(path, import.meta.url);
const GO_CODE = here('source/');

/** Our own Go code of a module: nothing where it only builds other people's programs. */
export function goCodeOf(module: GoModule): Sources {
  if (module.folder) return filesIn(here(`${module.folder}/`));
  if (!module.kubernetes) return standInsOf(module);
  const minor = module.kubernetes.split('.').slice(0, 2).join('.');
  const slots: Readonly<Record<string, string>> = { ...NEWEST_SLOTS, ...SLOTS_OF_MINOR[minor] };
  const paths = readdirSync(GO_CODE, { recursive: true, encoding: 'utf8' }).filter((path) => /\.go(\.tmpl)?$/.test(path));
  return Object.fromEntries(paths.sort().map((path) => {
    const text = readFileSync(new URL(path, GO_CODE), 'utf8');
    return [path.replace(/\.tmpl$/, ''), text.replace(/\{\{(\w+)\}\}/g, (_, slot: string) => slots[slot] ?? '')];
  }));
}

const filesIn = (folder: URL, to = ''): Sources =>
  Object.fromEntries(readdirSync(folder).sort().map((name) => [`${to}${name}`, readFileSync(new URL(name, folder), 'utf8')]));

const standInsOf = ({ standIns = {} }: GoModule): Sources =>
  Object.assign({}, ...Object.entries(standIns).map(([to, folder]) => filesIn(here(`stand-ins/${folder}/`), `${to}/`))) as Sources;

/** Puts sources into a folder that Go can build. */
export function writeSources(sources: Sources, folder: string): void {
  for (const [path, text] of Object.entries(sources)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** Where a module's pins are committed. */
export const pinsOf = (module: GoModule) => here(`modules/${module.name}/`);

/** Everything a build of the module depends on, the pins included. */
export function sourcesOf(module: GoModule): Sources {
  const pins = pinsOf(module);
  if (!existsSync(pins)) throw new Error(`${module.name} has no pins: run tsx test/real/binaries/pin.ts`);
  const pin = (name: string) => readFileSync(new URL(name, pins), 'utf8');
  return { ...goCodeOf(module), 'go.mod': pin('go.mod'), 'go.sum': pin('go.sum') };
}

/** Linker flags: kubeadm and the version-skew checks must know which release they are. */
export function linkerFlagsOf(module: GoModule): string {
  const [major, minor] = module.kubernetes?.split('.') ?? [];
  if (!module.kubernetes) return '-s -w';
  const version = {
    gitVersion: `v${module.kubernetes}`, gitMajor: major, gitMinor: minor, gitTreeState: 'clean',
    gitCommit: '0'.repeat(40), buildDate: '1970-01-01T00:00:00Z',
  };
  const set = (pkg: string) => Object.entries(version).map(([name, value]) => `-X ${pkg}.${name}=${value}`);
  return ['-s -w', ...set('k8s.io/component-base/version'), ...set('k8s.io/client-go/pkg/version')].join(' ');
}

/** Names the folder of the results: another byte anywhere, another folder. */
export function digestOf(module: GoModule): string {
  const parts = [module, linkerFlagsOf(module), Object.entries(sourcesOf(module)).sort()];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 20);
}
