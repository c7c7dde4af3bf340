/** What a slow disk writes in a second, and no more than a fraction of what etcd's authors ask for. */
const BYTES_A_SECOND = 32 * 2 ** 20;

/** Stores that are small are done sooner than a process could be missed. */
const LEAST_SECONDS = 60;

/** How long a member answers nobody while it writes its whole store anew, at the most. */
export const defragmentationSeconds = (quotaBytes: number): number => Math.max(LEAST_SECONDS, Math.ceil(quotaBytes / BYTES_A_SECOND));
