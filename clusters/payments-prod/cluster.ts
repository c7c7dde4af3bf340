import { addon, defineCluster } from 'kubewright';

/** A production cluster behind a load balancer, with everything that an auditor asks for. */
export const paymentsProd = defineCluster({
  name: 'payments-prod',
  meta: 'hangzhou-meta',
  ring: 'late',
  kubernetes: '1.35.4',
  mode: 'standard',
  masterNodeSelector: { 'kubewright.dev/pool': 'masters' },
  masterTolerations: [{ key: 'kubewright.dev/dedicated', operator: 'Equal', value: 'payments', effect: 'NoSchedule' }],

  endpoint: {
    host: 'api.payments-prod.example.com',
    address: '10.20.0.13',
    expose: {
      type: 'loadBalancer',
      class: 'lb.example.com/internal',
      annotations: { 'lb.example.com/subnet': 'control-planes' },
      sourceRanges: ['10.0.0.0/8', '192.168.0.0/16'],
    },
  },
  // The VPC routes each node's range to it.
  network: { pods: '10.64.0.0/14', services: '10.68.0.0/16', nodeMask: { ipv4: 25 }, cni: { type: 'routes' } },
  // The control plane is a minor ahead; machines follow in the next change.
  nodes: {
    kubernetes: '1.34.4',
    kubelet: { systemReserved: { cpu: '250m', memory: '1Gi' }, shutdownGracePeriod: '60s', shutdownGracePeriodCriticalPods: '20s' },
    access: { type: 'konnectivity', resources: { requests: { cpu: '200m', memory: '256Mi' } } },
  },
  dns: { replicas: 4 },
  // Goes to the next version when search-prod has run it for a while.
  addons: [
    addon('node-problem-detector', {
      template: '../addons/node-problem-detector', version: '0.8.20', namespace: 'node-problem-detector',
      parameters: { registry: 'mirror.example.com/k8s', memory: '120Mi' },
    }),
  ],

  etcd: {
    // The volumes were made with 32 GiB and have grown since: the template keeps the first size.
    storage: { claimTemplate: { storageClass: 'local-ssd', size: '32Gi', requestedSize: '64Gi' } },
    resources: { requests: { cpu: '2', memory: '8Gi' }, limits: { memory: '16Gi' } },
    events: { storage: { claimTemplate: { storageClass: 'local-ssd', size: '16Gi' } } },
    backup: {
      schedule: '15 */2 * * *',
      keep: '30d',
      to: { s3: { endpoint: 'https://s3.example.com', bucket: 'etcd-backups', credentials: 'etcd-backup-s3' } },
    },
    defragmentation: { schedule: '30 3 * * 6' },
  },

  components: {
    apiserver: {
      autoscale: { min: 3, max: 9, cpu: 70 },
      args: { 'max-requests-inflight': '3000', 'max-mutating-requests-inflight': '1000' },
      resources: { requests: { cpu: '2', memory: '6Gi' } },
      drainSeconds: 30,
    },
    controllerManager: { args: { 'concurrent-deployment-syncs': '20' } },
  },

  audit: {
    policy: 'writes',
    log: { to: 'volume', maxSizeMegabytes: 200, maxBackups: 20 },
    webhook: { kubeconfig: 'audit-sink', batchMaxWait: '2s' },
  },
  authentication: {
    jwt: [{
      issuer: { url: 'https://login.example.com', audiences: ['payments-prod'] },
      claimMappings: {
        username: { claim: 'email', prefix: 'oidc:' },
        groups: { claim: 'groups', prefix: 'oidc:' },
      },
    }],
  },
  authorization: {
    webhooks: [{
      name: 'policy.example.com',
      kubeconfig: 'policy-authorizer',
      webhook: {
        authorizedTTL: '30s',
        unauthorizedTTL: '10s',
        timeout: '3s',
        subjectAccessReviewVersion: 'v1',
        matchConditionSubjectAccessReviewVersion: 'v1',
        failurePolicy: 'NoOpinion',
        matchConditions: [{ expression: '!request.groups.exists(g, g.startsWith("system:"))' }],
      },
    }],
  },
  admission: {
    enable: ['AlwaysPullImages', 'EventRateLimit'],
    configuration: {
      EventRateLimit: {
        apiVersion: 'eventratelimit.admission.k8s.io/v1alpha1',
        kind: 'Configuration',
        limits: [{ type: 'Namespace', qps: 50, burst: 100, cacheSize: 2000 }],
      },
      PodSecurity: {
        apiVersion: 'pod-security.admission.config.k8s.io/v1',
        kind: 'PodSecurityConfiguration',
        defaults: { enforce: 'baseline', warn: 'restricted' },
        exemptions: { namespaces: ['kube-system'] },
      },
    },
  },
  encryption: { provider: 'secretbox', resources: ['secrets', 'configmaps'] },
  certificates: { leaf: '180d', renewBefore: '60d', extraHosts: ['payments.internal.example.com'] },
  users: [
    { name: 'payments-ci', groups: ['deployers'] },
    { name: 'on-call', groups: ['operators', 'viewers'], lifetime: '90d' },
  ],
  bindings: [
    { clusterRole: 'admin', groups: ['operators'] },
    // Everybody of the issuer's group looks, as does who is on call.
    { clusterRole: 'view', groups: ['viewers', 'oidc:payments'] },
  ],
  storageClasses: [
    { name: 'ssd', provisioner: 'disk.csi.example.com', parameters: { type: 'ssd' }, default: true },
    { name: 'ssd-kept', provisioner: 'disk.csi.example.com', parameters: { type: 'ssd' }, reclaimPolicy: 'Retain' },
  ],
  namespaces: [
    {
      name: 'payments',
      podSecurity: 'restricted',
      quota: { 'requests.cpu': '200', 'requests.memory': '800Gi', 'services.loadbalancers': '2' },
      defaults: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '512Mi' } },
      bindings: [{ clusterRole: 'edit', groups: ['deployers'] }],
      pullSecrets: ['payments-registry'],
    },
    { name: 'ledger', podSecurity: 'restricted', bindings: [{ clusterRole: 'edit', groups: ['deployers'], users: ['oidc:ledger@example.com'] }] },
  ],
});
