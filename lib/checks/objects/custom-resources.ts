import { customKindOf, type CustomKind } from './custom-resource-definitions.ts';
import sealedSecret from '../crds/sealed-secret.json' with { type: 'json' };
import tlsRoute from '../crds/tls-route.json' with { type: 'json' };
import type { CheckedManifest } from '../scope.ts';

/** Custom resources that we render. Written by test/tools/crds.ts; the cast is the border to JSON. */
export const CUSTOM_KINDS: readonly CustomKind[] = [sealedSecret as unknown as CustomKind, tlsRoute as unknown as CustomKind];

/** Kinds whose CRDs are among the manifests for the same API server. */
export function customKindsIn(manifests: readonly CheckedManifest[], api: string): readonly CustomKind[] {
  return manifests
    .filter(({ manifest, part }) => part.api === api && manifest.kind === 'CustomResourceDefinition')
    .map(({ manifest }) => customKindOf(manifest));
}
