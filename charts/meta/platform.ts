import { Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { PROTECTED } from '../../lib/constructs/protect.ts';
import { MANAGED_BY, PRIORITY_CLASSES } from '../../lib/model/names.ts';
import type { ResolvedMetaCluster, ResolvedStorageClass } from '../../lib/model/resolved-meta.ts';

/** Above ordinary Pods, below `system-cluster-critical`; people's classes end at 1,000,000,000. A value can never be changed. */
const PRIORITIES = [
  { name: PRIORITY_CLASSES.etcd, value: 100_002_000, description: 'etcd of hosted control planes: without it nothing else of them works.' },
  { name: PRIORITY_CLASSES.apiserver, value: 100_001_000, description: 'API servers of hosted control planes.' },
  { name: PRIORITY_CLASSES.controlPlane, value: 100_000_000, description: 'Every other part of hosted control planes.' },
];

/**
 * The order in which Pods of control planes are served when room is short. They preempt: after the loss of a host an etcd member
 * must come back at once, and a scheduler that waits meanwhile costs no data. What one cluster can take from another is
 * bounded by its quota and by PodDisruptionBudgets, which preemption respects where it can.
 */
export class PriorityClassesChart extends Chart {
  constructor(scope: Construct) {
    super(scope, 'priority-classes', { disableResourceNameHashes: true });
    for (const { name, value, description } of PRIORITIES) {
      const labels = { 'app.kubernetes.io/name': name, ...MANAGED_BY };
      // No `globalDefault: false`: the API server leaves it out, and who applies it after somebody else is told of a conflict.
      const policy = { preemptionPolicy: 'PreemptLowerPriority' };
      new k8s.KubePriorityClass(this, name, { metadata: { name, labels, annotations: PROTECTED }, value, description, ...policy });
    }
  }
}

/** Classes of the volumes that etcd claims. */
export class StorageClassesChart extends Chart {
  constructor(scope: Construct, meta: ResolvedMetaCluster) {
    super(scope, 'storage-classes', { disableResourceNameHashes: true });
    for (const spec of meta.platform.storageClasses) new k8s.KubeStorageClass(this, spec.name, storageClass(spec));
  }
}

/** Retain: a deleted claim never takes a cluster's data with it. WaitForFirstConsumer: the volume is made where the member runs. */
function storageClass({ name, provisioner, parameters, expandable }: ResolvedStorageClass): k8s.KubeStorageClassProps {
  return {
    metadata: { name, labels: { 'app.kubernetes.io/name': name, ...MANAGED_BY }, annotations: PROTECTED },
    provisioner,
    ...(Object.keys(parameters).length === 0 ? {} : { parameters: { ...parameters } }),
    reclaimPolicy: 'Retain',
    volumeBindingMode: 'WaitForFirstConsumer',
    allowVolumeExpansion: expandable,
  };
}
