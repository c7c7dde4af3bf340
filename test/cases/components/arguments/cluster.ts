import { defineCluster } from 'kubewright';

/** Arguments, gates, APIs, volumes and environment of each component. */
export const cluster = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.35.4',
  mode: 'standard',
  endpoint: { host: 'api.prod.example.com', address: '10.20.0.11', expose: { type: 'loadBalancer' } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  etcd: { storage: { claimTemplate: { size: '16Gi' } } },
  featureGates: { GangScheduling: true, GenericWorkload: true },
  components: {
    apiserver: {
      args: { 'max-requests-inflight': '3000', 'goaway-chance': null, 'tls-cipher-suites': ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'] },
      runtimeConfig: { 'resource.k8s.io/v1beta2': true, 'api/alpha': false },
      env: [{ name: 'GOGC', value: '60' }, { name: 'TOKEN', secret: { name: 'a-token', key: 'token' } }, { name: 'REGION', configMap: { name: 'place', key: 'region' } }],
      extraVolumes: [
        { name: 'extra-ca', mountPath: '/etc/ssl/extra', source: { configMap: { name: 'extra-ca' } } },
        { name: 'scratch', mountPath: '/scratch', readOnly: false, source: { emptyDir: { sizeLimit: '1Gi' } } },
      ],
      drainSeconds: 45,
    },
    controllerManager: { version: '1.34.4', replicas: 2, args: { 'concurrent-deployment-syncs': '20' } },
    scheduler: {
      replicas: 2,
      profiles: [{ schedulerName: 'bin-packing', pluginConfig: [{ name: 'NodeResourcesFit', args: { scoringStrategy: { type: 'MostAllocated', resources: [{ name: 'cpu', weight: 1 }] } } }] }],
    },
  },
});
