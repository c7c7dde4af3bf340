import { customKindOf, type CustomKind } from './custom-resource-definitions.ts';
import appProject from '../crds/app-project.json' with { type: 'json' };
import application from '../crds/application.json' with { type: 'json' };
import gitRepository from '../crds/git-repository.json' with { type: 'json' };
import kustomization from '../crds/kustomization.json' with { type: 'json' };
import sealedSecret from '../crds/sealed-secret.json' with { type: 'json' };
import tlsRoute from '../crds/tls-route.json' with { type: 'json' };
import type { CheckedManifest } from '../scope.ts';

/** Custom resources that we render. Written by test/tools/crds.ts; the cast is the border to JSON. */
export const CUSTOM_KINDS = [sealedSecret, tlsRoute, application, appProject, gitRepository, kustomization] as unknown as readonly CustomKind[];

/** Kinds whose CRDs are among the manifests for the same API server. */
export function customKindsIn(manifests: readonly CheckedManifest[], api: string): readonly CustomKind[] {
  return manifests
    .filter(({ manifest, part }) => part.api === api && manifest.kind === 'CustomResourceDefinition')
    .map(({ manifest }) => customKindOf(manifest));
}
