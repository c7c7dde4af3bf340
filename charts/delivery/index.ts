import type { Manifest } from '../../lib/model/manifest.ts';
import type { ResolvedMetaCluster } from '../../lib/model/resolved-meta.ts';
import type { ResolvedCluster } from '../../lib/model/resolved.ts';
import type { PkiLock } from '../../lib/pki/plan.ts';
import type { RenderedChart } from '../index.ts';
import { argocdCluster } from './argocd-cluster.ts';
import { argocdMeta, argocdRoot, argocdSettings, type MetaContent } from './argocd-meta.ts';
import { fluxCluster } from './flux-cluster.ts';
import { fluxMeta, fluxRoot } from './flux-meta.ts';

export type { MetaContent };

/** Objects of one tool, in its own namespace of the meta cluster. */
export interface DeliveryFolder {
  /** Below `dist/`. */
  readonly folder: string;
  readonly namespace: string;
  readonly manifests: readonly Manifest[];
}

/** How one cluster is delivered. A folder of its own for each cluster: an edit touches no file that others have too. */
export function clusterDelivery(cluster: ResolvedCluster, lock: PkiLock, charts: readonly RenderedChart[]): DeliveryFolder[] {
  const { delivery, meta } = cluster;
  if (delivery === null) return [];
  const delivered = { cluster, delivery, lock, charts };
  const { argocd, flux } = delivery;
  return [
    ...(argocd === null ? [] : [{ folder: `${meta.name}/argocd/${cluster.name}`, namespace: argocd.namespace, manifests: argocdCluster(delivered, argocd) }]),
    ...(flux === null ? [] : [{ folder: `${meta.name}/flux/${cluster.name}`, namespace: flux.namespace, manifests: fluxCluster(delivered, flux) }]),
  ];
}

/** How a meta cluster's own parts are delivered. */
export function metaDelivery({ name, delivery }: ResolvedMetaCluster, parts: readonly MetaContent[]): DeliveryFolder[] {
  if (delivery === null) return [];
  const { argocd, flux } = delivery;
  return [
    ...(argocd === null ? [] : [{ folder: `${name}/argocd/${name}`, namespace: argocd.namespace, manifests: argocdMeta(name, delivery, argocd, parts) }]),
    ...(flux === null ? [] : [{ folder: `${name}/flux/${name}`, namespace: flux.namespace, manifests: fluxMeta(name, delivery, flux, parts) }]),
  ];
}

/** A file that an operator applies once, when the tool itself is there. */
export interface DeliveryBootstrap {
  /** Below `dist/<meta>/bootstrap`. */
  readonly path: string;
  readonly namespace: string;
  readonly header: readonly string[];
  readonly manifests: readonly Manifest[];
}

/** What the tools are told by hand: settings of Argo CD, and where it all begins. */
export function deliveryBootstrap({ name, delivery }: ResolvedMetaCluster): DeliveryBootstrap[] {
  if (delivery === null) return [];
  const { argocd, flux } = delivery;
  return [
    ...(argocd === null ? [] : [
      { path: 'argocd/argocd-cm.yaml', namespace: argocd.namespace, header: SETTINGS, manifests: argocdSettings(argocd) },
      { path: 'argocd/root.yaml', namespace: argocd.namespace, header: root(name, 'argocd'), manifests: argocdRoot(name, delivery, argocd) },
    ]),
    ...(flux === null ? [] : [{ path: 'flux/root.yaml', namespace: flux.namespace, header: root(name, 'flux', flux.decryption), manifests: fluxRoot(name, delivery, flux) }]),
  ];
}

const SETTINGS = [
  'Settings of Argo CD without which it waits for what never comes, or refuses clusters. Once, when this file changes, and after',
  'each upgrade of Argo CD: its own installation has the same ConfigMaps, and under one field manager each would undo the other.',
  '  kubectl apply --server-side --force-conflicts --field-manager=kubewright -f argocd-cm.yaml',
  'then restart argocd-application-controller, which reads argocd-cmd-params-cm only when it starts.',
];

const root = (meta: string, tool: 'argocd' | 'flux', decryption: string | null = null): string[] => [
  `Where the delivery of ${meta} begins: from here on all that is in dist/${meta} is applied. Once, after what is in`,
  `dist/${meta}/crds and platform was applied by hand, ${decryption === null ? 'the Sealed Secrets controller runs' : `Flux has the age identity in its Secret ${decryption}`}${tool === 'argocd' ? ', and Argo CD has its settings' : ''}:`,
  '  kubectl apply --server-side --force-conflicts --field-manager=kubewright -f root.yaml',
];
