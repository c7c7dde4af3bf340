import type { JsonObject } from '../../lib/model/resolved.ts';
import type { ResolvedMetaCluster, ResolvedMetaMachine } from '../../lib/model/resolved-meta.ts';
import { initDocuments, joinConfiguration } from './kubeadm-documents.ts';
import { controlPlaneSteps, initSteps, workerSteps } from './kubeadm-steps.ts';

/** A file for kubeadm. GitOps never syncs it: an operator carries it to its machine. */
export interface BootstrapFile {
  /** Below `dist/<meta>/bootstrap`. */
  readonly path: string;
  /** What to run, in order: lines of the comment above the documents, without their `#`. */
  readonly header: readonly string[];
  readonly documents: readonly JsonObject[];
}

/** One file a machine: the first one makes the cluster, every other joins it. */
export function bootstrapFiles(meta: ResolvedMetaCluster): BootstrapFile[] {
  const [first, ...others] = meta.controlPlane;
  return [
    { path: `init-${first.name}.yaml`, header: initSteps(meta, first), documents: initDocuments(meta, first) },
    ...others.map((machine) => joinFile(meta, machine, 'controlPlane')),
    ...meta.workers.map((machine) => joinFile(meta, machine, 'worker')),
  ];
}

function joinFile(meta: ResolvedMetaCluster, machine: ResolvedMetaMachine, role: 'controlPlane' | 'worker'): BootstrapFile {
  const steps = role === 'controlPlane' ? controlPlaneSteps : workerSteps;
  return { path: `join-${machine.name}.yaml`, header: steps(meta, machine), documents: [joinConfiguration(meta, machine, role)] };
}
