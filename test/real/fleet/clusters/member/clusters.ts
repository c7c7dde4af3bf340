import { defineCluster } from 'kubewright';

const SMALL = { requests: { cpu: '50m', memory: '128Mi' } };

/** Three of each on three machines. The etcd of the first loses a member; that of the next knows a replaced one from its first day; the last one's processes and machines fail. */
const onThree = (name: string, address: string, members: { readonly generation?: number }[]) => defineCluster({
  name,
  meta: 'lab',
  kubernetes: '1.34.4',
  mode: 'standard',
  endpoint: { host: `api.${name}.test`, address, expose: { type: 'loadBalancer' } },
  network: { pods: '10.208.0.0/16', services: '10.209.0.0/20' },
  nodes: { access: { type: 'direct' } },
  etcd: { members, storage: { claimTemplate: { storageClass: 'local', size: '2Gi' } }, resources: SMALL, quota: '1Gi' },
  components: {
    apiserver: { resources: SMALL, drainSeconds: 5 },
    controllerManager: { resources: SMALL },
    scheduler: { resources: SMALL },
  },
});

export const members = [
  onThree('member', '10.239.0.101', [{}, {}, {}]),
  onThree('member-new', '10.239.0.102', [{}, {}, { generation: 1 }]),
  onThree('faults', '10.239.0.103', [{}, {}, {}]),
];
