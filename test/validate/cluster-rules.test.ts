import { describe, expect, test } from 'vitest';
import type { ClusterDefinition } from '../../lib/model/definition.ts';
import { PROBLEM_CODES, type Problem } from '../../lib/problem.ts';
import { validateCluster } from '../../lib/validate/validate.ts';
import { cluster, meta } from './definitions.ts';

/** A cluster with some fields changed, or taken away. */
type Spoilt = { readonly [K in keyof ClusterDefinition]?: ClusterDefinition[K] | undefined };

interface Row {
  readonly code: string;
  readonly path: string;
  readonly change: Spoilt;
  /** A piece of what, why or fix. */
  readonly says?: string;
  readonly severity?: 'warning';
}

const problemsOf = (change: Spoilt): Problem[] => validateCluster({ ...cluster(), ...change }, { meta: meta(), delivery: undefined });
const endpoint = (change: Partial<ClusterDefinition['endpoint']>): Partial<ClusterDefinition> => ({ endpoint: { ...cluster().endpoint, ...change } });
const network = (change: Partial<ClusterDefinition['network']>): Partial<ClusterDefinition> => ({ network: { ...cluster().network, ...change } });
const etcd = (change: Partial<NonNullable<ClusterDefinition['etcd']>>): Partial<ClusterDefinition> => ({ etcd: { storage: { claimTemplate: { size: '32Gi' } }, ...change } });
const apiserver = (change: NonNullable<ClusterDefinition['components']>['apiserver']): Partial<ClusterDefinition> => ({ components: { apiserver: change ?? {} } });
const args = (change: Record<string, string | string[] | null>): Partial<ClusterDefinition> => apiserver({ args: change });
const arg = (flag: string): string => (flag.includes('-') ? `components.apiserver.args['${flag}']` : `components.apiserver.args.${flag}`);
const external = (change: object): Spoilt => ({ etcd: undefined, datastore: { external: { endpoints: ['http://a:2379'], ...change } } });
const jwt = (change: object): Partial<ClusterDefinition> =>
  ({ authentication: { jwt: [{ issuer: { url: 'https://idp.example.com', audiences: ['a'] }, claimMappings: { username: { claim: 'sub', prefix: '' } }, ...change }] } });

const webhook = (change: object, name = 'policy'): Partial<ClusterDefinition> =>
  ({ authorization: { webhooks: [{ name, kubeconfig: 'a', webhook: { timeout: '3s', failurePolicy: 'Deny', subjectAccessReviewVersion: 'v1', ...change } }] } });
const audit = (rules: readonly object[]): Partial<ClusterDefinition> => ({ audit: { policy: { rules: [...rules] as [Record<string, unknown>] } } });

const podSecurity = (change: object): Partial<ClusterDefinition> =>
  ({ admission: { configuration: { PodSecurity: { apiVersion: 'pod-security.admission.config.k8s.io/v1', kind: 'PodSecurityConfiguration', ...change } } } });

const OLDER = { version: '1.34.4' };
/** Everything but the machines. */
const HELD = { kubernetes: '1.35.4', components: { apiserver: OLDER, controllerManager: OLDER, scheduler: OLDER } } as const;
const HOSTS = { path: '/srv/etcd', size: '32Gi', hosts: ['w1', 'w2', 'w3'] };
const FLAT = { host: 'api.prod.example.com', expose: { type: 'dnsRoundRobin' } } as const;

const ROUTED = { ...cluster().network, cni: { type: 'routes' } } as const;
const DIRECT = { nodes: { access: { type: 'direct' } }, network: ROUTED } as const;
const GATEWAY = { type: 'gateway', gateway: { namespace: 'gw', name: 'one' } } as const;
const inCluster = (given: object) => endpoint({ expose: { ...GATEWAY, inCluster: given } });
const IN_CLUSTER_ADDRESS = 'endpoint.expose.inCluster.address';
const NODE_PORT = { type: 'nodePort', nodePort: 30443 } as const;
const tunnels = (change: object): Partial<ClusterDefinition> => ({ nodes: { access: { type: 'konnectivity', ...change } } });

const ROWS: Readonly<Record<string, readonly Row[]>> = {
  versions: [
    { code: 'version/unsupported', path: 'kubernetes', change: { kubernetes: '1.32.9' }, says: 'v1.33, 1.34, 1.35 or 1.36' },
    { code: 'version/unsupported', path: 'components.scheduler.version', change: { kubernetes: '1.33.4', components: { scheduler: { version: '1.32.9' } } } },
    { code: 'version/skew', path: 'components.scheduler.version', change: { components: { scheduler: { version: '1.35.4' } } }, says: 'too new' },
    { code: 'version/skew', path: 'components.controllerManager.version', change: { kubernetes: '1.35.4', components: { controllerManager: { version: '1.33.4' } } }, says: 'too old' },
    { code: 'etcd/unsupported', path: 'etcd.version', change: etcd({ version: '3.7.1' }), says: '3.6.16' },
    { code: 'etcd/unsupported', path: 'etcd.version', change: etcd({ version: '3.5.21' }), says: '3.5.24' },
    { code: 'etcd/insecure', path: 'etcd.version', change: etcd({ version: '3.6.6' }), says: '3.6.14', severity: 'warning' },
  ],
  endpoint: [
    { code: 'endpoint/host', path: 'endpoint.host', change: endpoint({ host: '10.20.0.11' }) },
    { code: 'endpoint/address', path: 'endpoint.address', change: { endpoint: { host: 'a.example.com', expose: { type: 'loadBalancer' } } }, says: 'missing' },
    { code: 'endpoint/address', path: 'endpoint.address', change: endpoint({ expose: { type: 'dnsRoundRobin' } }), says: 'remove' },
    { code: 'endpoint/address', path: 'endpoint.address', change: endpoint({ address: '127.0.0.1' }), says: 'loopback' },
    { code: 'endpoint/address', path: 'endpoint.address', change: endpoint({ address: 'fd00::1' }), says: 'IPv6' },
    { code: 'endpoint/port', path: 'endpoint.port', change: { ...endpoint({ address: '10.20.1.1', port: 6443, expose: { type: 'nodePort', nodePort: 30443 } }), ...DIRECT }, says: '30443' },
    { code: 'endpoint/port', path: 'endpoint.port', change: { endpoint: { ...FLAT, port: 443 } }, severity: 'warning' },
  ],
  'behind a gateway': [
    { code: 'endpoint/in-cluster', path: IN_CLUSTER_ADDRESS, change: inCluster({ address: '127.0.0.2' }), says: 'loopback' },
    { code: 'endpoint/in-cluster', path: IN_CLUSTER_ADDRESS, change: inCluster({ address: '2001:db8::1' }), says: 'IPv4' },
    { code: 'endpoint/in-cluster', path: IN_CLUSTER_ADDRESS, change: inCluster({ address: '10.32.0.9' }), says: 'network.services' },
    { code: 'endpoint/in-cluster', path: IN_CLUSTER_ADDRESS, change: inCluster({ address: '10.20.0.11' }), says: 'that of the gateway' },
    { code: 'endpoint/in-cluster', path: IN_CLUSTER_ADDRESS, change: endpoint({ address: '192.0.2.1', expose: GATEWAY }), says: 'nothing else is said' },
    { code: 'endpoint/in-cluster', path: IN_CLUSTER_ADDRESS, change: inCluster({ address: '10.20.3.4' }), says: 'meta cluster meta\'s network.machines' },
    { code: 'endpoint/in-cluster', path: 'endpoint.expose.inCluster.host', change: inCluster({ host: '10.20.0.12' }), says: 'an address' },
    { code: 'endpoint/in-cluster', path: 'endpoint.expose.inCluster.host', change: inCluster({ host: 'api.prod.example.com' }), says: 'kubernetes.api.prod.example.com' },
    { code: 'endpoint/in-cluster', path: 'endpoint.expose.inCluster.host', change: { ...endpoint({ expose: GATEWAY }), ...tunnels({ host: 'kubernetes.api.prod.example.com' }) }, says: 'write another name here, or in nodes.access.host' },
    { code: 'endpoint/port', path: 'endpoint.port', change: endpoint({ port: 8135, expose: GATEWAY }), says: '8135' },
    { code: 'endpoint/port', path: 'endpoint.port', change: endpoint({ port: 8132, expose: GATEWAY }), says: '8132' },
    { code: 'resources/limit-below-request', path: 'endpoint.expose.inCluster.agentResources.limits.cpu', change: inCluster({ agentResources: { requests: { cpu: '2' }, limits: { cpu: '1' } } }) },
  ],
  'access to nodes': [
    { code: 'nodes/node-port', path: 'nodes.access.nodePort', change: endpoint({ expose: NODE_PORT }), says: 'missing' },
    { code: 'nodes/node-port', path: 'nodes.access.nodePort', change: tunnels({ nodePort: 30444 }), says: 'loadBalancer' },
    { code: 'nodes/node-port', path: 'nodes.access.nodePort', change: { ...endpoint({ expose: NODE_PORT }), ...tunnels({ nodePort: 30443 }) }, says: 'as well' },
    { code: 'nodes/host', path: 'nodes.access.host', change: tunnels({ host: '10.20.0.11' }), says: 'address' },
    { code: 'nodes/host', path: 'nodes.access.host', change: { ...endpoint({ expose: GATEWAY }), ...tunnels({ host: 'api.prod.example.com' }) }, says: 'konnectivity.api.prod.example.com' },
    { code: 'nodes/port', path: 'endpoint.port', change: endpoint({ port: 8132 }), says: '8132' },
    { code: 'nodes/port', path: 'nodes.access.port', change: tunnels({ port: 6443 }), says: '6443' },
    { code: 'nodes/port', path: 'endpoint.port', change: { endpoint: { ...FLAT, port: 8134 } }, says: '8134' },
    { code: 'nodes/port', path: 'nodes.access.port', change: { endpoint: FLAT, ...tunnels({ port: 8133 }) }, says: '8133' },
    { code: 'nodes/port', path: 'nodes.access.port', change: { endpoint: FLAT, ...tunnels({ port: 50000 }) }, says: '49151' },
    { code: 'nodes/overlay', path: 'nodes.access', change: { nodes: { access: { type: 'direct' } } }, says: 'webhooks', severity: 'warning' },
    { code: 'nodes/overlay', path: 'nodes.access', change: { nodes: { access: { type: 'multus', network: 'a/b' } }, network: { ...cluster().network, cni: { type: 'flannel', backend: 'host-gw' } } }, says: 'multus', severity: 'warning' },
    { code: 'resources/limit-below-request', path: 'nodes.access.agentResources.limits.cpu', change: tunnels({ agentResources: { requests: { cpu: '2' }, limits: { cpu: '1' } } }) },
  ],
  network: [
    { code: 'network/cidr-host-bits', path: 'network.pods', change: network({ pods: '10.65.0.0/14' }), says: '10.64.0.0/14' },
    { code: 'network/range-too-small', path: 'network.services', change: network({ services: '10.32.0.0/29' }), says: '8 addresses' },
    { code: 'network/range-too-large', path: 'network.services', change: { kubernetes: '1.33.4', ...network({ services: '11.0.0.0/8' }) }, says: '/12' },
    { code: 'network/range-too-large', path: 'network.services[1]', change: network({ pods: ['10.64.0.0/14', 'fd00::/56'], services: ['10.32.0.0/16', 'fd01::/56'] }), says: '/64' },
    { code: 'network/dual-stack', path: 'network.pods', change: network({ pods: ['10.64.0.0/14', '10.80.0.0/14'] }), says: 'IPv4 and IPv4' },
    { code: 'network/dual-stack', path: 'network.services', change: network({ services: ['10.32.0.0/16', 'fd01::/108'] }), says: 'IPv4 and IPv6' },
    { code: 'network/cidr-overlap', path: 'network.services', change: network({ services: '10.64.0.0/16' }), says: 'network.pods 10.64.0.0/14' },
    { code: 'network/cidr-overlap', path: 'endpoint.address', change: endpoint({ address: '10.64.0.5' }), says: '10.64.0.5' },
    { code: 'network/cidr-overlap', path: 'network.pods', change: network({ pods: '10.128.0.0/16' }), says: 'meta cluster meta' },
    { code: 'network/cidr-overlap', path: 'endpoint.address', change: endpoint({ address: '10.129.0.5' }), says: 'meta cluster meta' },
    { code: 'network/node-mask', path: 'network.nodeMask.ipv4', change: network({ pods: '10.64.0.0/24' }), says: 'one node only' },
    { code: 'network/node-mask', path: 'network.nodeMask.ipv6', change: network({ pods: ['10.64.0.0/14', 'fd00::/40'] }), says: '65,536' },
    { code: 'network/no-node-ranges', path: 'network.allocateNodeRanges', change: network({ allocateNodeRanges: false, cni: { type: 'routes' } }), says: 'routes' },
    { code: 'network/no-proxy', path: 'network.kubeProxy.enabled', change: network({ kubeProxy: { enabled: false } }), says: 'flannel' },
    { code: 'network/proxy-mode', path: 'network.kubeProxy.mode', change: { kubernetes: '1.35.4', ...network({ kubeProxy: { mode: 'ipvs' } }) }, severity: 'warning' },
  ],
  nodes: [
    { code: 'version/skew', path: 'nodes.kubernetes', change: { nodes: { kubernetes: '1.36.3' } }, says: 'too new' },
    { code: 'version/skew', path: 'nodes.kubernetes', change: { ...HELD, nodes: { kubernetes: '1.35.4' } }, says: 'upgrade the cluster first' },
    { code: 'version/skew', path: 'components.apiserver.version', change: HELD, says: 'kubelet 1.35.4 is too new for kube-apiserver 1.34.4' },
    { code: 'nodes/max-pods', path: 'nodes.kubelet.maxPods', change: { nodes: { kubelet: { maxPods: 254 } } }, says: '253' },
    { code: 'config/unknown-field', path: 'nodes.kubelet.memoryReservationPolicy', change: { nodes: { kubelet: { memoryReservationPolicy: 'None' } } }, says: 'comes with v1.36' },
    { code: 'config/unknown-field', path: 'nodes.kubelet.authentication.x509.clientCA', change: { nodes: { kubelet: { authentication: { x509: { clientCA: '/x' } } } } }, says: 'clientCAFile' },
    { code: 'config/unknown-field', path: 'nodes.kubelet.reservedMemory[0].numanode', change: { nodes: { kubelet: { reservedMemory: [{ numanode: 0, limits: { memory: '1Gi' } }] } } }, says: 'numaNode' },
    { code: 'config/wrong-type', path: 'network.kubeProxy.configuration.iptables', change: network({ kubeProxy: { configuration: { iptables: [] } } }), says: 'a list' },
  ],
  etcd: [
    { code: 'etcd/or-datastore', path: 'datastore', change: { datastore: { external: { endpoints: ['http://a:2379'] } } } },
    { code: 'etcd/or-datastore', path: 'etcd', change: { etcd: undefined } },
    { code: 'etcd/members', path: 'etcd.members', change: { mode: 'minimal', ...etcd({ members: [{}, {}] }) } },
    { code: 'etcd/final-snapshot', path: 'state', change: { state: 'decommissioning', ...etcd({}) }, says: 'etcd.backup' },
    { code: 'etcd/hosts', path: 'etcd.storage.local.hosts', change: etcd({ storage: { local: { ...HOSTS, hosts: ['w1'] } } }), says: 'name 3 hosts' },
    { code: 'etcd/hosts', path: 'etcd.storage.hostPath.hosts[2]', change: etcd({ storage: { hostPath: { ...HOSTS, hosts: ['w1', 'w2', 'w1'] } } }), says: 'w1 stands twice' },
    { code: 'etcd/volatile', path: 'etcd.storage.emptyDir', change: etcd({ storage: { emptyDir: {} } }), severity: 'warning' },
    { code: 'etcd/volatile', path: 'etcd.events.storage.emptyDir', change: etcd({ events: { storage: { emptyDir: { sizeLimit: '16Gi' } } } }), severity: 'warning', says: 'stops at the first' },
    { code: 'etcd/quota-larger-than-volume', path: 'etcd.quota', change: etcd({ storage: { claimTemplate: { size: '4Gi' } } }), says: '2Gi' },
    { code: 'etcd/quota-larger-than-volume', path: 'etcd.quota', change: etcd({ quota: '8Gi', storage: { claimTemplate: { size: '10Gi' } } }), severity: 'warning', says: '5Gi' },
    { code: 'etcd/shrink', path: 'etcd.storage.claimTemplate.requestedSize', change: etcd({ storage: { claimTemplate: { size: '64Gi', requestedSize: '32Gi' } } }) },
    { code: 'etcd/members', path: 'etcd.members[0].generation', change: { mode: 'minimal', ...etcd({ members: [{ generation: 1 }] }) } },
    { code: 'etcd/owned-setting', path: "etcd.settings['data-dir']", change: etcd({ settings: { 'data-dir': '/tmp' } }) },
    { code: 'etcd/unknown-setting', path: "etcd.settings['hartbeat-interval']", change: etcd({ settings: { 'hartbeat-interval': 250 } }) },
    { code: 'etcd/bad-setting', path: "etcd.settings['grpc-keepalive-timeout']", change: etcd({ settings: { 'grpc-keepalive-timeout': '5s' } }) },
    { code: 'etcd/events-volume', path: 'etcd.events.storage.hostPath.path', change: etcd({ storage: { hostPath: HOSTS }, events: { storage: { hostPath: HOSTS } } }) },
    { code: 'etcd/defragmentation-schedule', path: 'etcd.defragmentation.schedule', change: etcd({ defragmentation: { schedule: '0 25 * * *' } }), says: 'hour' },
    { code: 'backup/schedule', path: 'etcd.backup.schedule', change: etcd({ backup: { schedule: '*/0 * * * *', to: { persistentVolumeClaim: { size: '9Gi' } } } }), says: 'minute' },
    { code: 'datastore/credentials', path: 'datastore.external.credentials', change: external({ endpoints: ['https://a:2379'] }) },
    { code: 'datastore/endpoints', path: 'datastore.external.endpoints', change: external({ endpoints: ['https://a:2379', 'http://b:2379'], credentials: 'a' }), says: 'mixes' },
    { code: 'datastore/endpoints', path: 'datastore.external.endpoints[0]', change: external({ endpoints: ['http://u:p@a:2379'] }) },
  ],
  arguments: [
    { code: 'args/unknown-flag', path: arg('max-request-inflight'), change: args({ 'max-request-inflight': '1' }), says: 'Did you mean max-requests-inflight?' },
    { code: 'args/unknown-flag', path: arg('tls-curve-preferences'), change: args({ 'tls-curve-preferences': 'X25519' }), says: 'came with v1.36' },
    { code: 'args/removed-flag', path: arg('cloud-provider'), change: args({ 'cloud-provider': 'external' }), says: 'in v1.33' },
    { code: 'args/deprecated-flag', path: arg('apiserver-count'), change: args({ 'apiserver-count': '3' }), severity: 'warning' },
    { code: 'args/bad-value', path: arg('profiling'), change: args({ profiling: 'yes' }), says: "'true'" },
    { code: 'args/bad-value', path: arg('event-ttl'), change: args({ 'event-ttl': '1 hour' }), says: 'duration' },
    { code: 'args/bad-value', path: arg('max-requests-inflight'), change: args({ 'max-requests-inflight': ['1', '2'] }), says: 'takes one' },
    { code: 'args/owned-flag', path: arg('etcd-servers'), change: args({ 'etcd-servers': 'http://x' }), says: 'datastore.external' },
    { code: 'args/required-flag', path: arg('tls-cert-file'), change: args({ 'tls-cert-file': null }) },
    { code: 'args/required-flag', path: arg('allow-privileged'), change: args({ 'allow-privileged': null }), says: 'privileged' },
    { code: 'args/exclusive', path: arg('oidc-issuer-url'), change: args({ 'oidc-issuer-url': 'https://x' }), says: 'authentication.jwt' },
    { code: 'args/exclusive', path: "components.controllerManager.args['cluster-signing-cert-file']", change: { components: { controllerManager: { args: { 'cluster-signing-cert-file': '/x' } } } } },
    { code: 'args/audiences', path: arg('api-audiences'), change: args({ 'api-audiences': 'vault' }), says: 'https://kubernetes.default.svc.cluster.local' },
  ],
  gates: [
    { code: 'gates/unknown', path: 'featureGates.SidecarContainer', change: { featureGates: { SidecarContainer: true } }, says: 'Did you mean SidecarContainers?' },
    { code: 'gates/unknown', path: 'featureGates.GangScheduling', change: { featureGates: { GangScheduling: true } }, says: 'It comes with v1.35' },
    { code: 'gates/removed', path: 'featureGates.AppArmor', change: { featureGates: { AppArmor: true } }, says: 'removed in v1.33' },
    { code: 'gates/locked', path: 'featureGates.SidecarContainers', change: { featureGates: { SidecarContainers: false } }, says: 'since v1.33' },
    { code: 'runtime-config/unknown-api', path: "components.apiserver.runtimeConfig['resource.k8s.io/v1beta9']", change: apiserver({ runtimeConfig: { 'resource.k8s.io/v1beta9': true } }), says: 'Did you mean' },
    { code: 'runtime-config/unknown-api', path: "components.apiserver.runtimeConfig['networking.k8s.io/v1alpha1']", change: apiserver({ runtimeConfig: { 'networking.k8s.io/v1alpha1': true } }), says: 'removed in v1.34' },
    { code: 'runtime-config/needed', path: "components.apiserver.runtimeConfig['apps/v1']", change: apiserver({ runtimeConfig: { 'apps/v1': false } }), severity: 'warning' },
  ],
  admission: [
    { code: 'admission/unknown-plugin', path: 'admission.enable[0]', change: { admission: { enable: ['AlwaysPullImage'] } }, says: 'Did you mean AlwaysPullImages?' },
    { code: 'admission/unknown-plugin', path: 'admission.enable[0]', change: { admission: { enable: ['JobValidation'] } }, says: 'v1.36 has it' },
    { code: 'admission/required-plugin', path: 'admission.disable[0]', change: { admission: { disable: ['NodeRestriction'] } } },
    { code: 'admission/contradiction', path: 'admission.disable[0]', change: { admission: { enable: ['AlwaysPullImages'], disable: ['AlwaysPullImages'] } } },
  ],
  access: [
    { code: 'encryption/readable', path: 'encryption.readable', change: { encryption: { provider: 'secretbox', resources: ['*.'], readable: ['widgets.example.com', 'secrets'] } }, says: 'has secrets, and so' },
    { code: 'encryption/readable', path: 'encryption.readable', change: { ...apiserver({ extraVolumes: [{ name: 'kms', mountPath: '/run/kms', source: { csi: { driver: 'kms' } } }] }), encryption: { provider: 'kms', resources: ['secrets'], readable: ['configmaps'], kms: { name: 'vault', endpoint: 'unix:///run/kms/vault.sock' } } }, says: 'sleeps' },
    { code: 'encryption/resources', path: 'encryption.resources[0]', change: { encryption: { provider: 'secretbox', resources: ['Secrets'] } }, says: 'has capital letters' },
    { code: 'encryption/resources', path: 'encryption.resources[1]', change: { encryption: { provider: 'secretbox', resources: ['secrets', '*'] } }, says: '*. for all of the core group' },
    { code: 'encryption/resources', path: 'encryption.resources[0]', change: { encryption: { provider: 'secretbox', resources: ['events.events.k8s.io'] } }, says: 'write events' },
    { code: 'encryption/resources', path: 'encryption.resources[0]', change: { encryption: { provider: 'secretbox', resources: ['ingresses.extensions'] } }, says: 'extensions' },
    { code: 'encryption/resources', path: 'encryption.resources[0]', change: { encryption: { provider: 'secretbox', resources: ['secrets.*'] } }, says: 'every group' },
    { code: 'encryption/resources', path: 'encryption.resources[0]', change: { encryption: { provider: 'secretbox', resources: ['secret'] } }, says: 'Did you mean secrets?' },
    { code: 'encryption/resources', path: 'encryption.resources', change: { encryption: { provider: 'secretbox', resources: ['secrets', 'configmaps', 'secrets'] } }, says: 'has secrets more than once' },
    { code: 'encryption/resources', path: 'encryption.resources', change: { encryption: { provider: 'secretbox', resources: ['*.', 'configmaps'] } }, says: 'has configmaps more than once' },
    { code: 'encryption/resources', path: 'encryption.resources', change: { encryption: { provider: 'secretbox', resources: ['*.*', '*.apps'] } }, says: 'has *.apps more than once' },
    { code: 'encryption/resources', path: 'encryption.readable[0]', change: { encryption: { provider: 'secretbox', readable: ['configmap'] } }, says: 'configmaps' },
    { code: 'encryption/kms', path: 'encryption.kms', change: { encryption: { provider: 'kms' } } },
    { code: 'encryption/kms', path: 'encryption.kms.endpoint', change: { encryption: { provider: 'kms', kms: { name: 'vault', endpoint: 'unix:///run/kms/vault.sock' } } }, says: 'mountPath /run/kms' },
    { code: 'admission/configuration', path: 'admission.enable[0]', change: { admission: { enable: ['EventRateLimit'] } } },
    { code: 'config/unknown-field', path: 'admission.configuration.PodSecurity.defaults.enforse', change: podSecurity({ defaults: { enforse: 'baseline' } }), says: 'Did you mean enforce?' },
    { code: 'config/value', path: 'admission.configuration.PodSecurity.defaults.warn', change: podSecurity({ defaults: { enforce: 'baseline', warn: 'restrictive' } }), says: 'restricted' },
    { code: 'config/value', path: 'admission.configuration.PodSecurity.kind', change: podSecurity({ kind: 'Configuration' }), says: 'PodSecurityConfiguration' },
    { code: 'config/value', path: 'admission.configuration.PodSecurity.apiVersion', change: podSecurity({ apiVersion: 'v1' }), says: 'pod-security.admission.config.k8s.io/v1' },
    { code: 'config/wrong-type', path: 'admission.configuration.PodSecurity.exemptions.namespaces', change: podSecurity({ exemptions: { namespaces: 'kube-system' } }), says: 'a list' },
    { code: 'config/unknown-field', path: 'admission.configuration.ResourceQuota.limitedResources[0].resources', change: { admission: { configuration: { ResourceQuota: { apiVersion: 'apiserver.config.k8s.io/v1', kind: 'ResourceQuotaConfiguration', limitedResources: [{ resources: 'pods' }] } } } }, says: 'Did you mean resource?' },
    { code: 'config/unknown-field', path: 'admission.configuration.EventRateLimit.limits[0].burs', change: { admission: { configuration: { EventRateLimit: { apiVersion: 'eventratelimit.admission.k8s.io/v1alpha1', kind: 'Configuration', limits: [{ type: 'Server', qps: 1, burs: 2 }] } } } }, says: 'burst' },
    { code: 'authentication/jwt', path: 'authentication.jwt[0].issuer.url', change: jwt({ issuer: { url: 'http://idp', audiences: ['a'] } }) },
    { code: 'authentication/jwt', path: 'authentication.jwt[0].issuer.audiences', change: jwt({ issuer: { url: 'https://idp', audiences: [] } }) },
    { code: 'authentication/jwt', path: 'authentication.jwt[0].claimMappings.username', change: jwt({ claimMappings: {} }) },
    { code: 'authentication/jwt', path: 'authentication.jwt[0].issuer.url', change: jwt({ issuer: { url: 'https://jo:secret@idp.example.com', audiences: ['a'] } }), says: 'no user' },
    { code: 'authentication/jwt', path: 'authentication.jwt[0].issuer.discoveryURL', change: jwt({ issuer: { url: 'https://idp.example.com', audiences: ['a'], discoveryURL: 'https://idp.example.com/' } }), says: 'the issuer itself' },
    { code: 'authentication/jwt', path: 'authentication.jwt[0].issuer.audiences', change: jwt({ issuer: { url: 'https://idp.example.com', audiences: ['a', 'a'], audienceMatchPolicy: 'MatchAny' } }), says: 'twice' },
    { code: 'authentication/jwt', path: 'authentication.jwt[0].issuer.audienceMatchPolicy', change: jwt({ issuer: { url: 'https://idp.example.com', audiences: ['a', 'b'] } }), says: 'MatchAny' },
    { code: 'authentication/jwt', path: 'authentication.jwt[0].claimMappings.username.prefix', change: jwt({ claimMappings: { username: { claim: 'sub' } } }), says: 'an empty text means none' },
    { code: 'authentication/jwt', path: 'authentication.jwt[0].claimMappings.username', change: jwt({ claimMappings: { username: { claim: 'sub', prefix: '', expression: 'claims.sub' } } }), says: 'keep one' },
    { code: 'authentication/jwt', path: 'authentication.jwt[0].claimMappings.username.prefix', change: jwt({ claimMappings: { username: { expression: 'claims.sub', prefix: 'a:' } } }), says: 'let the expression' },
    { code: 'authentication/jwt', path: 'authentication.jwt[0].claimMappings.groups.prefix', change: jwt({ claimMappings: { username: { claim: 'sub', prefix: '' }, groups: { claim: 'groups' } } }), says: 'oidc:' },
    { code: 'authentication/jwt', path: 'authentication.jwt[0].claimMappings.uid', change: jwt({ claimMappings: { username: { claim: 'sub', prefix: '' }, uid: { claim: 'a', expression: 'claims.a' } } }), says: 'keep one' },
    { code: 'authentication/jwt', path: 'authentication.jwt[0].claimMappings.extra[0].key', change: jwt({ claimMappings: { username: { claim: 'sub', prefix: '' }, extra: [{ key: 'department', valueExpression: 'claims.d' }] } }), says: 'example.com/department' },
    { code: 'authentication/jwt', path: 'authentication.jwt[0].claimMappings.extra[0].key', change: jwt({ claimMappings: { username: { claim: 'sub', prefix: '' }, extra: [{ key: 'a.k8s.io/d', valueExpression: 'claims.d' }] } }), says: 'of your own' },
    { code: 'authentication/jwt', path: 'authentication.jwt[0].claimMappings.extra[0].valueExpression', change: jwt({ claimMappings: { username: { claim: 'sub', prefix: '' }, extra: [{ key: 'example.com/d' }] } }), says: 'missing' },
    { code: 'authentication/jwt', path: 'authentication.jwt[0].claimValidationRules[0]', change: jwt({ claimValidationRules: [{ message: 'no' }] }), says: 'neither' },
    { code: 'authentication/jwt', path: 'authentication.jwt[0].claimValidationRules[0].message', change: jwt({ claimValidationRules: [{ claim: 'hd', requiredValue: 'a', message: 'no' }] }), says: 'beside a claim' },
    { code: 'authentication/jwt', path: 'authentication.jwt[0].userValidationRules[0]', change: jwt({ userValidationRules: [{ message: 'no' }] }), says: 'no expression' },
    { code: 'authentication/jwt', path: 'authentication.jwt[1].issuer.url', change: { authentication: { jwt: [jwt({}).authentication?.jwt?.[0] ?? {}, jwt({}).authentication?.jwt?.[0] ?? {}] } }, says: 'stands twice' },
    { code: 'authentication/anonymous-paths', path: 'authentication.anonymousPaths', change: { authentication: { anonymousPaths: ['/livez'] } }, says: '/readyz' },
    { code: 'authorization/duplicate', path: 'authorization.webhooks[0].name', change: webhook({}, 'rbac') },
    { code: 'config/unknown-field', path: 'authorization.webhooks[0].webhook.cacheAuthorizedRequests', change: { ...webhook({ cacheAuthorizedRequests: false }), kubernetes: '1.33.4' }, says: 'comes with v1.34' },
    { code: 'config/unknown-field', path: 'authorization.webhooks[0].webhook.matchConditions[1].expresion', change: webhook({ matchConditionSubjectAccessReviewVersion: 'v1', matchConditions: [{ expression: 'true' }, { expresion: 'true' }] }), says: 'Did you mean expression?' },
    { code: 'config/wrong-type', path: 'authorization.webhooks[0].webhook.matchConditions[0]', change: webhook({ matchConditionSubjectAccessReviewVersion: 'v1', matchConditions: ['true'] }), says: 'takes an object' },
    { code: 'config/value', path: 'authorization.webhooks[0].webhook.timeout', change: { authorization: { webhooks: [{ name: 'policy', kubeconfig: 'a', webhook: { failurePolicy: 'Deny', subjectAccessReviewVersion: 'v1' } }] } }, says: 'has no timeout' },
    { code: 'config/value', path: 'authorization.webhooks[0].webhook.failurePolicy', change: webhook({ failurePolicy: 'Allow' }), says: 'NoOpinion or Deny' },
    { code: 'config/value', path: 'authorization.webhooks[0].webhook.matchConditionSubjectAccessReviewVersion', change: webhook({ matchConditions: [{ expression: 'true' }] }), says: 'write v1' },
    { code: 'config/unknown-field', path: 'authentication.jwt[0].userValidationRules[0].mesage', change: jwt({ userValidationRules: [{ expression: 'true', mesage: 'no' }] }), says: 'stops at its start' },
    { code: 'config/unknown-field', path: 'audit.policy.rules[1].resources[0].resource', change: audit([{ level: 'None' }, { level: 'Metadata', resources: [{ group: '', resource: ['secrets'] }] }]), says: 'leaves the field out' },
    { code: 'config/wrong-type', path: 'audit.policy.rules[0].users', change: audit([{ level: 'None', users: 'jo' }]), says: 'takes a list' },
    { code: 'config/value', path: 'audit.policy.rules[0].level', change: audit([{ level: 'Bodies' }]), says: 'RequestResponse' },
    { code: 'config/value', path: 'audit.policy.rules[0].level', change: audit([{ users: ['jo'] }]), says: 'has no level' },
    { code: 'audit/stage', path: 'audit.policy.rules[0].omitStages[0]', change: audit([{ level: 'None', omitStages: ['Received'] }]) },
    { code: 'audit/stage', path: 'audit.policy.omitStages[0]', change: { audit: { policy: { rules: [{ level: 'None' }], omitStages: ['Received'] } } } },
    { code: 'users/duplicate', path: 'users[1].name', change: { users: [{ name: 'a', groups: [] }, { name: 'a', groups: [] }] } },
    { code: 'users/system-group', path: 'users[0].groups[0]', change: { users: [{ name: 'a', groups: ['system:masters'] }] }, says: 'cannot be revoked' },
    { code: 'bindings/duplicate', path: 'bindings[1].clusterRole', change: { bindings: [{ clusterRole: 'view', groups: ['a'] }, { clusterRole: 'view', users: ['b'] }] }, says: 'bindings[0]' },
    { code: 'bindings/no-subject', path: 'bindings[0]', change: { bindings: [{ clusterRole: 'view', groups: [] }] } },
    { code: 'bindings/system-subject', path: 'bindings[0].users[0]', change: { bindings: [{ clusterRole: 'cluster-admin', users: ['system:anonymous'] }] }, says: 'anybody' },
    { code: 'namespaces/duplicate', path: 'namespaces[1].name', change: { namespaces: [{ name: 'a' }, { name: 'a' }] } },
    { code: 'namespaces/reserved', path: 'namespaces[0].name', change: { namespaces: [{ name: 'kube-flannel' }] } },
    { code: 'namespaces/reserved', path: 'namespaces[0].name', change: { namespaces: [{ name: 'default' }] } },
    { code: 'namespaces/quota', path: 'namespaces[0].quota[\'request.cpu\']', change: { namespaces: [{ name: 'a', quota: { 'request.cpu': '1', 'requests.cpu': '1', 'count/jobs.batch': '5', 'requests.hugepages-2Mi': '1Gi' } }] }, says: 'requests.cpu' },
    { code: 'namespaces/not-enforced', path: 'namespaces[0].isolated', change: { namespaces: [{ name: 'a', isolated: true }, { name: 'b', isolated: false }] }, says: 'flannel' },
    { code: 'bindings/no-subject', path: 'namespaces[0].bindings[0]', change: { namespaces: [{ name: 'a', bindings: [{ clusterRole: 'view' }] }] } },
    { code: 'resources/limit-below-request', path: 'namespaces[0].defaults.limits.memory', change: { namespaces: [{ name: 'a', defaults: { requests: { memory: '2Gi' }, limits: { memory: '1Gi' } } }] } },
    { code: 'storage/duplicate', path: 'storageClasses[1].name', change: { storageClasses: [{ name: 'a', provisioner: 'b' }, { name: 'a', provisioner: 'c' }] } },
    { code: 'storage/two-defaults', path: 'storageClasses[2].default', change: { storageClasses: [{ name: 'a', provisioner: 'b', default: true }, { name: 'c', provisioner: 'b', default: false }, { name: 'd', provisioner: 'b', default: true }] }, says: 'storageClasses[0]' },
    { code: 'storage/default-unused', path: 'storageClasses[0].default', change: { storageClasses: [{ name: 'a', provisioner: 'b', default: true }], admission: { disable: ['DefaultStorageClass'] } } },
    { code: 'addons/duplicate', path: 'addons[1].name', change: { addons: ['a', 'a'].map((name) => ({ name, source: { type: 'construct' as const, objects: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }] } })) }, says: 'addons[0]' },
    { code: 'certificates/lifetimes', path: 'certificates.renewBefore', change: { certificates: { leaf: '60d' } }, says: '90d' },
    { code: 'certificates/lifetimes', path: 'certificates.leaf', change: { certificates: { leaf: '400d', authority: '300d' } } },
    { code: 'certificates/lifetimes', path: 'users[0].lifetime', change: { users: [{ name: 'a', groups: [], lifetime: '9999d' }] } },
    { code: 'certificates/extra-host', path: 'certificates.extraHosts[0]', change: { certificates: { extraHosts: ['https://x:6443'] } } },
  ],
  pods: [
    { code: 'replicas/mode', path: 'components.apiserver.replicas', change: apiserver({ replicas: 1 }) },
    { code: 'replicas/mode', path: 'components.apiserver.autoscale.min', change: apiserver({ autoscale: { min: 1, max: 3 } }) },
    { code: 'replicas/mode', path: 'components.scheduler.replicas', change: { mode: 'minimal', components: { scheduler: { replicas: 2 } } }, severity: 'warning' },
    { code: 'autoscale/range', path: 'components.apiserver.autoscale', change: apiserver({ autoscale: { min: 5, max: 3 } }) },
    { code: 'autoscale/replicas', path: 'components.apiserver.replicas', change: apiserver({ replicas: 3, autoscale: { min: 3, max: 5 } }) },
    { code: 'volumes/conflict', path: 'components.apiserver.extraVolumes[0].mountPath', change: apiserver({ extraVolumes: [{ name: 'x', mountPath: '/etc', source: { emptyDir: {} } }] }), says: '/etc/kubernetes' },
    { code: 'volumes/conflict', path: 'components.apiserver.extraVolumes[0].mountPath', change: apiserver({ extraVolumes: [{ name: 'x', mountPath: '/etc/kubernetes/pki/x/', source: { emptyDir: {} } }] }) },
    { code: 'volumes/conflict', path: 'components.apiserver.extraVolumes[0].name', change: apiserver({ extraVolumes: [{ name: 'trust', mountPath: '/x', source: { emptyDir: {} } }] }) },
    { code: 'volumes/conflict', path: 'components.apiserver.extraVolumes[1].mountPath', change: apiserver({ extraVolumes: [{ name: 'x', mountPath: '/x', source: { emptyDir: {} } }, { name: 'y', mountPath: '/x/', source: { emptyDir: {} } }] }) },
    { code: 'env/duplicate', path: 'components.apiserver.env[1].name', change: apiserver({ env: [{ name: 'A', value: '1' }, { name: 'A', value: '2' }] }) },
    { code: 'env/owned', path: 'components.apiserver.env[0].name', change: apiserver({ env: [{ name: 'POD_IP', value: '1' }] }) },
    { code: 'env/source', path: 'components.apiserver.env[0]', change: apiserver({ env: [{ name: 'A' }] }), says: 'none of' },
    { code: 'images/not-pinned', path: 'components.apiserver.image', change: apiserver({ image: 'mirror:5000/k8s/kube-apiserver' }) },
    { code: 'images/not-pinned', path: 'etcd.image', change: etcd({ image: 'mirror/etcd:latest' }) },
    { code: 'images/version-mismatch', path: 'components.apiserver.image', change: apiserver({ image: 'mirror:5000/kube-apiserver:v1.34.3' }), says: '1.34.4' },
    { code: 'images/registry', path: 'images.registry', change: { images: { registry: 'https://mirror' } }, says: 'write mirror' },
    { code: 'images/registry', path: "images.mirrors['registry.k8s.io/coredns']", change: { images: { mirrors: { 'registry.k8s.io/coredns': 'mirror/k8s' } } }, says: 'write registry.k8s.io.' },
    { code: 'images/registry', path: "images.mirrors['../escape']", change: { images: { mirrors: { '../escape': 'mirror/k8s' } } }, says: 'not a host' },
    { code: 'images/digest-name', path: "images.digests['registry.k8s.io/etcd:3.6.16-0']", change: { images: { digests: { 'registry.k8s.io/etcd:3.6.16-0': `sha256:${'a'.repeat(64)}` } } } },
    { code: 'resources/limit-below-request', path: 'components.apiserver.resources.limits.memory', change: apiserver({ resources: { requests: { memory: '2Gi' }, limits: { memory: '512Mi' } } }) },
    { code: 'tolerations/invalid', path: 'masterTolerations[0]', change: { masterTolerations: [{ value: 'x' }] }, says: 'has no key' },
    { code: 'labels/invalid', path: "masterNodeSelector['a b']", change: { masterNodeSelector: { 'a b': 'c' } } },
  ],
};

describe.for(Object.keys(ROWS))('%s', (topic) => {
  test.for(ROWS[topic] ?? [])('$code at $path: $says', ({ code, path, change, says = '', severity = 'error' }) => {
    const problems = problemsOf(change);
    expect(problems.map((problem) => `${problem.severity} ${problem.code} ${problem.at.path}`)).toEqual([`${severity} ${code} ${path}`]);
    expect(`${problems[0]?.what} ${problems[0]?.why} ${problems[0]?.fix}`).toContain(says);
  });
});

describe('what is right has no problem', () => {
  test.for([
    { name: 'a plain cluster', change: {} },
    { name: 'minor 1.33', change: { kubernetes: '1.33.4' } },
    { name: 'minor 1.36', change: { kubernetes: '1.36.3' } },
    { name: 'routable Pods', change: { endpoint: FLAT } },
    { name: 'a balancer before node ports', change: { ...endpoint({ port: 443, expose: { type: 'nodePort', nodePort: 30443 } }), ...tunnels({ nodePort: 30444 }) } },
    { name: 'nodes that are reached directly', change: { ...endpoint({ expose: { type: 'nodePort', nodePort: 30443 } }), ...DIRECT } },
    { name: 'a second interface', change: { nodes: { access: { type: 'multus', network: 'networks/prod' } }, network: ROUTED } },
    { name: 'tunnels behind a gateway', change: { ...endpoint({ expose: GATEWAY }), ...tunnels({ host: 'k.prod.example.com' }) } },
    { name: 'Pods behind a gateway, by a name and an address of their own', change: inCluster({ host: 'pods.prod.example.com', address: '172.31.255.1' }) },
    { name: 'IPv6 behind a gateway of IPv4', change: { ...inCluster({}), ...network({ pods: 'fd00::/48', services: 'fd01::/108' }) } },
    { name: 'tunnels at another port', change: { endpoint: FLAT, ...tunnels({ port: 9000 }) } },
    { name: 'dual stack', change: network({ pods: ['10.64.0.0/14', 'fd00::/48'], services: ['10.32.0.0/16', 'fd01::/108'] }) },
    { name: 'a datastore of somebody else', change: external({}) },
    { name: 'the older controller-manager during an upgrade', change: { components: { controllerManager: { version: '1.33.4' }, scheduler: { version: '1.33.4' } } } },
    { name: 'arguments', change: args({ 'max-requests-inflight': '3000', profiling: null, 'tls-cipher-suites': ['a', 'b'], 'goaway-chance': '0.001', 'event-ttl': '1h30m' }) },
    { name: 'repeated issuers', change: args({ 'service-account-issuer': ['https://a', 'https://b'], 'api-audiences': 'https://a,x' }) },
    { name: 'a gate that is on already', change: { featureGates: { SidecarContainers: true } } },
    { name: 'an API that is switched on', change: apiserver({ runtimeConfig: { 'resource.k8s.io/v1beta1': true, 'api/alpha': false, 'apps/v1/controllerrevisions': true } }) },
    { name: 'an authenticator with all that one may have', change: jwt({ issuer: { url: 'https://idp.example.com', discoveryURL: 'https://keys.example.com/idp', audiences: ['a', 'b'], audienceMatchPolicy: 'MatchAny' }, claimMappings: { username: { expression: 'claims.sub' }, groups: { claim: 'groups', prefix: 'oidc:' }, uid: { claim: 'sub' }, extra: [{ key: 'example.com/department', valueExpression: 'claims.d' }] }, claimValidationRules: [{ claim: 'hd', requiredValue: 'example.com' }, { expression: 'claims.x == "a"', message: 'no' }], userValidationRules: [{ expression: 'true', message: 'no' }] }) },
    { name: 'patterns of several groups', change: { encryption: { provider: 'secretbox', resources: ['*.', '*.apps', 'widgets.example.com'], readable: ['*.example.net'] } } as Partial<ClusterDefinition> },
    { name: 'kms with its volume', change: { encryption: { provider: 'kms', kms: { name: 'vault', endpoint: 'unix:///run/kms/vault.sock' } }, components: { apiserver: { extraVolumes: [{ name: 'kms', mountPath: '/run/kms', source: { csi: { driver: 'kms' } } }] } } } as Partial<ClusterDefinition> },
    { name: 'a JWT issuer', change: jwt({}) },
    { name: 'wildcards and addresses in the certificate', change: { certificates: { extraHosts: ['*.example.com', '10.0.0.5', 'fd00::5'] } } },
    { name: 'an image with a digest', change: apiserver({ image: `mirror:5000/kube-apiserver@sha256:${'a'.repeat(64)}` }) },
    { name: 'schedules', change: etcd({ backup: { schedule: '15 */6 1-7 jan,jul mon-fri', to: { persistentVolumeClaim: { size: '9Gi' } } } }) },
  ] as { name: string; change: Spoilt }[])('$name', ({ change }) => {
    expect(problemsOf(change)).toEqual([]);
  });
});

test('a wrong shape is told alone; an unknown field does not hide the rest', () => {
  expect(problemsOf({ mode: 'big' as 'standard', kubernetes: '1.20.0' }).map(({ code }) => code)).toEqual(['schema/not-allowed']);
  expect(problemsOf({ ...{ colour: 'red' }, kubernetes: '1.20.0' }).map(({ code }) => code)).toEqual(['schema/unknown-field', 'version/unsupported']);
});

test('every problem is written in full sentences, with a registered code', () => {
  const problems = Object.values(ROWS).flat().flatMap(({ change }) => problemsOf(change));
  for (const { code, what, why, fix } of problems) {
    expect(PROBLEM_CODES as readonly string[]).toContain(code);
    expect([what, why, fix].filter((sentence) => !/[.?]$/.test(sentence)), code).toEqual([]);
  }
});
