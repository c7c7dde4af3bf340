import { defineCluster } from 'kubewright';

/** Namespaces with everything that bounds them, with nothing but their names, and with limits only. */
export const cluster = defineCluster({
  name: 'prod',
  meta: 'meta',
  kubernetes: '1.35.4',
  mode: 'minimal',
  endpoint: { host: 'api.prod.example.com', address: '10.20.0.11', expose: { type: 'loadBalancer' } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16', cni: { type: 'none' } },
  etcd: { storage: { claimTemplate: { size: '16Gi' } } },
  namespaces: [
    {
      name: 'shop',
      podSecurity: 'restricted',
      quota: { 'requests.cpu': '20000m', 'limits.memory': '64Gi', 'count/jobs.batch': '100', 'fast.storageclass.storage.k8s.io/requests.storage': '1Ti' },
      defaults: { requests: { cpu: '0.1' }, limits: { cpu: '1', memory: '1024Mi' } },
      isolated: true,
      bindings: [{ clusterRole: 'edit', groups: ['deployers'] }, { clusterRole: 'example.com:debugger', users: ['oidc:jo@example.com'] }],
      pullSecrets: ['registry-b', 'registry-a'],
    },
    { name: 'play' },
    { name: 'agents', podSecurity: 'privileged', defaults: { limits: { memory: '1Gi' } } },
  ],
});
