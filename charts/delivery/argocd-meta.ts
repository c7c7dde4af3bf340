import type { Manifest } from '../../lib/model/manifest.ts';
import type { ResolvedDelivery, ResolvedTool } from '../../lib/model/resolved-delivery.ts';
import { application, appProject, IN_CLUSTER, ROOT_ANNOTATIONS } from './argocd.ts';
import { EXCLUSIONS, HEALTH } from './argocd-settings.ts';
import { clusterKindsOf } from './kinds.ts';
import { annotated } from './waves.ts';

/** A part of a meta cluster, and what is in it. */
export interface MetaContent {
  /** `crds`, `platform`. */
  readonly part: string;
  /** Below `dist/`. */
  readonly folder: string;
  readonly manifests: readonly Manifest[];
}

/** The meta cluster's own parts for Argo CD. Nothing of its definitions is ever pruned: with one go all its objects. */
export function argocdMeta(meta: string, delivery: ResolvedDelivery, { namespace }: ResolvedTool, parts: readonly MetaContent[]): Manifest[] {
  const all = parts.flatMap(({ manifests }) => manifests);
  const namespaces = [...new Set(all.flatMap(({ metadata }) => metadata.namespace ?? []))].sort();
  const project = `${meta}-platform`;
  return [
    appProject(delivery, namespace, {
      name: project, owner: meta, description: `What control planes need in ${meta}.`,
      // An Application without objects in a namespace is in the one where it stands.
      destinations: [...new Set([namespace, ...namespaces])].map((name) => ({ name: IN_CLUSTER, namespace: name })), clusterKinds: clusterKindsOf(all), kinds: null,
    }),
    ...parts.map(({ part, folder }) => application(delivery, namespace, {
      name: `${meta}-${part}`, owner: meta, part, project, folder, destination: { name: IN_CLUSTER, namespace },
      prune: part !== 'crds', suspended: null, cascade: false,
    })),
  ];
}

/**
 * What an operator applies once: the Application of all Applications, and what bounds it. It prunes, since nothing goes
 * with an Application that has no finalizer; and it is in a project that takes nothing but these three kinds.
 */
export function argocdRoot(meta: string, delivery: ResolvedDelivery, { namespace }: ResolvedTool): Manifest[] {
  const kinds = [{ group: 'argoproj.io', kind: 'AppProject' }, { group: 'argoproj.io', kind: 'Application' }, { group: 'bitnami.com', kind: 'SealedSecret' }];
  const destination = { name: IN_CLUSTER, namespace };
  const root = application(delivery, namespace, {
    name: meta, owner: meta, project: meta, folder: `${meta}/argocd`, destination, prune: true, suspended: null, cascade: false,
  });
  return [
    appProject(delivery, namespace, { name: meta, owner: meta, description: `Applications of ${meta} and of its clusters.`, destinations: [destination], clusterKinds: [], kinds }),
    annotated(root, ROOT_ANNOTATIONS),
  ];
}

/** Half an hour: until a sync ends, no later commit is looked at, and one that waits for what never comes would never end. */
const SYNC_SECONDS = '1800';

/** Keys of Argo CD's own ConfigMaps. They are merged into what is there by a server-side apply. */
export function argocdSettings({ namespace }: ResolvedTool): Manifest[] {
  const configMap = (name: string, data: Readonly<Record<string, string>>): Manifest =>
    ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, labels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'argocd' } }, data });
  const health = Object.entries(HEALTH).map(([kind, script]) => [`resource.customizations.health.${kind}`, script] as const);
  return [
    configMap('argocd-cm', { 'resource.respectRBAC': 'normal', 'resource.exclusions': EXCLUSIONS, ...Object.fromEntries(health) }),
    configMap('argocd-cmd-params-cm', { 'controller.sync.timeout.seconds': SYNC_SECONDS }),
  ];
}
