import { defineCluster } from 'kubewright';

/** Audit, tokens of an issuer, a webhook, plugins with configuration. */
export const cluster = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.35.4',
  mode: 'minimal',
  endpoint: { host: 'api.prod.example.com', address: '10.20.0.11', expose: { type: 'loadBalancer' } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  etcd: { storage: { claimTemplate: { size: '16Gi' } } },
  audit: {
    policy: { rules: [{ level: 'None', users: ['system:kube-proxy'], verbs: ['watch'] }, { level: 'Metadata' }], omitStages: ['RequestReceived'] },
    log: { to: 'volume', maxSizeMegabytes: 200, maxBackups: 20, maxAgeDays: 7 },
    webhook: { kubeconfig: 'audit-sink', batchMaxWait: '2s' },
  },
  authentication: {
    jwt: [{
      issuer: { url: 'https://login.example.com', audiences: ['prod'] },
      claimMappings: { username: { claim: 'email', prefix: 'oidc:' }, groups: { claim: 'groups', prefix: 'oidc:' } },
    }],
  },
  authorization: {
    webhooks: [{
      name: 'policy.example.com',
      kubeconfig: 'policy-authorizer',
      webhook: { authorizedTTL: '30s', unauthorizedTTL: '10s', timeout: '3s', subjectAccessReviewVersion: 'v1', matchConditionSubjectAccessReviewVersion: 'v1', failurePolicy: 'NoOpinion' },
    }],
  },
  admission: {
    enable: ['AlwaysPullImages', 'EventRateLimit'],
    disable: ['DefaultStorageClass'],
    configuration: { EventRateLimit: { apiVersion: 'eventratelimit.admission.k8s.io/v1alpha1', kind: 'Configuration', limits: [{ type: 'Namespace', qps: 50, burst: 100, cacheSize: 2000 }] } },
  },
});
