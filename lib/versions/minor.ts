/** The Kubernetes minors this compiler renders for, oldest first. */
export const MINORS = ['1.33', '1.34', '1.35', '1.36'] as const;

/** A supported Kubernetes minor. */
export type Minor = (typeof MINORS)[number];
