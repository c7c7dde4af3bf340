/** Stands for the file of the stories' own fleet, which takes this one's place in the copy. */
export { SHARED_HOST } from '../clusters/lab/shared-host.ts';
