import { App } from 'cdk8s';
import { PlacedChart, type KubernetesObject } from '../lib/constructs/place.ts';
import type { Manifest } from '../lib/model/manifest.ts';
import type { ResolvedCluster } from '../lib/model/resolved.ts';
import type { PkiLock } from '../lib/pki/plan.ts';
import { apiserverObjects } from './apiserver/apiserver.ts';
import { apiserverServices } from './apiserver/services.ts';
import { controllerManagerObjects } from './controllers/controller-manager.ts';
import { schedulerObjects } from './controllers/scheduler.ts';
import { namespaceObjects } from './data/namespace.ts';
import { networkPolicies } from './data/network-policies.ts';
import { secretObjects } from './data/secrets.ts';
import { memberVolumes } from './data/volumes.ts';
import { tenantManifests } from './delivery/kinds.ts';
import { rightsObjects } from './delivery/rights.ts';
import { forArgocd, type StageOrder } from './delivery/waves.ts';
import { etcdObjects } from './etcd/etcd.ts';
import { replacementObjects } from './etcd/replacement.ts';
import { backupClaim, finalSnapshot, upkeepObjects } from './etcd/upkeep.ts';
import { isTenantPart, PARTS, type PartName } from './parts.ts';
import { addonCharts, ADDON_STAGES } from './tenant/addons.ts';
import { apiserverProxyObjects } from './tenant/apiserver-proxy.ts';
import { bindingObjects } from './tenant/bindings.ts';
import { configObjects } from './tenant/config.ts';
import { dnsObjects } from './tenant/dns.ts';
import { konnectivityObjects } from './tenant/konnectivity.ts';
import { kubeProxyObjects } from './tenant/kube-proxy.ts';
import { metricsServerObjects } from './tenant/metrics-server.ts';
import { namespacedObjects } from './tenant/namespaces.ts';
import { networkObjects } from './tenant/network.ts';
import { kubeadmRules } from './tenant/rbac.ts';
import { storageObjects } from './tenant/storage.ts';

/** One chart of a cluster: what it places, in which part and stage, and which section of the definition it follows from. */
export interface ChartSpec {
  readonly id: string;
  readonly part: PartName;
  /** Step inside the part: the next one begins when this one is healthy. */
  readonly stage: string;
  readonly source: string;
  /** `tenant`: all that goes to the cluster's own API server, for what is around it. */
  readonly objects: (cluster: ResolvedCluster, lock: PkiLock, tenant: readonly Manifest[]) => KubernetesObject[];
}

/**
 * All charts of a cluster. The order is the order of a rollout: stages of a part follow one another as they first
 * stand here. `data` holds state and is never pruned; nothing in it is waited for, since a claim may bind only when
 * its Pod comes.
 */
export const CLUSTER_CHARTS: readonly ChartSpec[] = [
  { id: 'namespace', part: 'data', stage: 'data', source: '', objects: namespaceObjects },
  { id: 'network-policies', part: 'data', stage: 'data', source: 'network', objects: networkPolicies },
  { id: 'secrets', part: 'data', stage: 'data', source: 'certificates', objects: secretObjects },
  { id: 'etcd-volumes', part: 'data', stage: 'data', source: 'etcd.storage', objects: etcdVolumes },
  { id: 'etcd-replacement', part: 'control-plane', stage: 'etcd-members', source: 'etcd.members', objects: etcdReplacement },
  { id: 'etcd', part: 'control-plane', stage: 'etcd', source: 'etcd', objects: etcdMain },
  { id: 'etcd-events', part: 'control-plane', stage: 'etcd', source: 'etcd.events', objects: etcdEvents },
  { id: 'apiserver-services', part: 'control-plane', stage: 'apiserver', source: 'endpoint', objects: apiserverServices },
  { id: 'apiserver', part: 'control-plane', stage: 'apiserver', source: 'components.apiserver', objects: apiserverObjects },
  { id: 'controller-manager', part: 'control-plane', stage: 'controllers', source: 'components.controllerManager', objects: controllerManagerObjects },
  { id: 'scheduler', part: 'control-plane', stage: 'controllers', source: 'components.scheduler', objects: schedulerObjects },
  // Before upkeep, for whose Jobs nobody need wait.
  { id: 'delivery-rights', part: 'control-plane', stage: 'rights', source: 'delivery', objects: (cluster, _lock, tenant) => rightsObjects(cluster, tenant) },
  { id: 'upkeep', part: 'control-plane', stage: 'upkeep', source: 'etcd.backup', objects: etcdUpkeep },
  { id: 'final-snapshot', part: 'control-plane', stage: 'final-snapshot', source: 'etcd.backup', objects: etcdFinal },
  { id: 'tenant-rbac', part: 'tenant', stage: 'rbac', source: 'nodes', objects: kubeadmRules },
  { id: 'tenant-bindings', part: 'tenant', stage: 'rbac', source: 'bindings', objects: bindingObjects },
  { id: 'tenant-config', part: 'tenant', stage: 'config', source: 'nodes', objects: configObjects },
  { id: 'tenant-namespaces', part: 'tenant', stage: 'namespaces', source: 'namespaces', objects: namespacedObjects },
  { id: 'tenant-storage', part: 'tenant', stage: 'storage', source: 'storageClasses', objects: storageObjects },
  { id: 'kube-proxy', part: 'tenant', stage: 'kube-proxy', source: 'network.kubeProxy', objects: kubeProxyObjects },
  { id: 'apiserver-proxy', part: 'tenant', stage: 'apiserver-proxy', source: 'endpoint.expose', objects: apiserverProxyObjects },
  { id: 'network', part: 'tenant', stage: 'network', source: 'network.cni', objects: networkObjects },
  { id: 'konnectivity', part: 'tenant', stage: 'konnectivity', source: 'nodes.access', objects: konnectivityObjects },
  { id: 'dns', part: 'tenant', stage: 'dns', source: 'dns', objects: dnsObjects },
  { id: 'metrics', part: 'tenant', stage: 'metrics', source: 'metricsServer', objects: metricsServerObjects },
];

function etcdVolumes(cluster: ResolvedCluster): KubernetesObject[] {
  const { etcd } = cluster;
  if (etcd === null) return [];
  return [
    ...memberVolumes(cluster, 'etcd', etcd.storage),
    ...(etcd.events === null ? [] : memberVolumes(cluster, 'etcd-events', etcd.events.storage)),
    ...(etcd.backup === null ? [] : backupClaim(cluster, etcd.backup)),
  ];
}

/** Before the etcd itself: a lost member is off the list before its new configuration is there. */
function etcdReplacement(cluster: ResolvedCluster): KubernetesObject[] {
  const { etcd } = cluster;
  if (etcd === null) return [];
  return [
    ...replacementObjects({ cluster, name: 'etcd', etcd, own: etcd }),
    ...(etcd.events === null ? [] : replacementObjects({ cluster, name: 'etcd-events', etcd, own: etcd.events })),
  ];
}

function etcdMain(cluster: ResolvedCluster, lock: PkiLock): KubernetesObject[] {
  const { etcd } = cluster;
  return etcd === null ? [] : etcdObjects({ cluster, name: 'etcd', etcd, own: etcd }, lock);
}

function etcdEvents(cluster: ResolvedCluster, lock: PkiLock): KubernetesObject[] {
  const { etcd } = cluster;
  return etcd === null || etcd.events === null ? [] : etcdObjects({ cluster, name: 'etcd-events', etcd, own: etcd.events }, lock);
}

function etcdUpkeep(cluster: ResolvedCluster): KubernetesObject[] {
  return cluster.etcd === null ? [] : upkeepObjects(cluster, cluster.etcd);
}

/** Last of all: whatever the cluster stored until then is in it. */
function etcdFinal(cluster: ResolvedCluster): KubernetesObject[] {
  return cluster.etcd === null ? [] : finalSnapshot(cluster, cluster.etcd);
}

/** The manifests of one chart. */
export interface RenderedChart {
  readonly spec: Pick<ChartSpec, 'id' | 'part' | 'stage' | 'source'>;
  readonly manifests: readonly Manifest[];
}

/** A chart that places nothing for this cluster is left out. `addons`: the objects of each of the cluster's own add-ons. */
export function renderCluster(cluster: ResolvedCluster, lock: PkiLock, addons: readonly (readonly Manifest[])[] = []): RenderedChart[] {
  // One App a cluster, and no App.synth(): it walks the whole App again for every chart.
  const app = new App();
  const place = (specs: readonly ChartSpec[], tenant: readonly Manifest[]): RenderedChart[] => specs
    .map((spec) => ({ spec, manifests: new PlacedChart(app, spec.id, spec.objects(cluster, lock, tenant)).manifests() }))
    .filter(({ manifests }) => manifests.length > 0);
  const own = place(CLUSTER_CHARTS.filter(({ part }) => isTenantPart(part)), []);
  const inside = [...own, ...addonCharts(cluster, addons, own)];
  const around = place(CLUSTER_CHARTS.filter(({ part }) => !isTenantPart(part)), tenantManifests(inside));
  const order = orderOf(cluster);
  const charts = PARTS.flatMap((part) => order[part].flatMap((stage) => [...around, ...inside].filter(({ spec }) => spec.part === part && spec.stage === stage)));
  return cluster.delivery?.argocd == null ? charts : forArgocd(charts, order);
}

const stagesOf = (part: PartName): string[] => [...new Set([...CLUSTER_CHARTS, ...ADDON_STAGES].filter((spec) => spec.part === part).map(({ stage }) => stage))];

/** Every stage that a cluster may have. */
const STAGE_ORDER: StageOrder = { data: stagesOf('data'), 'control-plane': stagesOf('control-plane'), 'tenant-crds': stagesOf('tenant-crds'), tenant: stagesOf('tenant') };

/** A control plane goes to sleep from its top, its etcd last: nobody loses what it stands on while it still runs. */
const orderOf = ({ state }: ResolvedCluster): StageOrder =>
  (state === 'hibernated' ? { ...STAGE_ORDER, 'control-plane': STAGE_ORDER['control-plane'].toReversed() } : STAGE_ORDER);
