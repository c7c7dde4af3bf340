import type { StorageClass } from '../model/definition.ts';
import type { ResolvedStorageClass } from '../model/resolved-meta.ts';
import type { ResolvedTenantStorageClass } from '../model/resolved-tenant.ts';
import { TENANT_DEFAULTS } from '../model/tenant-defaults.ts';

/** Local volumes are as large as their disk; everything else can grow unless the author says otherwise. */
export function resolveStorageClass({ name, provisioner, parameters, expandable }: StorageClass): ResolvedStorageClass {
  return { name, provisioner, parameters: { ...parameters }, expandable: expandable ?? provisioner !== 'kubernetes.io/no-provisioner' };
}

/** A class inside a cluster, where claims are people's. */
export function resolveTenantStorageClass(given: StorageClass): ResolvedTenantStorageClass {
  const { reclaimPolicy, bindingMode } = TENANT_DEFAULTS.storageClass;
  return {
    ...resolveStorageClass(given),
    default: given.default ?? false,
    reclaimPolicy: given.reclaimPolicy ?? reclaimPolicy,
    bindingMode: given.bindingMode ?? bindingMode,
  };
}
