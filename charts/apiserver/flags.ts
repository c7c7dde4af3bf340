import { always, switchesOf, type Flag } from '../../lib/constructs/flags.ts';
import { configFile, pkiFile, trustFile } from '../../lib/constructs/mounts.ts';
import { PATHS, TLS } from '../../lib/model/names.ts';
import type { ResolvedCluster } from '../../lib/model/resolved.ts';
import { advertisedOf } from '../../lib/model/resolved-endpoint.ts';

type ApiServerFlag = Flag<ResolvedCluster>;

const flag = (name: string, value: ApiServerFlag['value']): ApiServerFlag => ({ name, value });

/** Suites that are safe with TLS 1.2; TLS 1.3 has no others. */
export const CIPHER_SUITES = [
  'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256', 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
].join(',');

const listOrNull = (values: readonly string[]): string | null => (values.length === 0 ? null : values.join(','));

/** Its own certificate, and those of the clients that it believes. */
const SERVING: readonly ApiServerFlag[] = [
  flag('secure-port', ({ components }) => components.apiserver.securePort),
  flag('tls-cert-file', () => pkiFile('apiserver', TLS.certificate)),
  flag('tls-private-key-file', () => pkiFile('apiserver', TLS.key)),
  always('tls-min-version', 'VersionTLS12'),
  always('tls-cipher-suites', CIPHER_SUITES),
  flag('client-ca-file', () => trustFile('client-ca')),
  flag('external-hostname', ({ endpoint }) => endpoint.host),
  flag('advertise-address', ({ endpoint }) => advertisedOf(endpoint)?.address ?? '$(POD_IP)'),
  flag('endpoint-reconciler-type', ({ endpoint }) => endpoint.reconciler),
  always('http2-max-streams-per-connection', 1000),
  // Long-lived connections move to other replicas now and then; with a single one they have nowhere to go.
  flag('goaway-chance', ({ components }) => (components.apiserver.replicas > 1 ? '0.001' : null)),
  flag('shutdown-delay-duration', ({ components }) => `${components.apiserver.drainSeconds}s`),
  always('shutdown-send-retry-after', true),
  always('profiling', false),
];

/** The certificate's authority and the client's own, from the cluster's lock or from the author's Secret. */
const etcdFile = (own: () => string, key: string): ApiServerFlag['value'] => ({ datastore }) => {
  if (!datastore.external) return own();
  return datastore.credentials === null ? null : pkiFile(datastore.credentials, key);
};

const EVENTS = ['/events', 'events.k8s.io/events'] as const;

const STORAGE: readonly ApiServerFlag[] = [
  flag('etcd-servers', ({ datastore }) => datastore.endpoints.join(',')),
  flag('etcd-servers-overrides', ({ datastore: { eventsEndpoints } }) =>
    listOrNull(eventsEndpoints.length === 0 ? [] : EVENTS.map((resource) => `${resource}#${eventsEndpoints.join(';')}`))),
  flag('etcd-prefix', ({ datastore }) => datastore.prefix),
  flag('etcd-cafile', etcdFile(() => trustFile('etcd-ca'), TLS.authority)),
  flag('etcd-certfile', etcdFile(() => pkiFile('apiserver-etcd-client', TLS.certificate), TLS.certificate)),
  flag('etcd-keyfile', etcdFile(() => pkiFile('apiserver-etcd-client', TLS.key), TLS.key)),
  flag('etcd-compaction-interval', ({ datastore }) => (datastore.compaction === 'apiserver' ? '5m' : '0')),
  flag('encryption-provider-config', ({ encryption }) => (encryption.provider === 'none' ? null : pkiFile('encryption', 'encryption.yaml'))),
  flag('encryption-provider-config-automatic-reload', ({ encryption }) => (encryption.provider === 'none' ? null : true)),
  always('event-ttl', '1h'),
];

const IDENTITY: readonly ApiServerFlag[] = [
  flag('authentication-config', () => configFile('authentication.yaml')),
  flag('authorization-mode', ({ authorization }) => (authorization.webhooks.length === 0 ? 'Node,RBAC' : null)),
  flag('authorization-config', ({ authorization }) => (authorization.webhooks.length === 0 ? null : configFile('authorization.yaml'))),
  always('enable-bootstrap-token-auth', true),
  flag('service-account-issuer', ({ network }) => `https://kubernetes.default.svc.${network.dnsDomain}`),
  flag('service-account-key-file', () => pkiFile('service-account', 'sa.pub')),
  flag('service-account-signing-key-file', () => pkiFile('service-account', 'sa.key')),
  flag('enable-admission-plugins', ({ admission }) => ['NodeRestriction', ...admission.enable.filter((plugin) => plugin !== 'NodeRestriction')].join(',')),
  flag('disable-admission-plugins', ({ admission }) => listOrNull(admission.disable)),
  flag('admission-control-config-file', ({ admission }) => (Object.keys(admission.configuration).length === 0 ? null : configFile('admission.yaml'))),
];

const AGGREGATION: readonly ApiServerFlag[] = [
  // Without a kube-proxy beside it, a ClusterIP of the tenant leads nowhere: extension servers are dialled by address.
  always('enable-aggregator-routing', true),
  flag('proxy-client-cert-file', () => pkiFile('front-proxy-client', TLS.certificate)),
  flag('proxy-client-key-file', () => pkiFile('front-proxy-client', TLS.key)),
  flag('requestheader-client-ca-file', () => trustFile('front-proxy-ca')),
  always('requestheader-allowed-names', 'front-proxy-client'),
  always('requestheader-username-headers', 'X-Remote-User'),
  always('requestheader-group-headers', 'X-Remote-Group'),
  always('requestheader-extra-headers-prefix', 'X-Remote-Extra-'),
];

const NODES: readonly ApiServerFlag[] = [
  flag('egress-selector-config-file', ({ nodes }) => (nodes.access.type === 'konnectivity' ? configFile('egress-selector.yaml') : null)),
  always('allow-privileged', true),
  flag('kubelet-client-certificate', () => pkiFile('apiserver-kubelet-client', TLS.certificate)),
  flag('kubelet-client-key', () => pkiFile('apiserver-kubelet-client', TLS.key)),
  always('kubelet-preferred-address-types', 'InternalIP,ExternalIP,Hostname'),
  flag('service-cluster-ip-range', ({ network }) => network.services.join(',')),
];

/** What an audit log of this cluster is given; nothing when there is no policy. */
const audited = (value: (audit: ResolvedCluster['audit']) => string | number | null): ApiServerFlag['value'] =>
  ({ audit }) => (audit.policy === null ? null : value(audit));
const inVolume = (value: (log: ResolvedCluster['audit']['log']) => number): ApiServerFlag['value'] =>
  audited(({ log }) => (log.to === 'volume' ? value(log) : null));

const AUDIT: readonly ApiServerFlag[] = [
  flag('audit-policy-file', audited(() => configFile('audit-policy.yaml'))),
  flag('audit-log-path', audited(({ log }) => (log.to === 'stdout' ? '-' : `${PATHS.auditLog}/audit.log`))),
  flag('audit-log-maxsize', inVolume((log) => log.maxSizeMegabytes)),
  flag('audit-log-maxbackup', inVolume((log) => log.maxBackups)),
  flag('audit-log-maxage', inVolume((log) => log.maxAgeDays)),
  flag('audit-webhook-config-file', audited(({ webhook }) => (webhook === null ? null : pkiFile(webhook.kubeconfig, 'kubeconfig')))),
  flag('audit-webhook-batch-max-wait', audited(({ webhook }) => (webhook === null ? null : webhook.batchMaxWait))),
];

const SWITCHES: readonly ApiServerFlag[] = [
  flag('feature-gates', ({ components }) => switchesOf(components.apiserver.featureGates)),
  flag('runtime-config', ({ components }) => switchesOf(components.apiserver.runtimeConfig)),
];

/** Every argument of kube-apiserver, by concern. */
export const APISERVER_FLAGS: readonly ApiServerFlag[] = [
  ...SERVING, ...STORAGE, ...IDENTITY, ...AGGREGATION, ...NODES, ...AUDIT, ...SWITCHES,
];
