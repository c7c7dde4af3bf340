import type { DaemonSet } from 'kubernetes-types/apps/v1';
import type { Container, PodSpec, Probe } from 'kubernetes-types/core/v1';
import { argumentsOf, always, type Flag } from '../../lib/constructs/flags.ts';
import { emptyMount, type Mount } from '../../lib/constructs/mounts.ts';
import { requirementsOf, RESTRICTED } from '../../lib/constructs/pod.ts';
import type { KubernetesObject } from '../../lib/constructs/place.ts';
import { APISERVER_PROXY, PATHS, PORTS, USER_ID } from '../../lib/model/names.ts';
import type { ResolvedCluster } from '../../lib/model/resolved.ts';
import { inClusterOf, type ResolvedInCluster } from '../../lib/model/resolved-endpoint.ts';
import { familyOf, withPort } from '../../lib/net.ts';
import { mountsOf, ON_LINUX, onEveryNode, SURGE, volumesOf } from './pods.ts';

const SELECTOR = { 'k8s-app': APISERVER_PROXY } as const;
/** A Pod's own: of two that listen at one port, either one would be asked. */
const STATUS = '/run/status';
const SOCKET = `${STATUS}/socket`;

/**
 * Agents that take what Pods send to the Service `kubernetes`, and carry it to the Gateway in a connection that has a server
 * name. Each listens at an address that its node gives itself, so that a Pod needs no other node.
 */
export function apiserverProxyObjects(cluster: ResolvedCluster): KubernetesObject[] {
  const agent = inClusterOf(cluster.endpoint);
  return agent === null ? [] : [daemonSet(cluster, agent)];
}

/** The next one listens at the same place before the one that it replaces ends: the kernel gives both their share. */
const daemonSet = (cluster: ResolvedCluster, agent: ResolvedInCluster): DaemonSet => onEveryNode(APISERVER_PROXY, SELECTOR, {}, podSpec(cluster, agent), SURGE);

const podSpec = (cluster: ResolvedCluster, agent: ResolvedInCluster): PodSpec => ({
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  hostNetwork: true,
  priorityClassName: 'system-node-critical',
  nodeSelector: ON_LINUX,
  tolerations: [{ operator: 'Exists' }],
  // What is under way when one is replaced may go on as long.
  terminationGracePeriodSeconds: 30,
  securityContext: { runAsUser: USER_ID, runAsGroup: USER_ID, seccompProfile: { type: 'RuntimeDefault' } },
  initContainers: [addressContainer(cluster, agent)],
  containers: [agentContainer(cluster, agent)],
  volumes: volumesOf([trust, status]),
});

const addressOf = ({ address }: ResolvedInCluster): string => `${address}/${familyOf(address) === 6 ? 128 : 32}`;

/** Now and then again, for somebody who looks after the machine's addresses may take it for a stray one. */
const addressScript = (agent: ResolvedInCluster): string => `trap 'exit 0' TERM
while :; do
  ip address replace ${addressOf(agent)} dev lo${familyOf(agent.address) === 6 ? '' : ' scope host'}
  sleep 10 & wait $!
done
`;

const addressContainer = ({ images }: ResolvedCluster, agent: ResolvedInCluster): Container => ({
  name: 'address',
  image: agent.image,
  imagePullPolicy: images.pullPolicy,
  command: ['sh', '-c', addressScript(agent)],
  restartPolicy: 'Always',
  startupProbe: { exec: { command: ['sh', '-c', `ip -o address show to ${addressOf(agent)} | grep -q .`] }, periodSeconds: 1, timeoutSeconds: 5, failureThreshold: 60 },
  resources: { requests: { cpu: '1m', memory: '4Mi' } },
  securityContext: { ...RESTRICTED, runAsUser: 0, runAsGroup: 0, capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] } },
});

type Subject = Pick<ResolvedCluster['endpoint'], 'host' | 'port'> & { readonly agent: ResolvedInCluster };

const FLAGS: readonly Flag<Subject>[] = [
  { name: 'listen', value: ({ agent }) => withPort(agent.address, PORTS.apiserver) },
  { name: 'target', value: ({ host, port }) => `${host}:${port}` },
  { name: 'override-server-name', value: ({ agent }) => agent.host },
  always('cacert', `${PATHS.trust}/ca.crt`),
  always('status', `unix:${SOCKET}`),
  always('timed-reload', '1h'),
  always('shutdown-timeout', '25s'),
  // By default it tells of every connection.
  always('quiet', 'conns'),
];

/** By the authority of the API server, which the cluster itself puts into every namespace. */
const trust: Mount = {
  volume: { name: 'trust', configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
  mount: { name: 'trust', mountPath: PATHS.trust, readOnly: true },
};
const status = emptyMount('status', STATUS, '1Mi');

/** Asks the agent of this very Pod. */
const ask = (path: string): Pick<Probe, 'exec'> => ({ exec: { command: ['curl', '--silent', '--fail', '--output', '/dev/null', '--unix-socket', SOCKET, `http://localhost${path}`] } });

/**
 * Started once an API server was reached: a change that leads nowhere stops at the first nodes. After that it is asked only
 * whether it runs. Each look at the way there is a connection to an API server, from every node.
 */
const PROBES = {
  startupProbe: { ...ask('/_status'), periodSeconds: 2, timeoutSeconds: 15, failureThreshold: 150 },
  livenessProbe: { ...ask('/_metrics'), periodSeconds: 20, timeoutSeconds: 15, failureThreshold: 4 },
};

const agentContainer = ({ endpoint, images }: ResolvedCluster, agent: ResolvedInCluster): Container => ({
  name: APISERVER_PROXY,
  image: agent.image,
  imagePullPolicy: images.pullPolicy,
  // One that was killed leaves its socket, and the next one could not begin. Who its clients are, they say in the connections
  // that it carries. The endpoint's name may be unknown for a while.
  command: ['sh', '-c', `rm -f ${SOCKET} && exec ghostunnel "$@"`, 'sh', 'client', '--disable-authentication', '--unsafe-listen', '--skip-resolve'],
  args: argumentsOf(FLAGS, { ...endpoint, agent }, {}),
  resources: requirementsOf(agent.agentResources),
  securityContext: RESTRICTED,
  ...PROBES,
  volumeMounts: mountsOf([trust, status]),
});
