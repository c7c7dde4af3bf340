import type { Resources } from '../model/definition.ts';
import type { ResolvedResources } from '../model/resolved.ts';
import { canonicalQuantity } from '../units.ts';

/** The author's requests and limits over the default requests, in canonical form so that a diff stays empty. */
export function resolveResources(given: Resources | undefined, requests: { readonly cpu: string; readonly memory: string }): ResolvedResources {
  return {
    requests: {
      cpu: canonicalQuantity(given?.requests?.cpu ?? requests.cpu),
      memory: canonicalQuantity(given?.requests?.memory ?? requests.memory),
    },
    limits: { cpu: canonicalOrNull(given?.limits?.cpu), memory: canonicalOrNull(given?.limits?.memory) },
  };
}

const canonicalOrNull = (quantity: string | undefined): string | null => (quantity === undefined ? null : canonicalQuantity(quantity));
