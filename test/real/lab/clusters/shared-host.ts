/** Stands for the file of the stories' fleet, which takes this one's place in the lab's copy. */
export { SHARED_HOST } from '../../fleet/clusters/lab/shared-host.ts';
