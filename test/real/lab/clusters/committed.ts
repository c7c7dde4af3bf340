/** Stands for the committed fleet's own file, which takes this one's place in the lab's copy. */
export { fleet } from '../../../../clusters/fleet.ts';
