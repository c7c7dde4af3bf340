import type { DaemonSet } from 'kubernetes-types/apps/v1';
import type { ConfigMap, Container, Namespace, PodSpec } from 'kubernetes-types/core/v1';
import { restartOn } from '../../lib/constructs/digest.ts';
import { configMount } from '../../lib/constructs/mounts.ts';
import type { KubernetesObject } from '../../lib/constructs/place.ts';
import { podField } from '../../lib/constructs/pod.ts';
import { account, clusterRole, clusterRoleBinding, rule, serviceAccount } from '../../lib/constructs/rbac.ts';
import type { ResolvedCluster } from '../../lib/model/resolved.ts';
import type { ResolvedCni } from '../../lib/model/resolved-tenant.ts';
import { familyOf } from '../../lib/net.ts';
import { tenantLabels } from './names.ts';
import { apiVariables, hostMount, mountsOf, ON_LINUX, volumesOf } from './pods.ts';

const NAME = 'flannel';
const NAMESPACE = 'kube-flannel';
const CONFIG = 'kube-flannel-cfg';
const FOLDER = '/etc/kube-flannel';
const SELECTOR = { app: NAME, 'k8s-app': NAME } as const;
const LABELS = tenantLabels({ 'k8s-app': NAME });

type Flannel = Extract<ResolvedCni, { type: 'flannel' }>;

/** flannel as its authors install it, but that it finds the API server without kube-proxy. */
export function flannelObjects(cluster: ResolvedCluster, flannel: Flannel): KubernetesObject[] {
  const config = configOf(cluster, flannel);
  return [
    namespace(),
    serviceAccount(NAMESPACE, NAME, LABELS),
    clusterRole(NAME, LABELS, [rule(['get'], ['pods']), rule(['get', 'list', 'watch'], ['nodes']), rule(['patch'], ['nodes/status'])]),
    clusterRoleBinding(NAME, LABELS, NAME, [account(NAMESPACE, NAME)]),
    configMap(config),
    daemonSet(cluster, flannel, config),
  ];
}

const namespace = (): Namespace => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: NAMESPACE, labels: { ...LABELS, 'pod-security.kubernetes.io/enforce': 'privileged' } },
});

const configMap = (data: Record<string, string>): ConfigMap =>
  ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: CONFIG, namespace: NAMESPACE, labels: tenantLabels({ ...SELECTOR, tier: 'node' }) }, data });

const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

function configOf({ network }: ResolvedCluster, { backend }: Flannel): Record<string, string> {
  const range = (family: 4 | 6): string | undefined => network.pods.find((text) => familyOf(text) === family);
  const [v4, v6] = [range(4), range(6)];
  return {
    'cni-conf.json': json({
      name: 'cbr0',
      cniVersion: '0.3.1',
      plugins: [
        { type: 'flannel', delegate: { hairpinMode: true, isDefaultGateway: true } },
        { type: 'portmap', capabilities: { portMappings: true } },
      ],
    }),
    'net-conf.json': json({
      ...(v4 === undefined ? { EnableIPv4: false } : { Network: v4 }),
      ...(v6 === undefined ? {} : { EnableIPv6: true, IPv6Network: v6 }),
      EnableNFTables: false,
      Backend: { Type: backend },
    }),
  };
}

const CONFIG_MOUNT = configMount(CONFIG, FOLDER);
const PLUGINS = hostMount('cni-plugin', '/opt/cni/bin');
const NETWORKS = hostMount('cni', '/etc/cni/net.d');
const RUN = [hostMount('run', '/run/flannel'), CONFIG_MOUNT, hostMount('xtables-lock', '/run/xtables.lock', 'FileOrCreate')];

/** flanneld reads its configuration once, when it starts. */
function daemonSet(cluster: ResolvedCluster, flannel: Flannel, config: Record<string, string>): DaemonSet {
  const labels = tenantLabels({ ...SELECTOR, tier: 'node' });
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'kube-flannel-ds', namespace: NAMESPACE, labels },
    spec: {
      selector: { matchLabels: SELECTOR },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '10%' } },
      template: { metadata: { labels, annotations: restartOn('config', config) }, spec: podSpec(cluster, flannel) },
    },
  };
}

function podSpec(cluster: ResolvedCluster, flannel: Flannel): PodSpec {
  return {
    serviceAccountName: NAME,
    automountServiceAccountToken: true,
    enableServiceLinks: false,
    hostNetwork: true,
    priorityClassName: 'system-node-critical',
    nodeSelector: ON_LINUX,
    tolerations: [{ operator: 'Exists' }],
    initContainers: installers(cluster, flannel),
    containers: [daemon(cluster, flannel)],
    volumes: volumesOf([...RUN, PLUGINS, NETWORKS]),
  };
}

/** The plugin into the folder that kubelets' runtimes look in, and the configuration that makes them use it. */
function installers({ images }: ResolvedCluster, { image, pluginImage }: Flannel): Container[] {
  const copy = (name: string, from: string, args: string[], mounts: Container['volumeMounts']): Container => ({
    name, image: from, imagePullPolicy: images.pullPolicy, command: ['cp'], args, resources: { requests: REQUESTS }, volumeMounts: mounts ?? [],
  });
  return [
    copy('install-cni-plugin', pluginImage, ['-f', '/flannel', '/opt/cni/bin/flannel'], mountsOf([PLUGINS])),
    copy('install-cni', image, ['-f', `${FOLDER}/cni-conf.json`, '/etc/cni/net.d/10-flannel.conflist'], mountsOf([NETWORKS, CONFIG_MOUNT])),
  ];
}

const REQUESTS = { cpu: '100m', memory: '50Mi' };

/** The port that its authors give it. It is the machine's, so nobody outside needs to find it open. */
const HEALTH = { host: '127.0.0.1', port: 8081 } as const;

function daemon(cluster: ResolvedCluster, { image }: Flannel): Container {
  return {
    name: 'kube-flannel',
    image,
    imagePullPolicy: cluster.images.pullPolicy,
    command: ['/opt/bin/flanneld'],
    args: ['--ip-masq', '--kube-subnet-mgr', `--healthz-ip=${HEALTH.host}`, `--healthz-port=${HEALTH.port}`],
    env: [
      podField('POD_NAME', 'metadata.name'),
      podField('POD_NAMESPACE', 'metadata.namespace'),
      { name: 'EVENT_QUEUE_DEPTH', value: '5000' },
      { name: 'CONT_WHEN_CACHE_NOT_READY', value: 'false' },
      ...apiVariables(cluster),
    ],
    resources: { requests: REQUESTS },
    livenessProbe: { httpGet: { ...HEALTH, path: '/healthz', scheme: 'HTTP' }, initialDelaySeconds: 10, periodSeconds: 30 },
    // Ready once the machine has its range and its routes: until then no Pod of it is reached.
    readinessProbe: { httpGet: { ...HEALTH, path: '/readyz', scheme: 'HTTP' }, periodSeconds: 5 },
    securityContext: { privileged: false, capabilities: { add: ['NET_ADMIN', 'NET_RAW'] } },
    volumeMounts: mountsOf(RUN),
  };
}
