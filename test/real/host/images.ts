import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Minor } from '../../../lib/versions/minor.ts';
import { programPath } from '../binaries/build.ts';
import { CACHE } from '../binaries/go.ts';
import { EARLIER_RELEASE, KUBERNETES_RELEASES } from '../binaries/modules.ts';
import { run } from './command.ts';
import { sha256, tarOf, writeWhole, type TarEntry } from './tar.ts';

/** Images that share layers, in one file that `ctr images import` takes. */
interface Archive {
  readonly name: string;
  readonly images: readonly Image[];
}

interface Image {
  /** Every reference it is known by. */
  readonly names: readonly string[];
  readonly layers: readonly (readonly TarEntry[])[];
  /** What it runs when a Pod names no command. */
  readonly entrypoint?: string;
}

/** What `kubeadm` of each minor asks for beside Kubernetes itself. One build of each program stands for all of its tags. */
const PAIRED: Readonly<Record<Minor, { readonly etcd: string; readonly coredns: string; readonly pause: string }>> = {
  '1.33': { etcd: '3.5.24-0', coredns: 'v1.12.0', pause: '3.10' },
  '1.34': { etcd: '3.6.5-0', coredns: 'v1.12.1', pause: '3.10.1' },
  '1.35': { etcd: '3.6.6-0', coredns: 'v1.13.1', pause: '3.10.1' },
  '1.36': { etcd: '3.6.8-0', coredns: 'v1.14.2', pause: '3.10.2' },
};

const REGISTRY = 'registry.k8s.io';
const BUSYBOX: TarEntry = { path: 'bin/busybox', file: '/bin/busybox' };
const COPYING: readonly TarEntry[] = [BUSYBOX, { path: 'bin/cp', link: 'busybox' }];
const FLANNEL = 'ghcr.io/flannel-io';
const bin = (name: string): string => `usr/local/bin/${name}`;
const paired = (what: 'etcd' | 'coredns' | 'pause', image: string, tags = (_: string): boolean => true): string[] =>
  [...new Set(Object.values(PAIRED).map((pair) => pair[what]).filter(tags))].map((tag) => `${REGISTRY}/${image}:${tag}`);

/** How each archive is made. Nothing is built before an image of it is asked for. */
const ARCHIVES: Readonly<Record<string, () => Promise<readonly Image[]>>> = {
  ...Object.fromEntries(Object.entries(KUBERNETES_RELEASES).map(([minor, release]) => [`kubernetes-${minor}`, () => kubernetes(minor, release)])),
  [`kubernetes-${EARLIER_RELEASE}`]: () => controlPlane(`kubernetes-${EARLIER_RELEASE}`, EARLIER_RELEASE),
  'etcd-3.5': () => etcd('etcd-3.5', ['gcr.io/etcd-development/etcd:v3.5.35', ...paired('etcd', 'etcd', (tag) => tag.startsWith('3.5.'))]),
  'etcd-3.6': () => etcd('etcd-3.6', ['gcr.io/etcd-development/etcd:v3.6.16', ...paired('etcd', 'etcd', (tag) => tag.startsWith('3.6.'))]),
  coredns: () => oneProgram('coredns', 'coredns', 'coredns', paired('coredns', 'coredns/coredns')),
  pause: () => oneProgram('pause', 'pause', 'pause', paired('pause', 'pause')),
  'sealed-secrets': () => oneProgram('sealed-secrets', 'controller', bin('controller'), ['docker.io/bitnami/sealed-secrets-controller:0.40.0']),
  konnectivity: () => Promise.all(['proxy-server', 'proxy-agent'].map(konnectivity)),
  'metrics-server': () => oneProgram('metrics-server', 'metrics-server', 'metrics-server', [`${REGISTRY}/metrics-server/metrics-server:v0.9.0`]),
  ghostunnel: async () => [{ names: ['docker.io/ghostunnel/ghostunnel:v1.11.2'], layers: [await alpineGhostunnel()] }],
  traefik: () => oneProgram('traefik', 'traefik', bin('traefik'), [TRAEFIK_IMAGE]),
  'csi-provisioner': () => oneProgram('csi-provisioner', 'csi-provisioner', 'csi-provisioner', [`${REGISTRY}/sig-storage/csi-provisioner:v6.3.0`]),
  'csi-folders': () => oneProgram('csi-folders', 'csi-folders', 'csi-folders', ['registry.csi.test/csi-folders:1.0.0']),
  rclone: () => oneProgram('rclone', 'rclone', bin('rclone'), ['docker.io/rclone/rclone:1.71.2']),
  flannel,
  'flannel-cni-plugin': flannelPlugin,
  curl: async () => [{ names: ['docker.io/curlimages/curl:8.16.0'], layers: [await debianCurl()] }],
  busybox: async () => [{ names: ['docker.io/library/busybox:1.35'], layers: [[BUSYBOX, { path: 'bin/sh', link: 'busybox' }]] }],
};

/** The archive of each image by the image's name, as far as names are known without a build. */
const OWNERS: readonly (readonly [RegExp, (version: string) => string])[] = [
  [/^registry\.k8s\.io\/kube(?:ctl|-[a-z-]+):v(\d+\.\d+\.\d+)$/, (release) => `kubernetes-${release === EARLIER_RELEASE ? release : release.replace(/\.\d+$/, '')}`],
  [/etcd:v?(3\.\d+)\.\d+(?:-0)?$/, (minor) => `etcd-${minor}`],
  [/\/coredns:/, () => 'coredns'],
  [/\/pause:/, () => 'pause'],
  [/\/sealed-secrets-controller:/, () => 'sealed-secrets'],
  [/\/kas-network-proxy\/proxy-(?:server|agent):/, () => 'konnectivity'],
  [/\/metrics-server:/, () => 'metrics-server'],
  [/\/(flannel(?:-cni-plugin)?):/, (name) => name],
  [/\/(csi-(?:provisioner|folders)):/, (name) => name],
  [/\/(ghostunnel|traefik):/, (name) => name],
  [/\/rclone:/, () => 'rclone'],
  [/\/curl:/, () => 'curl'],
  [/\/busybox:/, () => 'busybox'],
];

/** What a Gateway is made of. */
export const TRAEFIK_IMAGE = 'docker.io/library/traefik:v3.7.13';

/** The sandbox image of every machine. */
export const SANDBOX_IMAGE = `${REGISTRY}/pause:${PAIRED['1.34'].pause}`;

/** The archive files that hold these images, made when they are not there yet. */
export async function archivesOf(images: readonly string[]): Promise<string[]> {
  const names = [...new Set(images.map(archiveNameOf))];
  const files: string[] = [];
  for (const name of names) files.push(await archiveFile(name, images.filter((image) => archiveNameOf(image) === name)));
  return files;
}

function archiveNameOf(image: string): string {
  for (const [pattern, name] of OWNERS) {
    const match = pattern.exec(image);
    if (match) return name(match[1] ?? '');
  }
  throw new Error(`no image ${image} is made here; test/real/host/images.ts has the list`);
}

async function archiveFile(name: string, wanted: readonly string[]): Promise<string> {
  const images = await ARCHIVES[name]?.() ?? [];
  const missing = wanted.filter((image) => !images.some(({ names }) => names.includes(image)));
  if (missing.length > 0) throw new Error(`${missing.join(', ')} is not among the images of ${name}: ${images.flatMap(({ names }) => names).join(', ')}`);
  const file = join(CACHE, `image-${name}-${digestOf(images)}.tar`);
  if (!existsSync(file)) writeArchive(file, { name, images });
  return file;
}

/** Programs in the cache are known by the hash in their folder's name; files of the host by their content. */
function digestOf(images: readonly Image[]): string {
  const content = JSON.stringify(images, (key, value: unknown) =>
    (key === 'file' && typeof value === 'string' && !value.startsWith(CACHE) ? sha256(readFileSync(value)) : value));
  return sha256(content).slice(0, 20);
}

/** https://github.com/moby/docker-image-spec/blob/main/spec.md: a manifest, a configuration an image, and the layers. */
function writeArchive(file: string, { images }: Archive): void {
  const blobs = new Map<string, Buffer>();
  const keep = (content: Buffer, suffix: string): string => {
    const path = `${sha256(content)}${suffix}`;
    blobs.set(path, content);
    return path;
  };
  const manifest = images.map(({ names, layers, entrypoint }) => {
    const tars = layers.map((entries) => keep(tarOf(entries), '.tar'));
    const config = configOf(entrypoint, tars.map((path) => `sha256:${path.replace('.tar', '')}`));
    return { Config: keep(Buffer.from(JSON.stringify(config)), '.json'), RepoTags: names, Layers: tars };
  });
  const entries = [...blobs].map(([path, bytes]): TarEntry => ({ path, bytes }));
  mkdirSync(CACHE, { recursive: true });
  writeWhole(file, tarOf([...entries, { path: 'manifest.json', text: JSON.stringify(manifest) }]));
}

const configOf = (entrypoint: string | undefined, layers: readonly string[]): object => ({
  architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
  os: 'linux',
  config: { Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'], WorkingDir: '/', ...(entrypoint === undefined ? {} : { Entrypoint: [entrypoint] }) },
  rootfs: { type: 'layers', diff_ids: layers },
});

/** The components of a hosted control plane, and what machines of a meta cluster run beside them. */
async function kubernetes(minor: string, release: string): Promise<Image[]> {
  const module = `kubernetes-${minor}`;
  return [...await controlPlane(module, release), await componentImage(module, release, 'kube-proxy', await packetFilter(), await ipSets()), await componentImage(module, release, 'kubectl')];
}

const controlPlane = (module: string, release: string): Promise<Image[]> =>
  Promise.all(['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'].map((component) => componentImage(module, release, component)));

/** All components are in one file, which each image calls by another name; the layer with that file is shared. */
async function componentImage(module: string, release: string, component: string, ...more: TarEntry[][]): Promise<Image> {
  const programs = [{ path: bin('kubernetes'), file: await programPath(module, 'kubernetes') }];
  return { names: [`${REGISTRY}/${component}:v${release}`], layers: [programs, [{ path: bin(component), link: 'kubernetes' }], ...more] };
}

async function etcd(module: string, names: readonly string[]): Promise<Image[]> {
  const programs = ['etcd', 'etcdctl', 'etcdutl'];
  const entries = await Promise.all(programs.map(async (program) => ({ path: bin(program), file: await programPath(module, program) })));
  return [{ names, layers: [entries] }];
}

async function oneProgram(module: string, program: string, path: string, names: readonly string[]): Promise<Image[]> {
  return [{ names, layers: [[{ path, file: await programPath(module, program) }]], entrypoint: `/${path}` }];
}

const konnectivity = async (program: string): Promise<Image> => ({
  names: [`${REGISTRY}/kas-network-proxy/${program}:v0.34.0`],
  layers: [[{ path: program, file: await programPath('konnectivity', program) }]],
  entrypoint: `/${program}`,
});

const FILTER_PROGRAMS = ['iptables', 'ip6tables'].flatMap((name) => [name, `${name}-save`, `${name}-restore`]);
const FILTER_MODULES = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/xtables`;

/** iptables and nft as kube-proxy runs them: Debian's programs, the extensions of iptables, and the libraries of all. */
async function packetFilter(): Promise<TarEntry[]> {
  const programs = ['/usr/sbin/xtables-nft-multi', '/usr/sbin/nft'];
  const modules = readdirSync(FILTER_MODULES).map((name) => join(FILTER_MODULES, name));
  return [
    ...await withLibraries([...programs, ...modules]),
    ...FILTER_PROGRAMS.map((name) => ({ path: `usr/sbin/${name}`, link: 'xtables-nft-multi' })),
  ];
}

/** ipset as kube-proxy runs it for IPVS. It knows protocols by their names in the file only. */
async function ipSets(): Promise<TarEntry[]> {
  return [...await withLibraries(['/usr/sbin/ipset']), { path: 'etc/protocols', file: '/etc/protocols' }];
}

/** flanneld, the iptables that it calls, and what lays its configuration on a machine. */
async function flannel(): Promise<Image[]> {
  const daemon = { path: 'opt/bin/flanneld', file: await programPath('flannel', 'flanneld') };
  return [{ names: [`${FLANNEL}/flannel:v0.28.9`], layers: [await packetFilter(), [daemon, ...COPYING]] }];
}

/** An ancestor stands for the plugin: of its own repository the Go module proxy has nothing. */
async function flannelPlugin(): Promise<Image[]> {
  const plugin = { path: 'flannel', file: await programPath('flannel-cni-plugin', 'flannel') };
  return [{ names: [`${FLANNEL}/flannel-cni-plugin:v1.9.1-flannel3`], layers: [[plugin, ...COPYING]] }];
}

/** ghostunnel on Alpine, as its authors publish it, with the tools of that. */
async function alpineGhostunnel(): Promise<TarEntry[]> {
  const tools = ['sh', 'grep', 'ip', 'rm', 'sleep'];
  return [{ path: 'usr/bin/ghostunnel', file: await programPath('ghostunnel', 'ghostunnel') }, ...await withLibraries(['/usr/bin/curl']), BUSYBOX, ...tools.map((name) => ({ path: `bin/${name}`, link: 'busybox' }))];
}

/** Debian's curl for the release that the image is named after, and the tools beside it, as Alpine has them. */
async function debianCurl(): Promise<TarEntry[]> {
  const tools = ['sh', 'cat', 'cmp', 'grep', 'mv', 'nslookup', 'rm', 'sed', 'sleep', 'test', 'tr', 'wc'];
  return [...await withLibraries(['/usr/bin/curl']), BUSYBOX, ...tools.map((name) => ({ path: `bin/${name}`, link: 'busybox' }))];
}

/** Programs of the host at their own places, with every library that they load. */
async function withLibraries(programs: readonly string[]): Promise<TarEntry[]> {
  const libraries = (await run(['ldd', ...programs])).matchAll(/(?:=>\s+|^\s+)(\/\S+)\s+\(/gm);
  const files = [...programs, ...new Set([...libraries].map(([, path = '']) => path))];
  return files.map((file) => ({ path: file.slice(1), file }));
}
