import type { StorageClass } from 'kubernetes-types/storage/v1';
import type { KubernetesObject } from '../../lib/constructs/place.ts';
import type { ResolvedCluster } from '../../lib/model/resolved.ts';
import type { ResolvedTenantStorageClass } from '../../lib/model/resolved-tenant.ts';
import { tenantLabels } from './names.ts';

const DEFAULT = { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } };

/** Where Pods get their volumes; the driver behind each is an add-on. */
export const storageObjects = ({ storageClasses }: ResolvedCluster): KubernetesObject[] => storageClasses.map(storageClass);

function storageClass({ name, provisioner, parameters, expandable, reclaimPolicy, bindingMode, ...spec }: ResolvedTenantStorageClass): StorageClass {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name, labels: tenantLabels(), ...(spec.default ? DEFAULT : {}) },
    provisioner,
    ...(Object.keys(parameters).length === 0 ? {} : { parameters }),
    reclaimPolicy,
    volumeBindingMode: bindingMode,
    allowVolumeExpansion: expandable,
  };
}
