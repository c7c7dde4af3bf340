import { defineFleet, defineMetaCluster } from 'kubewright';

/** Three machines for itself, two for others, with settings of everything. */
const meta = defineMetaCluster({
  name: 'meta',
  kubernetes: '1.34.4',
  endpoint: { host: 'api.meta.example.com', address: '10.20.0.10', port: 8443 },
  network: { pods: '10.24.0.0/14', services: '10.28.0.0/16', machines: ['10.20.0.0/16'], dnsDomain: 'meta.local' },
  controlPlane: [
    { name: 'meta-1', address: '10.20.1.1', labels: { 'topology.kubernetes.io/zone': 'a' } },
    { name: 'meta-2', address: '10.20.2.1', labels: { 'topology.kubernetes.io/zone': 'b' } },
    { name: 'meta-3', address: '10.20.3.1', labels: { 'topology.kubernetes.io/zone': 'c' } },
  ],
  workers: [
    { name: 'master-a1', address: '10.20.1.11', kubeletArgs: { v: '4' } },
    { name: 'master-b1', address: '10.20.2.11', taints: [{ key: 'kubewright.dev/dedicated', value: 'payments', effect: 'NoSchedule' }] },
  ],
  kubelet: { maxPods: 200 },
  kubeProxy: { mode: 'nftables' },
  components: { apiserver: { 'max-requests-inflight': '800' }, etcd: { 'heartbeat-interval': '250' } },
  images: { mirrors: { 'registry.k8s.io': 'mirror.example.com/k8s' }, pullSecrets: ['mirror'] },
  platform: { storageClasses: [{ name: 'local-ssd', provisioner: 'local.csi.example.com', parameters: { media: 'nvme' }, expandable: true }] },
  nodePortRange: { from: 30000, to: 31000 },
});

export const fleet = defineFleet({ name: 'metas', metaClusters: [meta], clusters: [], sealing: { certificate: 'sealing.pem' } });
