/** What went wrong, and below it why, without the places in our own code. */
export function describe(problem: unknown): string {
  if (!(problem instanceof Error)) return String(problem);
  return problem.cause === undefined ? problem.message : `${problem.message}\n${describe(problem.cause)}`;
}
