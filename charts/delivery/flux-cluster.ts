import type { Manifest } from '../../lib/model/manifest.ts';
import { sopsSecret } from '../../lib/constructs/sops-secret.ts';
import { DELIVERY, KUBECONFIG_KEYS } from '../../lib/model/names.ts';
import type { ResolvedFlux } from '../../lib/model/resolved-delivery.ts';
import { discoveryBundle } from '../../lib/pki/credentials/discovery.ts';
import { fluxTarget, kubeconfigTemplate } from '../../lib/pki/credentials/kubeconfig.ts';
import { certificateOf, isSops, valueOf } from '../../lib/pki/plan.ts';
import { isPruned, isStaged, isTenantPart, partFolder, PARTS, type PartName } from '../parts.ts';
import { kustomization, type HealthCheck } from './flux.ts';
import { manifestsIn } from './kinds.ts';
import { deliveryLabels, goesWithItsFiles, suspensionOf, type Delivered } from './names.ts';

interface Folder {
  readonly part: PartName;
  /** Null: the part as a whole. */
  readonly stage: string | null;
}

/** One cluster for Flux: a chain of folders, and a kubeconfig. */
export function fluxCluster(delivered: Delivered, { namespace, decryption }: ResolvedFlux): Manifest[] {
  const folders = foldersOf(delivered);
  const chain = folders.map((folder, index) => folderKustomization(delivered, { namespace, decryption }, folder, folders[predecessor(folders, index)] ?? null));
  return [...chain, kubeconfigSecret(delivered, namespace)];
}

/**
 * A control plane stage by stage. A tenant is one folder with all below it: nothing in it needs another to be healthy, and
 * what a stage leaves behind when it goes is pruned only by who applied it.
 */
function foldersOf({ charts }: Delivered): Folder[] {
  return PARTS.filter((part) => charts.some(({ spec }) => spec.part === part)).flatMap((part): Folder[] => {
    if (!isStaged(part)) return [{ part, stage: null }];
    const stages = [...new Set(charts.filter(({ spec }) => spec.part === part).map(({ spec }) => spec.stage))];
    return stages.map((stage) => ({ part, stage }));
  });
}

/** Regular work on an etcd holds nothing up: what follows it waits for what it waits for itself. */
function predecessor(folders: readonly Folder[], index: number): number {
  const before = index - 1;
  return folders[before]?.stage === 'upkeep' ? before - 1 : before;
}

/** At most 63 characters, since Flux labels everything with it: no name of a stage is that of another part's. */
const nameOf = (cluster: string, { part, stage }: Folder): string => `${cluster}-${stage ?? part}`;

/** These every cluster has for as long as it is wanted, so that their Kustomizations go only by mistake; the others come and go. */
const LASTING: readonly (string | null)[] = ['etcd', 'apiserver', 'controllers', null];

function folderKustomization(delivered: Delivered, { namespace, decryption }: Pick<ResolvedFlux, 'namespace' | 'decryption'>, folder: Folder, before: Folder | null): Manifest {
  const { cluster, delivery, charts } = delivered;
  const { part, stage } = folder;
  const isTenant = isTenantPart(part);
  const goes = goesWithItsFiles(cluster) && !isTenant;
  return kustomization(delivery, namespace, {
    name: nameOf(cluster.name, folder),
    owner: cluster.name,
    part,
    source: cluster.meta.name,
    folder: partFolder(cluster, part, stage ?? part),
    after: before === null ? null : nameOf(cluster.name, before),
    prune: isPruned(part) || goes,
    goes: goes || !LASTING.includes(stage),
    waitFor: part === 'tenant-crds' ? 'all' : stage === null ? [] : workloadsOf(manifestsIn(charts, (spec) => spec.part === part && spec.stage === stage)),
    kubeconfig: isTenant ? DELIVERY.flux.secretOf(cluster.name) : null,
    decryption: part === 'data' ? decryption : null,
    suspended: suspensionOf(delivered, isTenant),
  });
}

const AWAITED: readonly string[] = ['Deployment', 'Job', 'StatefulSet'];

/** What a stage is for. Everything else is there as soon as it is applied, or, like an address of a load balancer, is nobody's to wait for. */
const workloadsOf = (manifests: readonly Manifest[]): HealthCheck[] => manifests.filter(({ kind }) => AWAITED.includes(kind))
  .map(({ apiVersion, kind, metadata: { name, namespace = '' } }) => ({ apiVersion, kind, namespace, name }));

/** Self-contained, for Flux takes no other; it dials the API servers inside the meta cluster. */
function kubeconfigSecret({ cluster, lock }: Delivered, namespace: string): Manifest {
  const { certificate, sealed } = certificateOf(lock, 'flux');
  const labels = deliveryLabels(cluster.name);
  // With this label a renewed certificate is used at once.
  const watched = { ...labels, 'reconcile.fluxcd.io/watch': 'Enabled' };
  const metadata = { name: DELIVERY.flux.secretOf(cluster.name), namespace };
  if (sealed !== null && isSops(sealed)) return sopsSecret({ ...metadata, labels: watched }, 'Opaque', sealed) as unknown as Manifest;
  const kubeconfig = kubeconfigTemplate({ ...fluxTarget(cluster), caPem: discoveryBundle(lock), certPem: certificate });
  return {
    apiVersion: 'bitnami.com/v1alpha1',
    kind: 'SealedSecret',
    metadata: { ...metadata, labels },
    spec: {
      encryptedData: { 'tls.key': valueOf(sealed) },
      template: { type: 'Opaque', metadata: { labels: watched }, data: { [KUBECONFIG_KEYS.flux]: kubeconfig } },
    },
  };
}
