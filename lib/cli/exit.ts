/** Exit codes: what a shell, a hook or CI needs to know. */
export const EXIT = { done: 0, problems: 1, usage: 2 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
