import { defineCluster } from 'kubewright';

export const cluster = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.34.4',
  mode: 'standard',
  endpoint: { host: 'api.prod.example.com', address: '10.20.0.11', expose: { type: 'loadBalancer' } },
  network: { pods: '10.68.0.0/14', services: '10.40.0.0/16', dnsDomain: 'cluster.other', nodeMask: { ipv4: 25 } },
  etcd: { storage: { claimTemplate: { size: '20Gi', storageClass: 'slow', requestedSize: '24Gi' } }, backup: { schedule: '0 * * * *', to: { persistentVolumeClaim: { size: '10Gi', storageClass: 'fast' } } } },
  encryption: { provider: 'secretbox', resources: ['secrets'] },
  storageClasses: [{ name: 'ssd', provisioner: 'disk.csi.example.com', parameters: { type: 'nvme' }, reclaimPolicy: 'Retain', bindingMode: 'Immediate', expandable: true }],
});
