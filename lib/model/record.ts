/** Version of the record's own form; a later compiler reads the earlier ones. */
export const RECORD_VERSION = 'kubewright.dev/record/v1';

/** Where the record of an owner is, below `dist/`. No GitOps tool syncs it. */
export const recordPath = (owner: string): string => `records/${owner}.json`;
