import { clusterDelivery } from '../../charts/delivery/index.ts';
import { renderCluster, type RenderedChart } from '../../charts/index.ts';
import { clusterFolder, isTenantPart, partFolder, PARTS, type PartName } from '../../charts/parts.ts';
import { renderAddon } from '../addons/render.ts';
import { addonContext } from '../checks/addons.ts';
import { runChecks } from '../checks/check.ts';
import { expectationsOf } from '../checks/control-plane.ts';
import { TENANT_WAIVERS } from '../checks/tenant.ts';
import type { CheckContext, CheckedPart } from '../checks/input.ts';
import { layOut } from '../emit/layout.ts';
import type { FileSpec } from '../model/manifest.ts';
import type { Delivery, Images, MetaClusterDefinition } from '../model/definition.ts';
import type { ResolvedCluster } from '../model/resolved.ts';
import { planOf } from '../pki/certificates.ts';
import { checkLock, firstDue } from '../pki/coverage.ts';
import { parseLock } from '../pki/lock.ts';
import type { PkiLock } from '../pki/plan.ts';
import type { Sealing } from '../pki/sealing.ts';
import { hasErrors, type Problem } from '../problem.ts';
import { metaView, resolve } from '../resolve/resolve.ts';
import { judgeClusterMove } from '../transitions/judge.ts';
import type { Claims } from '../validate/claims.ts';
import { judgeCluster } from '../validate/validate.ts';
import { machineFiles } from './machine.ts';
import { withMade, type Home } from './made.ts';
import { recordOf } from './record.ts';
import { oversized } from './sizes.ts';

/** Everything that the manifests of a cluster follow from. */
export interface ClusterInput {
  readonly definition: unknown;
  /** What problems call it: its name, or its place in the fleet when that is no name. */
  readonly of: string;
  /** The meta cluster that hosts it; null when the fleet has none of that name, which the fleet's own rules tell. */
  readonly meta: MetaClusterDefinition | null;
  /** The fleet's images. */
  readonly images: Images | undefined;
  /** How the fleet is delivered. */
  readonly delivery: Delivery | undefined;
  /** Text of the lock beside the definition; null when there is none. */
  readonly lock: string | null;
  /** Its record in `dist/`: what it was when that was last built; null when it was not there. */
  readonly past: string | null;
  readonly sealing: Pick<Sealing, 'fingerprint'> | null;
  /** The definition's file, for the first line of every manifest. */
  readonly file: string;
}

/** What became of one owner of files. With an error there are no files. */
export interface Compiled {
  readonly files: readonly FileSpec[];
  readonly problems: readonly Problem[];
  /** What it takes of what the fleet has in common; null when its definition cannot be read. */
  readonly claims: Claims | null;
  /** When the first of its certificates is due; null when none will be, or none were read. */
  readonly due: string | null;
}

/** The whole compiler: one stage a line. No clock, no random, no environment, no disk. */
export function compileCluster(input: ClusterInput): Compiled {
  const judged = judgeCluster(input.definition, { meta: input.meta, delivery: input.delivery }, input.of);
  const { definition, claims } = judged;
  if (hasErrors(judged.problems) || definition === null || input.meta === null) return { files: [], claims, due: null, problems: judged.problems };

  const cluster = resolve(definition, { meta: metaView(input.meta), images: input.images, delivery: input.delivery });
  const moved = judgeClusterMove(input.past, cluster, input.of);
  if (hasErrors(moved)) return { files: [], claims, due: null, problems: [...judged.problems, ...moved] };

  const locked = openLock(cluster, input);
  if (locked.lock === null) return { files: [], claims, due: null, problems: [...judged.problems, ...locked.problems] };

  const charts = renderCluster(cluster, locked.lock, (definition.addons ?? []).map((addon) => renderAddon(addon).manifests));
  const parts = [...partsOf(cluster, charts), ...deliveryOf(cluster, locked.lock, charts)];
  const problems = [...judged.problems, ...locked.problems, ...runChecks(cluster.name, parts, contextOf(cluster, locked.lock))];
  const due = firstDue(planOf(cluster), locked.lock);
  if (hasErrors(problems)) return { files: [], claims, due, problems };

  const header = headerOf(input.file);
  const manifests = layOut(parts.map((part) => ({ ...part, manifests: part.manifests.map(({ manifest }) => manifest), header })));
  const large = cluster.delivery?.argocd == null ? [] : oversized(cluster.name, PARTS.map((part) => partFolder(cluster, part)), manifests);
  if (large.length > 0) return { files: [], claims, due, problems: [...problems, ...large] };
  const machine = machineFiles(`${clusterFolder(cluster)}/machine`, cluster.nodes.runtime, header);
  return { files: [...manifests, ...machine, recordOf(cluster, charts, locked.lock)], claims: withMade(claims, homeOf(cluster), parts, manifests), due, problems };
}

/** What the checks cannot read from the manifests: of the control plane, of what is in the cluster, and of its own add-ons. */
function contextOf(cluster: ResolvedCluster, lock: PkiLock): CheckContext {
  const [own, addons] = [expectationsOf(cluster, lock), addonContext(cluster)];
  return { ...own, provided: [...own.provided, ...addons.provided], foreignKinds: addons.foreignKinds, acknowledged: addons.acknowledged, waivers: [...TENANT_WAIVERS, ...addons.waivers] };
}

interface OpenedLock {
  /** Null when it cannot be read, or does not cover what the cluster needs. */
  readonly lock: PkiLock | null;
  readonly problems: readonly Problem[];
}

function openLock(cluster: ResolvedCluster, { lock, sealing }: ClusterInput): OpenedLock {
  const parsed = parseLock(lock, cluster.name);
  if (!parsed.ok) return { lock: null, problems: parsed.problems };
  const problems = checkLock(planOf(cluster), parsed.lock, sealing);
  return { lock: hasErrors(problems) ? null : parsed.lock, problems };
}

const homeOf = ({ name, meta, namespace }: ResolvedCluster): Home => ({ name, meta: meta.name, namespace });

/** The comment that every generated file begins with. */
export const headerOf = (file: string): string => `# Generated by kubewright from ${file}; do not edit.`;

/** Which API server receives a part: the cluster's own, or that of the meta cluster, in the control plane's namespace. */
function receiverOf(cluster: ResolvedCluster, part: PartName): Pick<CheckedPart, 'api' | 'target' | 'namespace'> {
  if (isTenantPart(part)) return { api: cluster.name, target: cluster.minor, namespace: null };
  return { api: cluster.meta.name, target: cluster.meta.minor, namespace: cluster.namespace };
}

/** One folder a stage, so that a tool which orders by folder can; a part with one stage is a folder by itself. */
function partsOf(cluster: ResolvedCluster, charts: readonly RenderedChart[]): CheckedPart[] {
  const folders = new Map<string, CheckedPart & { manifests: CheckedPart['manifests'][number][] }>();
  for (const { spec, manifests } of charts) {
    const folder = partFolder(cluster, spec.part, spec.stage);
    const part = folders.get(folder) ?? { folder, ...receiverOf(cluster, spec.part), manifests: [] };
    part.manifests.push(...manifests.map((manifest) => ({ manifest, source: spec.source, stage: spec.stage })));
    folders.set(folder, part);
  }
  return [...folders.values()];
}

/** What applies them, for the meta cluster's API server. No stage of a rollout, and so in no record. */
function deliveryOf(cluster: ResolvedCluster, lock: PkiLock, charts: readonly RenderedChart[]): CheckedPart[] {
  const { name: api, minor: target } = cluster.meta;
  return clusterDelivery(cluster, lock, charts).map(({ folder, namespace, manifests }) =>
    ({ folder, namespace, api, target, manifests: manifests.map((manifest) => ({ manifest, source: 'delivery', stage: 'delivery' })) }));
}
