import { defineCluster } from 'kubewright';

const SMALL = { requests: { cpu: '50m', memory: '128Mi' } };
/** Whoever asks for more comes first where processors are scarce: an etcd that is kept waiting elects. */
const FIRST = { requests: { cpu: '250m', memory: '128Mi' } };

/** A standard control plane with every option whose effect can be seen from outside. */
export const life = defineCluster({
  name: 'life',
  meta: 'lab',
  kubernetes: '1.34.4',
  mode: 'standard',
  endpoint: { host: 'api.life.test', address: '10.239.0.110', expose: { type: 'loadBalancer' } },
  network: { pods: '10.212.0.0/16', services: '10.213.0.0/20' },
  nodes: { access: { type: 'direct' } },
  etcd: {
    // One that has been replaced is known from the first day.
    members: [{}, {}, { generation: 1 }],
    storage: { claimTemplate: { storageClass: 'local', size: '2Gi' } },
    resources: FIRST,
    quota: '1Gi',
    settings: { 'snapshot-count': 20000 },
    events: { storage: { claimTemplate: { storageClass: 'local', size: '1Gi' } }, resources: SMALL, quota: '256Mi' },
    // Neither comes by itself while a story is told: their Jobs are made by hand.
    backup: { schedule: '0 0 1 1 *', to: { s3: { endpoint: 'http://203.0.113.10', bucket: 'snapshots', credentials: 'bucket' } } },
    defragmentation: { schedule: '0 0 1 1 *' },
  },
  components: {
    apiserver: { resources: SMALL, drainSeconds: 5, autoscale: { min: 3, max: 4 } },
    controllerManager: { resources: SMALL },
    scheduler: { resources: SMALL },
  },
  audit: {
    policy: {
      omitStages: ['RequestReceived'],
      rules: [
        { level: 'Metadata', resources: [{ group: '', resources: ['secrets'] }], namespaces: ['audited'] },
        { level: 'RequestResponse', verbs: ['create'], resources: [{ group: '', resources: ['configmaps'] }], namespaces: ['audited'] },
        { level: 'None' },
      ],
    },
    log: { to: 'volume', maxSizeMegabytes: 10, maxBackups: 1 },
  },
  authentication: {
    // Nobody answers there, and nobody is kept waiting for it.
    jwt: [{
      issuer: { url: 'https://login.life.test', audiences: ['life'] },
      claimMappings: { username: { claim: 'email', prefix: 'oidc:' } },
    }],
    anonymousPaths: ['/livez', '/readyz'],
  },
  admission: {
    enable: ['AlwaysPullImages'],
    configuration: {
      PodSecurity: { apiVersion: 'pod-security.admission.config.k8s.io/v1', kind: 'PodSecurityConfiguration', defaults: { enforce: 'baseline' } },
    },
  },
  encryption: { provider: 'aescbc', resources: ['secrets'] },
  certificates: { extraHosts: ['life.internal.test', '10.239.0.210'] },
  users: [
    { name: 'shop-ci', groups: ['deployers'] },
    { name: 'on-call', groups: ['operators', 'viewers'], lifetime: '120d' },
  ],
});
