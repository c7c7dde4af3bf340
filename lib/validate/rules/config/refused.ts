/** Why nothing may be wrong in what an API server reads at its start. */
export const REFUSED = 'the API server refuses the whole file, and stops at its start.';
