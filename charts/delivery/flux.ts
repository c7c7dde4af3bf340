import type { Manifest } from '../../lib/model/manifest.ts';
import type { ResolvedDelivery } from '../../lib/model/resolved-delivery.ts';
import { KUBECONFIG_KEYS } from '../../lib/model/names.ts';
import { deliveryLabels, pathIn, SUSPENDED } from './names.ts';

/** An object of which Flux waits to be healthy. */
export interface HealthCheck {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** What tells Kustomizations apart. */
export interface KustomizationSpec {
  readonly name: string;
  /** Cluster or meta cluster. */
  readonly owner: string;
  readonly part?: string;
  /** GitRepository. */
  readonly source: string;
  /** Below `dist/`. */
  readonly folder: string;
  /** Kustomization that must have applied the same commit before. */
  readonly after: string | null;
  /** Whether what leaves the folder is deleted. */
  readonly prune: boolean;
  /** Whether what was applied goes with the Kustomization. */
  readonly goes: boolean;
  /** `all`, or what is waited for by name; an empty list waits for nothing. */
  readonly waitFor: 'all' | readonly HealthCheck[];
  /** Secret with the kubeconfig of another cluster. */
  readonly kubeconfig: string | null;
  /** Secret with the age identity, where the folder has Secrets that SOPS encrypted. */
  readonly decryption: string | null;
  readonly suspended: string | null;
}

/** A wait holds a worker of the controller, so it is short: what takes longer is tried again. */
const RHYTHM = { interval: '30m', retryInterval: '1m', timeout: '5m' } as const;

/** One folder. Its order among others is looked at again for every commit, so that it holds on updates too. */
export function kustomization(delivery: ResolvedDelivery, namespace: string, spec: KustomizationSpec): Manifest {
  const { name, owner, part, source, folder, after, prune, goes, waitFor, kubeconfig, decryption, suspended } = spec;
  return {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: {
      name, namespace, labels: deliveryLabels(owner, part),
      ...(suspended === null ? {} : { annotations: { [SUSPENDED]: suspended } }),
    },
    spec: {
      ...RHYTHM,
      sourceRef: { kind: 'GitRepository', name: source },
      path: `./${pathIn(delivery, folder)}`,
      prune,
      deletionPolicy: goes ? 'MirrorPrune' : 'Orphan',
      ...(after === null ? {} : { dependsOn: [{ name: after }] }),
      ...(waitFor === 'all' ? { wait: true } : waitFor.length === 0 ? {} : { healthChecks: waitFor.map((check) => ({ ...check })) }),
      ...(kubeconfig === null ? {} : { kubeConfig: { secretRef: { name: kubeconfig, key: KUBECONFIG_KEYS.flux } } }),
      ...(decryption === null ? {} : { decryption: { provider: 'sops', secretRef: { name: decryption } } }),
      ...(suspended === null ? {} : { suspend: true }),
    },
  };
}
