import type { Binary } from '../../rule.ts';

/** Sentences that say where a thing is decided, for the flags and settings that the compiler writes itself. */
type Owners = Readonly<Record<string, string>>;

const use = (field: string): string => `remove it, and use ${field}.`;
const NOTHING = 'remove it: it follows from the other fields.';
const PKI = 'remove it: certificates come from the cluster\'s lock (pki.lock.yaml).';
const BOUND = 'remove it: probes, Services and network policies rely on it.';

const all = (flags: readonly string[], owner: string): Owners => Object.fromEntries(flags.map((flag) => [flag, owner]));

const SERVING: Owners = {
  ...all(['tls-cert-file', 'tls-private-key-file', 'cert-dir', 'client-ca-file'], PKI),
  ...all(['requestheader-client-ca-file', 'requestheader-allowed-names', 'requestheader-username-headers', 'requestheader-group-headers', 'requestheader-extra-headers-prefix'], PKI),
  'bind-address': BOUND,
  'feature-gates': use('featureGates'),
};

const CLIENT: Owners = {
  ...all(['kubeconfig', 'authentication-kubeconfig', 'authorization-kubeconfig', 'master'], NOTHING),
  'secure-port': BOUND,
  'leader-elect': 'remove it: with more than one Pod, two leaders would undo each other\'s work.',
};

/** Flags that the compiler sets, and the field of the definition that decides each. */
export const OWNED_FLAGS: Readonly<Record<Binary, Owners>> = {
  'kube-apiserver': {
    ...SERVING,
    ...all(['etcd-servers', 'etcd-cafile', 'etcd-certfile', 'etcd-keyfile'], use('etcd, or datastore.external')),
    'etcd-servers-overrides': use('etcd.events'),
    'etcd-prefix': use('datastore.external.prefix'),
    'service-cluster-ip-range': use('network.services'),
    'advertise-address': use('endpoint.address, or behind a gateway endpoint.expose.inCluster.address'),
    'secure-port': use('endpoint.port'),
    'external-hostname': use('endpoint.host'),
    'endpoint-reconciler-type': use('endpoint.expose'),
    ...all(['kubelet-client-certificate', 'kubelet-client-key', 'kubelet-certificate-authority', 'proxy-client-cert-file', 'proxy-client-key-file'], PKI),
    ...all(['service-account-key-file', 'service-account-signing-key-file'], PKI),
    ...all(['authorization-mode', 'authorization-config', 'authorization-policy-file', 'authorization-webhook-config-file'], use('authorization')),
    'authentication-config': use('authentication'),
    'anonymous-auth': use('authentication.anonymousPaths'),
    'enable-admission-plugins': use('admission.enable'),
    'disable-admission-plugins': use('admission.disable'),
    'admission-control': use('admission.enable and admission.disable'),
    'admission-control-config-file': use('admission.configuration'),
    'audit-policy-file': use('audit.policy'),
    ...all(['audit-log-path', 'audit-log-maxsize', 'audit-log-maxbackup', 'audit-log-maxage'], use('audit.log')),
    ...all(['audit-webhook-config-file', 'audit-webhook-batch-max-wait'], use('audit.webhook')),
    ...all(['encryption-provider-config', 'encryption-provider-config-automatic-reload'], use('encryption')),
    'egress-selector-config-file': NOTHING,
    'runtime-config': use('components.apiserver.runtimeConfig'),
    'shutdown-delay-duration': use('components.apiserver.drainSeconds'),
  },
  'kube-controller-manager': {
    ...SERVING,
    ...CLIENT,
    'cluster-cidr': use('network.pods'),
    'service-cluster-ip-range': use('network.services'),
    ...all(['node-cidr-mask-size', 'node-cidr-mask-size-ipv4', 'node-cidr-mask-size-ipv6'], use('network.nodeMask')),
    'allocate-node-cidrs': use('network.allocateNodeRanges'),
    'cluster-name': use('name'),
    ...all(['root-ca-file', 'service-account-private-key-file'], PKI),
    ...all(['kubelet-client', 'kubelet-serving', 'kube-apiserver-client', 'legacy-unknown'].flatMap((signer) => [`cluster-signing-${signer}-cert-file`, `cluster-signing-${signer}-key-file`]), PKI),
  },
  'kube-scheduler': {
    ...SERVING,
    ...CLIENT,
    config: use('components.scheduler.profiles'),
  },
};

/** Two flags that end the process when both are set, the second being one that the compiler sets. */
export const EXCLUSIVE_FLAGS: readonly { readonly binary: Binary; readonly flags: RegExp; readonly with: string; readonly fix: string }[] = [
  { binary: 'kube-apiserver', flags: /^oidc-/, with: 'authentication-config', fix: 'use authentication.jwt, which can do all that the oidc flags could.' },
  { binary: 'kube-apiserver', flags: /^authorization-webhook-(version|cache-(un)?authorized-ttl)$/, with: 'authorization-config', fix: 'use authorization.webhooks, where each webhook has its own version and times.' },
  { binary: 'kube-controller-manager', flags: /^cluster-signing-(cert|key)-file$/, with: 'cluster-signing-kubelet-client-cert-file and its sisters', fix: 'remove it: each signer has an authority of its own.' },
];

/** Flags whose default of ours may be changed but not taken away. */
export const REQUIRED_FLAGS: Readonly<Record<Binary, Owners>> = {
  'kube-apiserver': {
    'allow-privileged': 'network plugins and kube-proxy run privileged, and would be refused.',
    'enable-bootstrap-token-auth': 'nodes could not join with a token.',
    'service-account-issuer': 'the API server does not start without an issuer.',
  },
  'kube-controller-manager': {
    'use-service-account-credentials': 'without it every controller acts with the rights of the controller-manager itself, which has almost none.',
    controllers: 'the controllers that bootstrap tokens need are not among the default ones.',
  },
  'kube-scheduler': {},
};

/** Settings of etcd's configuration file that follow from the definition, and what to do instead. */
export const OWNED_ETCD_SETTINGS: Owners = {
  ...all(['name', 'data-dir', 'wal-dir', 'initial-advertise-peer-urls', 'advertise-client-urls', 'initial-cluster', 'initial-cluster-state', 'initial-cluster-token'], NOTHING),
  ...all(['listen-peer-urls', 'listen-client-urls', 'listen-client-http-urls', 'listen-metrics-urls'], BOUND),
  ...all(['client-transport-security', 'peer-transport-security', 'self-signed-cert-validity'], PKI),
  ...all(['discovery', 'discovery-srv', 'discovery-proxy', 'discovery-fallback'], NOTHING),
  'quota-backend-bytes': use('etcd.quota'),
  'force-new-cluster': 'remove it: it forgets every other member at each start.',
};
