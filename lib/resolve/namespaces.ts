import type { Resources, TenantNamespace } from '../model/definition.ts';
import type { ResolvedNamespace } from '../model/resolved-tenant.ts';
import { TENANT_DEFAULTS } from '../model/tenant-defaults.ts';
import { canonicalQuantity } from '../units.ts';
import { resolveBindings, sortedOnce } from './bindings.ts';

/** A namespace with every answer. */
export function resolveNamespace({ name, podSecurity, quota, defaults, isolated, bindings, pullSecrets }: TenantNamespace): ResolvedNamespace {
  return {
    name,
    podSecurity: podSecurity ?? TENANT_DEFAULTS.podSecurity,
    quota: canonical(quota),
    defaults: resolveDefaults(defaults),
    isolated: isolated ?? false,
    bindings: resolveBindings(bindings),
    pullSecrets: sortedOnce(pullSecrets),
  };
}

/** What is limited and not requested, Kubernetes requests as much of; written down, so that a diff stays empty. */
function resolveDefaults({ requests, limits }: Resources = {}): ResolvedNamespace['defaults'] {
  return { requests: canonical({ ...limits, ...requests }), limits: canonical(limits) };
}

const canonical = (amounts: object = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, canonicalQuantity(String(amount))]));
