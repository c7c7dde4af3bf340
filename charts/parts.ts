/**
 * The parts of a cluster, in the order in which they are synced. The last two go to the cluster's own API server, the
 * others to that of its meta cluster. `tenant-crds` is a part by itself: with a CustomResourceDefinition all its objects
 * go, with a Namespace everything in it, so that it is never pruned.
 */
export const PARTS = ['data', 'control-plane', 'tenant-crds', 'tenant'] as const;

export type PartName = (typeof PARTS)[number];

/** Whether a part goes to the cluster's own API server. */
export const isTenantPart = (part: PartName): boolean => part === 'tenant-crds' || part === 'tenant';

/** Folder of a part, or of one of its stages, below `dist/`. A part with one stage is a folder by itself. */
export const partFolder = ({ name, meta }: { readonly name: string; readonly meta: { readonly name: string } }, part: PartName, stage: string = part): string =>
  `${meta.name}/clusters/${name}/${part}${stage === part ? '' : `/${stage}`}`;
