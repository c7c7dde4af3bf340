import type { DaemonSet } from 'kubernetes-types/apps/v1';
import type { Container, Namespace, PodSpec, Volume } from 'kubernetes-types/core/v1';
import { always, argumentsOf, type Flag } from '../../lib/constructs/flags.ts';
import { podField, probe, requirementsOf, RESTRICTED } from '../../lib/constructs/pod.ts';
import { account, clusterRoleBinding, role, roleBinding, rule, serviceAccount, user } from '../../lib/constructs/rbac.ts';
import type { KubernetesObject } from '../../lib/constructs/place.ts';
import { KONNECTIVITY, PORTS, USER_ID } from '../../lib/model/names.ts';
import type { ResolvedCluster } from '../../lib/model/resolved.ts';
import type { ResolvedKonnectivity } from '../../lib/model/resolved-access.ts';
import { KUBE_SYSTEM, tenantLabels } from './names.ts';
import { apiVariables, ON_LINUX, onEveryNode } from './pods.ts';

const { agent: NAME, leaseNamespace: LEASES } = KONNECTIVITY;
const LABELS = tenantLabels();
const SELECTOR = { 'k8s-app': NAME } as const;
const TOKENS = '/var/run/secrets/tokens';
const TOKEN = 'konnectivity-agent-token';

/** Agents that open tunnels to the control plane, and what its servers may do here. */
export function konnectivityObjects(cluster: ResolvedCluster): KubernetesObject[] {
  const { access } = cluster.nodes;
  if (access.type !== 'konnectivity') return [];
  return [
    serviceAccount(KUBE_SYSTEM, NAME, LABELS),
    leaseNamespace(),
    // Whose token an agent shows is asked of the API server.
    clusterRoleBinding(KONNECTIVITY.user, LABELS, 'system:auth-delegator', [user(KONNECTIVITY.user)]),
    ...leaseRights(KONNECTIVITY.user, ['create', 'delete', 'get', 'list', 'update'], user(KONNECTIVITY.user)),
    ...leaseRights(NAME, ['get', 'list', 'watch'], account(KUBE_SYSTEM, NAME)),
    daemonSet(cluster, access),
  ];
}

/**
 * Servers have leases here and agents count them. Not in kube-system: there servers could take the leases of the
 * controller-manager and the scheduler, and each agent would be told whenever one of those is renewed.
 */
const leaseNamespace = (): Namespace =>
  ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: LEASES, labels: { ...LABELS, 'pod-security.kubernetes.io/enforce': 'restricted' } } });

function leaseRights(name: string, verbs: string[], subject: ReturnType<typeof user>): KubernetesObject[] {
  return [
    role(LEASES, name, LABELS, [rule(verbs, ['leases'], [], 'coordination.k8s.io')]),
    roleBinding(LEASES, name, LABELS, name, [subject]),
  ];
}

const FLAGS: readonly Flag<ResolvedKonnectivity>[] = [
  { name: 'proxy-server-host', value: ({ host }) => host },
  { name: 'proxy-server-port', value: ({ port }) => port },
  always('ca-cert', '/var/run/secrets/kubernetes.io/serviceaccount/ca.crt'),
  always('service-account-token-path', `${TOKENS}/${TOKEN}`),
  always('agent-identifiers', 'host=$(HOST_IP)'),
  always('admin-server-port', PORTS.konnectivityAdmin),
  always('health-server-port', PORTS.konnectivityHealth),
  always('count-server-leases', true),
  always('lease-namespace', LEASES),
  always('lease-label', KONNECTIVITY.leaseLabel),
  // While a server is missing an agent dials this often, until the balancer has led it to each of them.
  always('sync-interval', '2s'),
  always('sync-interval-cap', '30s'),
  // Balancers forget a silent connection after some minutes. Servers take one sign of life in thirty seconds.
  always('keepalive-time', '60s'),
  // By default it tells of every packet.
  always('v', 2),
];

/** On the host's network: it is there before the network of Pods is, and reaches the kubelet when that is broken. */
const daemonSet = (cluster: ResolvedCluster, access: ResolvedKonnectivity): DaemonSet => onEveryNode(NAME, SELECTOR, {}, podSpec(cluster, access));

function podSpec(cluster: ResolvedCluster, access: ResolvedKonnectivity): PodSpec {
  return {
    serviceAccountName: NAME,
    automountServiceAccountToken: true,
    enableServiceLinks: false,
    hostNetwork: true,
    // Any agent reaches every node, so that none is critical for its own.
    priorityClassName: 'system-cluster-critical',
    nodeSelector: ON_LINUX,
    tolerations: [{ operator: 'Exists' }],
    // An agent that is told to stop takes no more requests, and serves those under way until it is killed.
    terminationGracePeriodSeconds: 30,
    securityContext: { runAsNonRoot: true, runAsUser: USER_ID, runAsGroup: USER_ID, fsGroup: USER_ID, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [container(cluster, access)],
    volumes: [TOKEN_VOLUME],
  };
}

/** For the servers only: the API server refuses it. */
const TOKEN_VOLUME: Volume = {
  name: TOKEN,
  projected: { sources: [{ serviceAccountToken: { path: TOKEN, audience: KONNECTIVITY.audience, expirationSeconds: 3600 } }], defaultMode: 0o440 },
};

/** The health server listens once the leases are known; it is ready with one server connected. */
const PROBES = {
  startupProbe: probe('/healthz', PORTS.konnectivityHealth, 'HTTP', { periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 150 }),
  livenessProbe: probe('/healthz', PORTS.konnectivityHealth, 'HTTP', { periodSeconds: 10, timeoutSeconds: 15, failureThreshold: 8 }),
  readinessProbe: probe('/readyz', PORTS.konnectivityHealth, 'HTTP', { periodSeconds: 5, timeoutSeconds: 15, failureThreshold: 3 }),
} as const;

const container = (cluster: ResolvedCluster, access: ResolvedKonnectivity): Container => ({
  name: NAME,
  image: access.agentImage,
  imagePullPolicy: cluster.images.pullPolicy,
  command: ['/proxy-agent'],
  args: argumentsOf(FLAGS, access, {}),
  env: [podField('HOST_IP', 'status.hostIP'), ...apiVariables(cluster)],
  resources: requirementsOf(access.agentResources),
  securityContext: RESTRICTED,
  ...PROBES,
  volumeMounts: [{ name: TOKEN, mountPath: TOKENS, readOnly: true }],
});
