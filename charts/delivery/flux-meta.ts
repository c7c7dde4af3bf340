import type { Manifest } from '../../lib/model/manifest.ts';
import { PROTECTED } from '../../lib/constructs/protect.ts';
import type { ResolvedDelivery, ResolvedFlux } from '../../lib/model/resolved-delivery.ts';
import type { MetaContent } from './argocd-meta.ts';
import { kustomization } from './flux.ts';
import { deliveryLabels, pathIn } from './names.ts';
import { annotated } from './waves.ts';

/** The meta cluster's own parts for Flux, one after the other. Nothing of its definitions is ever pruned: with one go all its objects. */
export function fluxMeta(meta: string, delivery: ResolvedDelivery, { namespace }: ResolvedFlux, parts: readonly MetaContent[]): Manifest[] {
  return parts.map(({ part, folder }, index) => kustomization(delivery, namespace, {
    name: `${meta}-${part}`, owner: meta, part, source: meta, folder, after: index === 0 ? null : `${meta}-${parts[index - 1]?.part}`,
    prune: part !== 'crds', goes: false, waitFor: part === 'crds' ? 'all' : [], kubeconfig: null, decryption: null, suspended: null,
  }));
}

/**
 * What an operator applies once: where the repository is, and the Kustomization of all Kustomizations. It waits for none of
 * them, since it could not be mended while it waits, and nothing goes with it.
 */
export function fluxRoot(meta: string, delivery: ResolvedDelivery, { namespace, credentials, decryption }: ResolvedFlux): Manifest[] {
  const repository: Manifest = {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    metadata: { name: meta, namespace, labels: deliveryLabels(meta), annotations: PROTECTED },
    spec: {
      interval: '1m',
      timeout: '60s',
      url: delivery.repository,
      ref: { branch: delivery.branch },
      // Other meta clusters' files are none of this one's business.
      sparseCheckout: [pathIn(delivery, meta)],
      ...(credentials === null ? {} : { secretRef: { name: credentials } }),
    },
  };
  const root = kustomization(delivery, namespace, {
    name: meta, owner: meta, source: meta, folder: `${meta}/flux`, after: null,
    prune: true, goes: false, waitFor: [], kubeconfig: null, decryption, suspended: null,
  });
  return [repository, annotated(root, PROTECTED)];
}
