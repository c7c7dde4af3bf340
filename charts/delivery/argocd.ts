import type { Manifest } from '../../lib/model/manifest.ts';
import type { ResolvedDelivery } from '../../lib/model/resolved-delivery.ts';
import { PROTECTED } from '../../lib/constructs/protect.ts';
import type { GroupKind } from './kinds.ts';
import { deliveryLabels, pathIn, SUSPENDED } from './names.ts';

const API_VERSION = 'argoproj.io/v1alpha1';
const WAVE = 'argocd.argoproj.io/sync-wave';

/** The meta cluster itself, as Argo CD calls where it runs. */
export const IN_CLUSTER = 'in-cluster';

/** Where an Application writes: a cluster by its name, and the namespace of what names none. */
export interface Destination {
  readonly name: string;
  readonly namespace?: string;
}

/** What tells Applications apart. */
export interface ApplicationSpec {
  readonly name: string;
  /** Cluster or meta cluster. */
  readonly owner: string;
  readonly part?: string;
  readonly project: string;
  /** Below `dist/`. */
  readonly folder: string;
  readonly destination: Destination;
  /** Whether what leaves the folder is deleted. */
  readonly prune: boolean;
  /** Options beside those of all. */
  readonly options?: readonly string[];
  readonly suspended: string | null;
  /** Whether everything goes with the Application. */
  readonly cascade: boolean;
}

/** What a project lets its Applications do. */
export interface ProjectSpec {
  readonly name: string;
  readonly owner: string;
  readonly description: string;
  readonly destinations: readonly Required<Destination>[];
  readonly clusterKinds: readonly GroupKind[];
  /** Null: every kind that is in a namespace. */
  readonly kinds: readonly GroupKind[] | null;
}

/**
 * Fields that others own are left out of manifests, so nothing is ignored here, and RespectIgnoreDifferences stays away: a
 * sync would apply what is ignored as it was last seen, the status of Applications with it (controller/sync.go). Applied server-side, since only so each
 * field has one owner; an object that another Application has is an error, not a tug of war. A sync that failed is tried
 * until it works, with the newest commit: without it, Argo CD never tries the same commit again. Nothing says `false`:
 * when Argo CD writes an Application it leaves that out, and the root would find a difference for ever.
 */
export function application(delivery: ResolvedDelivery, namespace: string, spec: ApplicationSpec): Manifest {
  const { name, owner, part, project, folder, destination, prune, options = [], suspended, cascade } = spec;
  return {
    apiVersion: API_VERSION,
    kind: 'Application',
    metadata: {
      name, namespace, labels: deliveryLabels(owner, part),
      annotations: {
        'argocd.argoproj.io/compare-options': 'ServerSideDiff=true',
        'argocd.argoproj.io/manifest-generate-paths': '.',
        [WAVE]: '1',
        ...(suspended === null ? {} : { [SUSPENDED]: suspended }),
      },
      // Without it what was applied stays when the Application goes.
      ...(cascade ? { finalizers: ['resources-finalizer.argocd.argoproj.io'] } : {}),
    },
    spec: {
      project,
      source: { repoURL: delivery.repository, targetRevision: `refs/heads/${delivery.branch}`, path: pathIn(delivery, folder), directory: { recurse: true } },
      destination: { ...destination },
      revisionHistoryLimit: 3,
      syncPolicy: {
        ...(suspended === null ? { automated: { ...(prune ? { prune } : {}), selfHeal: true } } : {}),
        syncOptions: ['ServerSideApply=true', 'FailOnSharedResource=true', ...options],
        retry: { limit: -1, refresh: true, backoff: { duration: '10s', factor: 2, maxDuration: '5m' } },
      },
    },
  };
}

/** In the first wave, and so the last to go: an Application whose project is gone cannot end. */
export function appProject({ repository }: ResolvedDelivery, namespace: string, spec: ProjectSpec): Manifest {
  const { name, owner, description, destinations, clusterKinds, kinds } = spec;
  return {
    apiVersion: API_VERSION,
    kind: 'AppProject',
    metadata: { name, namespace, labels: deliveryLabels(owner), annotations: { [WAVE]: '0' } },
    spec: {
      description,
      sourceRepos: [repository],
      destinations: destinations.map((destination) => ({ ...destination })),
      ...(clusterKinds.length === 0 ? {} : { clusterResourceWhitelist: clusterKinds.map((kind) => ({ ...kind })) }),
      ...(kinds === null ? {} : { namespaceResourceWhitelist: kinds.map((kind) => ({ ...kind })) }),
    },
  };
}

/** What an object of the last wave says; nobody waits for it. */
export const LAST_WAVE = { [WAVE]: '1' } as const;

/** The root itself is nobody's to prune. */
export const ROOT_ANNOTATIONS = PROTECTED;
