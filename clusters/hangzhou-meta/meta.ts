import { defineMetaCluster } from 'kubewright';

/** Three machines for its own control plane, three and a spare that run everybody else's. */
export const hangzhouMeta = defineMetaCluster({
  name: 'hangzhou-meta',
  kubernetes: '1.34.4',
  endpoint: { host: 'api.hangzhou-meta.example.com', address: '10.20.0.10' },
  network: {
    pods: '10.24.0.0/14',
    services: '10.28.0.0/16',
    machines: ['10.20.0.0/16'],
  },
  controlPlane: [
    { name: 'meta-1', address: '10.20.1.1', labels: { 'topology.kubernetes.io/zone': 'hangzhou-a' } },
    { name: 'meta-2', address: '10.20.2.1', labels: { 'topology.kubernetes.io/zone': 'hangzhou-b' } },
    { name: 'meta-3', address: '10.20.3.1', labels: { 'topology.kubernetes.io/zone': 'hangzhou-c' } },
  ],
  workers: [
    { name: 'master-a1', address: '10.20.1.11', labels: { 'topology.kubernetes.io/zone': 'hangzhou-a', 'kubewright.dev/pool': 'masters' } },
    { name: 'master-b1', address: '10.20.2.11', labels: { 'topology.kubernetes.io/zone': 'hangzhou-b', 'kubewright.dev/pool': 'masters' } },
    { name: 'master-c1', address: '10.20.3.11', labels: { 'topology.kubernetes.io/zone': 'hangzhou-c', 'kubewright.dev/pool': 'masters' } },
    {
      name: 'master-a2',
      address: '10.20.1.12',
      labels: { 'topology.kubernetes.io/zone': 'hangzhou-a', 'kubewright.dev/pool': 'masters' },
      taints: [{ key: 'kubewright.dev/dedicated', value: 'payments', effect: 'NoSchedule' }],
    },
  ],
  kubelet: { maxPods: 200 },
  components: { apiserver: { 'max-requests-inflight': '800' } },
  platform: {
    storageClasses: [
      { name: 'local-ssd', provisioner: 'local.csi.example.com', parameters: { media: 'nvme' }, expandable: true },
    ],
  },
});
