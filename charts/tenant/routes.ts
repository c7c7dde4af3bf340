import type { DaemonSet } from 'kubernetes-types/apps/v1';
import type { ConfigMap, Container, PodSpec } from 'kubernetes-types/core/v1';
import { restartOn } from '../../lib/constructs/digest.ts';
import { configMount, type Mount } from '../../lib/constructs/mounts.ts';
import type { KubernetesObject } from '../../lib/constructs/place.ts';
import { RESTRICTED } from '../../lib/constructs/pod.ts';
import { account, clusterRole, clusterRoleBinding, rule, serviceAccount } from '../../lib/constructs/rbac.ts';
import type { ResolvedCluster } from '../../lib/model/resolved.ts';
import { familyOf } from '../../lib/net.ts';
import { apiUrl, KUBE_SYSTEM, tenantLabels } from './names.ts';
import { hostMount, mountsOf, NODE_NAME, ON_LINUX, onEveryNode, volumesOf } from './pods.ts';

const NAME = 'kubewright-routes';
const SELECTOR = { 'k8s-app': NAME } as const;
const SCRIPTS = '/etc/kubewright-routes';
const NETWORKS = '/etc/cni/net.d';
const FILE = `${NETWORKS}/10-kubewright.conflist`;
const IDENTITY = '/run/identity';

/**
 * Each node's Pod range is routed to the node by the network around it. What is left to do on a node is to tell its
 * runtime that range; the plugins themselves come with every machine on which kubeadm works.
 */
export function routesObjects(cluster: ResolvedCluster): KubernetesObject[] {
  const labels = tenantLabels(SELECTOR);
  return [
    serviceAccount(KUBE_SYSTEM, NAME, labels),
    clusterRole('kubewright:routes', labels, [rule(['get'], ['nodes'])]),
    clusterRoleBinding('kubewright:routes', labels, 'kubewright:routes', [account(KUBE_SYSTEM, NAME)]),
    configMap(cluster),
    daemonSet(cluster),
  ];
}

/**
 * POSIX shell, and curl. The range is asked for until the controller-manager has given one, and once in a while after
 * that, for a node that was deleted may come back with another. The token is given on standard input: arguments are
 * for everybody on the machine to see. curl is answered with blanks, so they go.
 */
const script = (cluster: ResolvedCluster): string => `set -eu
ask() {
  printf 'header = "Authorization: Bearer %s"\\n' "$(cat ${IDENTITY}/token)" |
    curl --silent --show-error --fail --max-time 30 --cacert ${IDENTITY}/ca.crt --config - "${apiUrl(cluster)}/api/v1/nodes/$NODE_NAME"
}
ranges() { tr -d ' \\t\\n' | sed -n 's/.*"podCIDRs":\\[\\([^]]*\\)\\].*/\\1/p' | sed 's/"[^"]*"/[{"subnet":&}]/g'; }
write() {
  printf '${pluginList(cluster)}\\n' "$1" > ${FILE}.new
  if cmp -s ${FILE}.new ${FILE}; then rm ${FILE}.new; return; fi
  mv ${FILE}.new ${FILE}
  echo "this node's Pods are in $1"
}
trap 'exit 0' TERM
pause=2
while :; do
  found=$(ask | ranges)
  if [ -n "$found" ]; then write "$found"; pause=600; fi
  sleep $pause & wait $!
done
`;

/** What the runtime reads, with a place for the ranges. */
function pluginList({ network }: ResolvedCluster): string {
  const routes = network.pods.map((range) => ({ dst: familyOf(range) === 6 ? '::/0' : '0.0.0.0/0' }));
  const ipam = { type: 'host-local', dataDir: '/run/cni-ipam-state', routes, ranges: ['RANGES'] };
  const plugins = [{ type: 'ptp', ipMasq: false, ipam }, { type: 'portmap', capabilities: { portMappings: true } }];
  return JSON.stringify({ cniVersion: '1.0.0', name: 'kubewright', plugins }).replace('"RANGES"', '%s');
}

const configMap = (cluster: ResolvedCluster): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: NAME, namespace: KUBE_SYSTEM, labels: tenantLabels(SELECTOR) },
  data: { 'routes.sh': script(cluster) },
});

/** Its own token, for an hour at a time, and the authority of the API server. */
const identity: Mount = {
  volume: {
    name: 'identity',
    projected: {
      defaultMode: 0o400,
      sources: [
        { serviceAccountToken: { path: 'token', expirationSeconds: 3600 } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      ],
    },
  },
  mount: { name: 'identity', mountPath: IDENTITY, readOnly: true },
};

const MOUNTS = [configMount(NAME, SCRIPTS), identity, hostMount('cni', NETWORKS, 'DirectoryOrCreate')];

const daemonSet = (cluster: ResolvedCluster): DaemonSet => onEveryNode(NAME, SELECTOR, restartOn('script', script(cluster)), podSpec(cluster));

const podSpec = (cluster: ResolvedCluster): PodSpec => ({
  serviceAccountName: NAME,
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  hostNetwork: true,
  priorityClassName: 'system-node-critical',
  nodeSelector: ON_LINUX,
  tolerations: [{ operator: 'Exists' }],
  securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
  containers: [container(cluster)],
  volumes: volumesOf(MOUNTS),
});

/** Root, for the folder is root's; and nothing that root can do besides. */
const container = ({ images }: ResolvedCluster): Container => ({
  name: 'routes',
  image: images.curl,
  imagePullPolicy: images.pullPolicy,
  command: ['sh', `${SCRIPTS}/routes.sh`],
  env: [NODE_NAME],
  readinessProbe: { exec: { command: ['test', '-s', FILE] }, periodSeconds: 10 },
  resources: { requests: { cpu: '10m', memory: '16Mi' } },
  securityContext: { ...RESTRICTED, runAsUser: 0 },
  volumeMounts: mountsOf(MOUNTS),
});
