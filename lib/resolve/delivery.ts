import { DEFAULTS } from '../model/defaults.ts';
import type { ClusterDefinition, Delivery } from '../model/definition.ts';
import type { ResolvedClusterDelivery, ResolvedDelivery } from '../model/resolved-delivery.ts';
import { UPSTREAM_REGISTRY } from '../versions/releases.ts';
import type { ImageResolver } from './images.ts';
import { resolveResources } from './resources.ts';

/** Who applies `dist/`; null when the fleet does not say. */
export function resolveDelivery(given: Delivery | undefined): ResolvedDelivery | null {
  if (given === undefined) return null;
  const { tool, repository, branch, path = DEFAULTS.delivery.path } = given;
  const uses = (name: 'argocd' | 'flux'): boolean => tool === name || tool === 'both';
  const namespaces = { argocd: given.argocd?.namespace ?? DEFAULTS.delivery.argocd, flux: given.flux?.namespace ?? DEFAULTS.delivery.flux };
  return {
    repository, branch,
    path: path.split('/').filter((step) => step !== '' && step !== '.').join('/'),
    argocd: uses('argocd') ? { namespace: namespaces.argocd, credentials: null } : null,
    flux: uses('flux') ? { namespace: namespaces.flux, credentials: given.flux?.credentials ?? null, decryption: given.flux?.decryption ?? null } : null,
  };
}

/** The same for one cluster; kubectl is of its own release. */
export function resolveClusterDelivery(given: Delivery | undefined, { delivery, kubernetes }: ClusterDefinition, image: ImageResolver): ResolvedClusterDelivery | null {
  const resolved = resolveDelivery(given);
  if (resolved === null) return null;
  const rights = { image: image(UPSTREAM_REGISTRY, 'kubectl', `v${kubernetes}`), resources: resolveResources(undefined, DEFAULTS.jobResources) };
  return { ...resolved, suspended: delivery?.suspended ?? null, rights };
}
