import { defineCluster } from 'kubewright';

export const cluster = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.35.4',
  mode: 'minimal',
  endpoint: { host: 'api.prod.example.com', address: '10.20.0.11', expose: { type: 'loadBalancer' } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  etcd: { storage: { claimTemplate: { size: '16Gi' } } },
  components: {
    apiserver: {
      extraVolumes: [{ name: 'x', mountPath: '/etc', source: { emptyDir: {} } }],
      env: [{ name: 'A', value: '1' }, { name: 'A' }, { name: 'POD_IP', value: '10.0.0.1' }],
      resources: { requests: { memory: '2Gi' }, limits: { memory: '512Mi' } },
    },
  },
  masterTolerations: [{ value: 'x' }],
  masterNodeSelector: { 'a b': 'c' },
});
