/** The kubelet of a host that is shared by everything: nothing of it is reserved, and its disk decides nothing. */
export const SHARED_HOST = {
  cgroupDriver: 'cgroupfs',
  failCgroupV1: false,
  failSwapOn: false,
  evictionHard: { 'memory.available': '100Mi', 'nodefs.available': '0%', 'nodefs.inodesFree': '0%', 'imagefs.available': '0%', 'imagefs.inodesFree': '0%' },
  imageGCHighThresholdPercent: 100,
  imageGCLowThresholdPercent: 99,
  kubeReserved: null,
  systemReserved: null,
};
