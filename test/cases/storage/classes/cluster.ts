import { defineCluster } from 'kubewright';

/** A default class of a cloud, one whose volumes are kept, and one of local disks. */
export const cluster = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.35.4',
  mode: 'minimal',
  endpoint: { host: 'api.prod.example.com', address: '10.20.0.11', expose: { type: 'loadBalancer' } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  etcd: { storage: { claimTemplate: { size: '16Gi' } } },
  storageClasses: [
    { name: 'standard', provisioner: 'disk.csi.example.com', parameters: { type: 'ssd', 'csi.storage.k8s.io/fstype': 'ext4' }, default: true },
    { name: 'kept', provisioner: 'disk.csi.example.com', reclaimPolicy: 'Retain', bindingMode: 'Immediate', expandable: false },
    { name: 'local', provisioner: 'kubernetes.io/no-provisioner' },
  ],
});
