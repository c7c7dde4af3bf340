import { defineCluster } from 'kubewright';

const SMALL = { requests: { cpu: '50m', memory: '128Mi' } };

/** Three of each on three machines; its etcd loses a member. */
export const member = defineCluster({
  name: 'member',
  meta: 'lab',
  kubernetes: '1.34.4',
  mode: 'standard',
  endpoint: { host: 'api.member.test', address: '10.239.0.101', expose: { type: 'loadBalancer' } },
  network: { pods: '10.208.0.0/16', services: '10.209.0.0/20' },
  nodes: { access: { type: 'direct' } },
  etcd: { members: [{}, {}, {}], storage: { claimTemplate: { storageClass: 'local', size: '2Gi' } }, resources: SMALL, quota: '1Gi' },
  components: {
    apiserver: { resources: SMALL, drainSeconds: 5 },
    controllerManager: { resources: SMALL },
    scheduler: { resources: SMALL },
  },
});
