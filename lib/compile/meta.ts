import { App } from 'cdk8s';
import { deliveryBootstrap, metaDelivery, type DeliveryBootstrap } from '../../charts/delivery/index.ts';
import { bootstrapFiles, metaParts } from '../../charts/meta/index.ts';
import { SEALED_SECRETS_NAMESPACE } from '../../charts/meta/sealed-secrets-names.ts';
import { runChecks } from '../checks/check.ts';
import { EMPTY_CONTEXT, type CheckContext, type CheckedPart } from '../checks/input.ts';
import { layOut } from '../emit/layout.ts';
import type { FileSpec, Manifest } from '../model/manifest.ts';
import { toYaml } from '../yaml/serialize.ts';
import type { Delivery, Images } from '../model/definition.ts';
import type { JsonValue } from '../model/manifest.ts';
import type { ResolvedMetaCluster } from '../model/resolved-meta.ts';
import { hasErrors } from '../problem.ts';
import { resolveMeta } from '../resolve/meta.ts';
import { judgeMetaMove } from '../transitions/judge.ts';
import { judgeMeta } from '../validate/validate.ts';
import { headerOf, type Compiled } from './cluster.ts';
import { machineFiles } from './machine.ts';
import { withMade } from './made.ts';
import { metaRecord } from './record.ts';

/** Everything that the files of a meta cluster follow from. */
export interface MetaInput {
  readonly definition: unknown;
  readonly of: string;
  readonly images: Images | undefined;
  /** Its record in `dist/`: what it was when that was last built; null when it was not there. */
  readonly past: string | null;
  readonly delivery: Delivery | undefined;
  readonly file: string;
}

/** The one Pod here that talks to the API server of the meta cluster: it makes Secrets there. */
const WAIVERS = [{ code: 'pod/service-account-token', source: 'platform.sealedSecrets', object: 'Deployment sealed-secrets/sealed-secrets-controller' }] as const;

/** kubeadm's files for the meta cluster itself, and the manifests of what control planes need in it. */
export function compileMeta({ definition, of, images, delivery, past, file }: MetaInput): Compiled {
  const judged = judgeMeta(definition, of);
  const { claims } = judged;
  if (hasErrors(judged.problems) || judged.definition === null) return { files: [], claims, due: null, problems: judged.problems };

  const meta = resolveMeta(judged.definition, images, delivery);
  const moved = judgeMetaMove(past, meta, of);
  if (hasErrors(moved)) return { files: [], claims, due: null, problems: [...judged.problems, ...moved] };

  const own = partsOf(meta);
  const parts = [...own, ...deliveryOf(meta, own)];
  const begin = deliveryBootstrap(meta);
  const applied = [...parts, ...begin.map((file) => beginningOf(meta, file))];
  const problems = [...judged.problems, ...runChecks(meta.name, applied, expectationsOf(meta))];
  if (hasErrors(problems)) return { files: [], claims, due: null, problems };

  const header = headerOf(file);
  const manifests = layOut(parts.map((part) => ({ ...part, manifests: part.manifests.map(({ manifest }) => manifest), header })));
  const machine = machineFiles(`${meta.name}/bootstrap`, meta.runtime, header);
  const made = withMade(claims, { name: meta.name, meta: meta.name, namespace: null }, applied, manifests);
  return { files: [...bootstrapOf(meta, begin, header), ...machine, ...manifests, metaRecord(meta)], claims: made, due: null, problems };
}

/** The author brings what images are pulled with, as in every control plane's namespace. */
function expectationsOf(meta: ResolvedMetaCluster): CheckContext {
  const pullSecret = (name: string) => ({ api: meta.name, kind: 'Secret', namespace: SEALED_SECRETS_NAMESPACE, name, keys: null });
  return { ...EMPTY_CONTEXT, provided: meta.images.pullSecrets.map(pullSecret), waivers: WAIVERS };
}

function partsOf(meta: ResolvedMetaCluster): CheckedPart[] {
  const app = new App();
  return metaParts(meta).map(({ folder, namespace, charts }) => ({
    folder,
    namespace,
    api: meta.name,
    target: meta.minor,
    manifests: charts.flatMap(({ source, stage, build }) =>
      (build(app).toJson() as Manifest[]).map((manifest) => ({ manifest, source, stage }))),
  }));
}

type Placed = Pick<CheckedPart, 'folder' | 'namespace'> & { readonly manifests: readonly Manifest[] };

const deliveryPart = ({ name: api, minor: target }: ResolvedMetaCluster, { folder, namespace, manifests }: Placed): CheckedPart =>
  ({ folder, namespace, api, target, manifests: manifests.map((manifest) => ({ manifest, source: 'delivery', stage: 'delivery' })) });

/** What applies the parts, and so is in none of them. */
function deliveryOf(meta: ResolvedMetaCluster, parts: readonly CheckedPart[]): CheckedPart[] {
  const contents = parts.map(({ folder, manifests }) => ({ part: folder.slice(meta.name.length + 1), folder, manifests: manifests.map(({ manifest }) => manifest) }));
  return metaDelivery(meta, contents).map((part) => deliveryPart(meta, part));
}

const beginningOf = (meta: ResolvedMetaCluster, { path, namespace, manifests }: DeliveryBootstrap): CheckedPart =>
  deliveryPart(meta, { folder: `${meta.name}/bootstrap/${path}`, namespace, manifests });

/** For kubeadm, and for an operator: several documents a file, and above them the steps to take. GitOps never applies them. */
function bootstrapOf(meta: ResolvedMetaCluster, begin: readonly DeliveryBootstrap[], generated: string): FileSpec[] {
  return [...bootstrapFiles(meta), ...begin.map(({ manifests, ...file }) => ({ ...file, documents: manifests }))].map(({ path, header, documents }) => ({
    path: `${meta.name}/bootstrap/${path}`,
    text: [generated, ...header.map((line) => `# ${line}`.trimEnd()), documents.map((document) => toYaml(document as JsonValue)).join('---\n')].join('\n'),
  }));
}
