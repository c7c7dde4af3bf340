import type { Manifest } from '../../lib/model/manifest.ts';
import { DELIVERY, serviceHost, SERVICES } from '../../lib/model/names.ts';
import type { ResolvedTool } from '../../lib/model/resolved-delivery.ts';
import { discoveryBundle } from '../../lib/pki/discovery.ts';
import { kubeconfigTemplate } from '../../lib/pki/kubeconfig.ts';
import { certificateOf } from '../../lib/pki/plan.ts';
import { isPruned, isStaged, isTenantPart, partFolder, PARTS, type PartName } from '../parts.ts';
import { KUBECONFIG_KEY, kustomization, type HealthCheck } from './flux.ts';
import { manifestsIn } from './kinds.ts';
import { deliveryLabels, goesWithItsFiles, suspensionOf, type Delivered } from './names.ts';

interface Folder {
  readonly part: PartName;
  /** Null: the part as a whole. */
  readonly stage: string | null;
}

/** One cluster for Flux: a chain of folders, and a kubeconfig. */
export function fluxCluster(delivered: Delivered, { namespace }: ResolvedTool): Manifest[] {
  const folders = foldersOf(delivered);
  const chain = folders.map((folder, index) => folderKustomization(delivered, namespace, folder, folders[predecessor(folders, index)] ?? null));
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

function folderKustomization(delivered: Delivered, namespace: string, folder: Folder, before: Folder | null): Manifest {
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
  const kubeconfig = kubeconfigTemplate({
    cluster: cluster.name,
    server: `https://${serviceHost(cluster, SERVICES.apiserver)}:${cluster.components.apiserver.securePort}`,
    user: DELIVERY.flux.user,
    caPem: discoveryBundle(lock),
    certPem: certificate,
  });
  return {
    apiVersion: 'bitnami.com/v1alpha1',
    kind: 'SealedSecret',
    metadata: { name: DELIVERY.flux.secretOf(cluster.name), namespace, labels },
    spec: {
      encryptedData: { 'tls.key': sealed?.value ?? '' },
      // With this label a renewed certificate is used at once.
      template: { type: 'Opaque', metadata: { labels: { ...labels, 'reconcile.fluxcd.io/watch': 'Enabled' } }, data: { [KUBECONFIG_KEY]: kubeconfig } },
    },
  };
}
