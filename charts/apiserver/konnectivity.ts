import type { ConfigMap } from 'kubernetes-types/core/v1';
import { restartOn } from '../../lib/constructs/digest.ts';
import { always, argumentsOf, type Flag } from '../../lib/constructs/flags.ts';
import { configFile, configMount, emptyMount, pkiFile, secretMount, trustFile, trustMount, type Mount } from '../../lib/constructs/mounts.ts';
import { podField, probe, type ContainerSpec } from '../../lib/constructs/pod.ts';
import { KONNECTIVITY, labelsOf, PATHS, PORTS, serviceHost, SERVICES, TLS } from '../../lib/model/names.ts';
import type { ResolvedCluster } from '../../lib/model/resolved.ts';
import type { ResolvedKonnectivity } from '../../lib/model/resolved-access.ts';
import { kubeconfigWithFiles } from '../../lib/pki/credentials/kubeconfig.ts';
import { certificateOf, type PkiLock } from '../../lib/pki/plan.ts';
import { CIPHER_SUITES } from './flags.ts';

const NAME = 'konnectivity-server';
const CONFIG = `${NAME}-config`;
const SERVING = 'konnectivity-server';
const CLIENT = 'konnectivity-client';

/** Name of the port that agents dial. */
export const AGENTS_PORT = 'agents';

/** Where an API server hands its connections to the server beside it. */
export const SOCKET = `${PATHS.konnectivity}/konnectivity-server.socket`;

/** The folder of the socket, for both containers. */
export const socketMount = (): Mount => emptyMount('konnectivity', PATHS.konnectivity, '1Mi');

/** What the server of tunnels is told; it asks the API server beside it who an agent is. */
export const konnectivityConfig = (cluster: ResolvedCluster): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: CONFIG, namespace: cluster.namespace, labels: labelsOf(cluster.name, NAME) },
  data: { 'kubeconfig.yaml': kubeconfig(cluster) },
});

const kubeconfig = (cluster: ResolvedCluster): string => kubeconfigWithFiles({
  cluster: cluster.name,
  server: `https://127.0.0.1:${cluster.components.apiserver.securePort}`,
  tlsServerName: serviceHost(cluster, SERVICES.apiserver),
  user: KONNECTIVITY.user,
  caFile: trustFile('server-ca'),
  certFile: pkiFile(CLIENT, TLS.certificate),
  keyFile: pkiFile(CLIENT, TLS.key),
});

/** It reads its serving certificate at its start only, unlike the components of Kubernetes. */
export const konnectivityRestart = (cluster: ResolvedCluster, lock: PkiLock): Record<string, string> =>
  restartOn('konnectivity', [kubeconfig(cluster), ...['server-ca', SERVING].map((name) => certificateOf(lock, name).certificate)]);

const FLAGS: readonly Flag<ResolvedKonnectivity>[] = [
  always('mode', 'grpc'),
  always('uds-name', SOCKET),
  always('delete-existing-uds-file', true),
  always('server-port', 0),
  { name: 'agent-port', value: ({ podPort }) => podPort },
  always('admin-bind-address', '127.0.0.1'),
  always('admin-port', PORTS.konnectivityAdmin),
  always('health-port', PORTS.konnectivityHealth),
  always('cluster-cert', pkiFile(SERVING, TLS.certificate)),
  always('cluster-key', pkiFile(SERVING, TLS.key)),
  always('cipher-suites', CIPHER_SUITES),
  always('kubeconfig', configFile('kubeconfig.yaml')),
  // All agents come at once after a rollout, and each is looked up; the default is five a second.
  always('kubeconfig-qps', 100),
  always('kubeconfig-burst', 200),
  always('agent-namespace', KONNECTIVITY.namespace),
  always('agent-service-account', KONNECTIVITY.agent),
  always('authentication-audience', KONNECTIVITY.audience),
  // Agents count leases instead of being told a number, so that API servers may come and go.
  always('enable-lease-controller', true),
  always('lease-namespace', KONNECTIVITY.leaseNamespace),
  always('lease-label', KONNECTIVITY.leaseLabel),
  // A container that starts again keeps its lease, and agents do not count it twice.
  always('server-id', '$(POD_NAME)'),
  // A node is reached through its own agent; Pods and Services through any.
  always('proxy-strategies', 'destHost,default'),
  // A node that fell silent is found out before it is asked for long; the default is an hour.
  always('keepalive-time', '30s'),
  // By default it tells of every packet.
  always('v', 2),
];

/**
 * The server of tunnels of one API server. It is not ready only when it does not run: agents come through the Service,
 * which has ready Pods only, so that to wait for an agent would be to wait for ever.
 */
export function konnectivitySidecar(access: ResolvedKonnectivity): ContainerSpec {
  return {
    name: NAME,
    image: access.serverImage,
    command: ['/proxy-server'],
    args: argumentsOf(FLAGS, access, {}),
    env: [podField('POD_NAME', 'metadata.name')],
    ports: { [AGENTS_PORT]: access.podPort, health: PORTS.konnectivityHealth },
    probes: { livenessProbe: probe('/healthz', 'health', 'HTTP', { periodSeconds: 10, timeoutSeconds: 15, failureThreshold: 8 }) },
    resources: access.resources,
    mounts: [
      configMount(CONFIG, PATHS.config),
      trustMount(['server-ca'], 'konnectivity-trust'),
      secretMount(SERVING),
      secretMount(CLIENT),
      socketMount(),
    ],
  };
}
