import type { CheckedPart } from '../checks/input.ts';
import { groupKindOf, nameOf } from '../checks/scope.ts';
import type { FileSpec } from '../model/manifest.ts';
import type { Claims } from '../validate/claims.ts';
import { bytesBelow } from './sizes.ts';

/** Who an owner is, to the API server of its meta cluster. */
export interface Home {
  readonly name: string;
  readonly meta: string;
  /** The namespace that only it writes to; null for a meta cluster, which has none. */
  readonly namespace: string | null;
}

/** What an owner takes, with what its manifests do. Of those who share a name nothing is written, and so nothing is taken. */
export function withMade(claims: Claims | null, { name, meta, namespace }: Home, parts: readonly CheckedPart[], files: readonly FileSpec[]): Claims | null {
  if (claims === null || claims.of !== name) return claims;
  const placed = parts.filter(({ api }) => api === meta).flatMap(({ manifests }) => manifests);
  const objects = placed.flatMap(({ manifest }) => (namespace !== null && manifest.metadata.namespace === namespace ? [] : [nameOf(manifest, groupKindOf(manifest))]));
  return { ...claims, made: { rootBytes: bytesBelow(`${meta}/argocd`, files), objects } };
}
