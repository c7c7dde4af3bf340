/** What speaks against the way from what was built last to what is asked for now. */
export const TRANSITION_CODES = [
  'transition/asleep',
  'transition/autoscale',
  'transition/cluster-gone',
  'transition/downgrade',
  'transition/encryption',
  'transition/etcd-members',
  'transition/immutable',
  'transition/minor-skipped',
  'transition/place',
  'transition/record',
  'transition/sealing',
  'transition/shrink',
  'transition/two-steps',
] as const;
