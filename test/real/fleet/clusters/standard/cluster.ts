import { defineCluster } from 'kubewright';

/** Little enough of everything that three of each, and one more during a rollout, fit on three small machines. */
const SMALL = { requests: { cpu: '50m', memory: '128Mi' } };
/** Whoever asks for more comes first where processors are scarce: an etcd that is kept waiting elects. */
const FIRST = { requests: { cpu: '250m', memory: '128Mi' } };

/** Three of each on three machines, behind a load balancer. */
export const standard = defineCluster({
  name: 'standard',
  meta: 'lab',
  kubernetes: '1.34.4',
  mode: 'standard',
  endpoint: { host: 'api.standard.test', address: '10.239.0.100', expose: { type: 'loadBalancer' } },
  network: { pods: '10.204.0.0/16', services: '10.205.0.0/20' },
  nodes: { access: { type: 'direct' } },
  etcd: { members: [{}, {}, {}], storage: { claimTemplate: { storageClass: 'local', size: '2Gi' } }, resources: FIRST, quota: '1Gi' },
  components: {
    apiserver: { resources: SMALL, drainSeconds: 5, args: { 'max-requests-inflight': '400' } },
    controllerManager: { resources: SMALL },
    scheduler: { resources: SMALL },
  },
});
