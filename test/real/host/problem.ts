import { CACHE, GO_BUILD_CACHE } from '../binaries/go.ts';
import { STATE } from './state.ts';

const FULL_DISK = /\bENOSPC\b|no space left on device/i;

/** What went wrong, and below it why, without the places in our own code. */
export function describe(problem: unknown): string {
  const text = chain(problem);
  return FULL_DISK.test(text) ? `${text}\n${WHAT_TO_FREE}` : text;
}

const WHAT_TO_FREE = [
  'The disk is full. Nothing half-made is left; these folders may be emptied or be put elsewhere:',
  `  ${GO_BUILD_CACHE}: only saves time when a program is built again`,
  `  ${CACHE}: programs and images, KUBEWRIGHT_CACHE names another place`,
  `  ${STATE}: disks of machines, gone when no run is under way, KUBEWRIGHT_REAL names another place`,
].join('\n');

function chain(problem: unknown): string {
  if (!(problem instanceof Error)) return String(problem);
  return problem.cause === undefined ? problem.message : `${problem.message}\n${chain(problem.cause)}`;
}
