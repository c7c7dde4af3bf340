import { defineCluster } from 'kubewright';

const SMALL = { requests: { cpu: '50m', memory: '128Mi' } };
/** Whoever asks for more comes first where processors are scarce: an etcd that is kept waiting elects. */
const FIRST = { requests: { cpu: '250m', memory: '128Mi' } };

/** Three of each on the oldest supported minor: it is led to the newest one, step by step. */
export const steps = defineCluster({
  name: 'steps',
  meta: 'lab',
  kubernetes: '1.33.13',
  mode: 'standard',
  endpoint: { host: 'api.steps.test', address: '10.239.0.104', expose: { type: 'loadBalancer' } },
  network: { pods: '10.212.0.0/16', services: '10.213.0.0/20' },
  nodes: { access: { type: 'direct' } },
  etcd: { storage: { claimTemplate: { storageClass: 'local', size: '2Gi' } }, resources: FIRST, quota: '1Gi' },
  components: {
    apiserver: { resources: SMALL, drainSeconds: 5, args: { 'max-requests-inflight': '400' } },
    controllerManager: { resources: SMALL },
    scheduler: { resources: SMALL },
  },
});
