/**
 * The parts of a cluster, in the order in which they are synced. The last two go to the cluster's own API server, the
 * others to that of its meta cluster. `tenant-crds` is a part by itself: with a CustomResourceDefinition all its objects
 * go, with a Namespace everything in it, so that it is never pruned.
 */
export const PARTS = ['data', 'control-plane', 'tenant-crds', 'tenant'] as const;

export type PartName = (typeof PARTS)[number];

/** Whether a part goes to the cluster's own API server. */
export const isTenantPart = (part: string): boolean => part === 'tenant-crds' || part === 'tenant';

/** Whether what leaves a part's folder is deleted. What holds state, and what others live in or are a kind of, never is. */
export const isPruned = (part: string): boolean => part === 'control-plane' || part === 'tenant';

/** Whether each stage of a part is an object of its own to Flux. In a tenant nothing needs another to be healthy. */
export const isStaged = (part: string): boolean => part === 'control-plane';

interface Hosted {
  readonly name: string;
  readonly meta: { readonly name: string };
}

/** Folder of everything of a cluster but its record, below `dist/`. */
export const clusterFolder = ({ name, meta }: Hosted): string => `${meta.name}/clusters/${name}`;

/** Folder of a part, or of one of its stages, below `dist/`. A part with one stage is a folder by itself. */
export const partFolder = (cluster: Hosted, part: string, stage: string = part): string =>
  `${clusterFolder(cluster)}/${part}${stage === part ? '' : `/${stage}`}`;
