import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isTenantPart, partFolder } from '../../charts/parts.ts';
import { hashText, readIndex } from '../emit/index-file.ts';
import type { Manifest } from '../model/manifest.ts';
import { recordPath } from '../model/record.ts';
import { isRecord, readTexts } from '../pki/records.ts';
import type { Problem } from '../problem.ts';
import { readOwnYaml } from '../yaml/read.ts';
import { indexOf } from './build.ts';
import { forgetFindings } from './cache.ts';
import type { OpenFleet } from './owners.ts';

/** One folder of `dist/`, and whose API server takes it. */
export interface BootstrapStep {
  /** Below the root. */
  readonly folder: string;
  /** Name of the meta cluster, or of the cluster that it hosts. */
  readonly api: string;
  /** Those that others live in or are a kind of come first. */
  readonly manifests: readonly Manifest[];
  /** A delivery tool's own installation has some of these fields too, and another value in them. */
  readonly forced: boolean;
}

export type Bootstrap = { readonly ok: true; readonly steps: readonly BootstrapStep[] } | { readonly ok: false; readonly problems: readonly Problem[] };

/** Who applies what follows the platform. */
export type DeliveryTool = 'argocd' | 'flux';

/** The tools that a fleet says it is delivered by. */
export const deliveryTools = ({ fleet }: OpenFleet): readonly DeliveryTool[] =>
  ({ argocd: ['argocd'], flux: ['flux'], both: ['argocd', 'flux'], none: [] } as const)[fleet.delivery?.tool ?? 'none'];

/**
 * What to apply once to a meta cluster that has just been made, in order, as `dist/` has it. A tool takes over with its
 * root, and no cluster stands here; without one they follow the platform, stage by stage, since nobody else brings them.
 */
export function bootstrapSteps(open: OpenFleet, meta: string, tool: DeliveryTool | null): Bootstrap {
  const hosted = tool === null ? open.fleet.clusters.filter((cluster) => cluster.meta === meta).map(({ name }) => name) : [];
  const [platform, ...clusters] = [meta, ...hosted].map((name) => readOwner(open.root, name));
  const owners = platform === undefined ? clusters : [platform, ...clusters];
  const problems = owners.flatMap((owner) => owner.problems);
  if (problems.length > 0) {
    forgetFindings(open.root, owners.filter((owner) => owner.problems.length > 0).map(({ name }) => name));
    return { ok: false, problems };
  }
  const files = owners.flatMap(({ manifests }) => [...manifests]);
  const parts = ['crds', 'platform', ...(tool === null ? [] : [`bootstrap/${tool}`])].map((part) => ({ api: meta, folder: `${meta}/${part}` }));
  const folders = [...parts, ...clusters.flatMap((cluster) => stagesOf(meta, cluster))];
  const steps = folders.map(({ api, folder }) => ({
    api, folder: `dist/${folder}`, forced: folder.startsWith(`${meta}/bootstrap/`),
    manifests: files.filter(([path]) => dirname(path) === folder).map(([, manifest]) => manifest).sort(byRank),
  }));
  return { ok: true, steps: steps.filter(({ manifests }) => manifests.length > 0) };
}

/** The stages of a cluster in the order that its record has them. What is inside a cluster goes to its own API server. */
const stagesOf = (meta: string, { name, parts }: OwnedFiles): Pick<BootstrapStep, 'api' | 'folder'>[] => parts.flatMap(({ part, stages }) => stages.map((stage) => ({
  api: isTenantPart(part) ? name : meta,
  folder: partFolder({ name, meta: { name: meta } }, part, stage),
})));

interface OwnedFiles {
  readonly name: string;
  /** With their paths; several may be in one file. */
  readonly manifests: readonly (readonly [path: string, manifest: Manifest])[];
  /** Of a cluster: its parts and their stages, in order. */
  readonly parts: readonly { readonly part: string; readonly stages: readonly string[] }[];
  readonly problems: readonly Problem[];
}

/** What a build wrote for an owner. What somebody has changed since is not applied: nobody has reviewed it. */
function readOwner(root: string, name: string): OwnedFiles {
  const reading = readIndex(textAt(indexOf(root, name)));
  if (!reading.ok || reading.index.size === 0) return { name, manifests: [], parts: [], problems: [notBuilt(name)] };
  const texts = [...reading.index].map(([path, digest]) => {
    const text = textAt(join(root, 'dist', path));
    return { path, text: text !== null && hashText(text) === digest ? text : null };
  });
  const manifests = texts.flatMap(({ path, text }) => (text === null || !isApplied(path) ? [] : documentsIn(text).map((manifest) => [path, manifest] as const)));
  const record = texts.find(({ path }) => path === recordPath(name))?.text ?? null;
  return { name, manifests, parts: partsIn(record), problems: texts.filter(({ text }) => text === null).map(({ path }) => edited(path)) };
}

/** Not what kubeadm reads, and the machines' containerd. */
const isApplied = (path: string): boolean => path.endsWith('.yaml') && (!path.includes('/bootstrap/') || /\/bootstrap\/(?:argocd|flux)\//.test(path));

const documentsIn = (text: string): Manifest[] => text.split(/^---\n/m).map((document) => readOwnYaml(document) as unknown as Manifest);

/** None of a meta cluster. */
function partsIn(record: string | null): OwnedFiles['parts'] {
  const { parts } = JSON.parse(record ?? '{}') as { readonly parts?: unknown };
  return (Array.isArray(parts) ? parts : []).filter(isRecord).map(({ part, stages }) => ({ part: String(part), stages: readTexts(stages) }));
}

function textAt(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

const FIRST = ['Namespace', 'CustomResourceDefinition'];

const byRank = (a: Manifest, b: Manifest): number => Number(FIRST.includes(b.kind)) - Number(FIRST.includes(a.kind));

const notBuilt = (owner: string): Problem => ({
  code: 'bootstrap/not-built', severity: 'error', at: { of: owner, path: '' },
  what: `dist/ has nothing of ${owner}, or not whole.`,
  why: 'what was built and reviewed is applied, and nothing else.',
  fix: 'run `kubewright build` and review dist/ first.',
});

const edited = (path: string): Problem => ({
  code: 'bootstrap/edited', severity: 'error', at: { of: `dist/${path}`, path: '' },
  what: `dist/${path} is not as a build has written it.`,
  why: 'what was built and reviewed is applied, and nothing else.',
  fix: 'restore it from git; or run `kubewright build`, which makes it anew, and review the change.',
});
