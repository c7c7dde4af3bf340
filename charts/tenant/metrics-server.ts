import type { Deployment } from 'kubernetes-types/apps/v1';
import type { ConfigMap, Container, PodSpec, Service } from 'kubernetes-types/core/v1';
import { always, argumentsOf, type Flag } from '../../lib/constructs/flags.ts';
import { configMount, emptyMount, type Mount } from '../../lib/constructs/mounts.ts';
import type { KubernetesObject } from '../../lib/constructs/place.ts';
import { requirementsOf, RESTRICTED } from '../../lib/constructs/pod.ts';
import { account, clusterRole, clusterRoleBinding, roleBinding, rule, serviceAccount } from '../../lib/constructs/rbac.ts';
import type { ResolvedCluster } from '../../lib/model/resolved.ts';
import type { ResolvedMetricsServer } from '../../lib/model/resolved-tenant.ts';
import { certificateOf, type PkiLock } from '../../lib/pki/plan.ts';
import { KUBE_SYSTEM, tenantLabels } from './names.ts';
import { apart, disruptionBudget, mountsOf, ON_LINUX, volumesOf } from './pods.ts';

const NAME = 'metrics-server';
const SELECTOR = { 'k8s-app': NAME } as const;
const LABELS = tenantLabels(SELECTOR);
const KUBELET_CA = 'kubelet-serving-ca';
const KUBELET_CA_FOLDER = '/etc/kubernetes/kubelet-ca';

/** metrics-server as its authors install it. */
export function metricsServerObjects(cluster: ResolvedCluster, lock: PkiLock): KubernetesObject[] {
  const { metricsServer } = cluster;
  if (metricsServer === null) return [];
  return [
    ...rights(),
    ...(verifiesKubelets(cluster) ? [kubeletAuthority(lock)] : []),
    service(),
    apiService(),
    ...disruptionBudget(NAME, SELECTOR, metricsServer.replicas),
    deployment(cluster, metricsServer),
  ];
}

const metadata = (name: string) => ({ name, namespace: KUBE_SYSTEM, labels: LABELS });

function rights(): KubernetesObject[] {
  const subjects = [account(KUBE_SYSTEM, NAME)];
  const aggregated = Object.fromEntries(['view', 'edit', 'admin'].map((role) => [`rbac.authorization.k8s.io/aggregate-to-${role}`, 'true']));
  return [
    serviceAccount(KUBE_SYSTEM, NAME, LABELS),
    clusterRole('system:aggregated-metrics-reader', { ...LABELS, ...aggregated }, [rule(['get', 'list', 'watch'], ['pods', 'nodes'], [], 'metrics.k8s.io')]),
    clusterRole('system:metrics-server', LABELS, [rule(['get'], ['nodes/metrics']), rule(['get', 'list', 'watch'], ['pods', 'nodes'])]),
    clusterRoleBinding('system:metrics-server', LABELS, 'system:metrics-server', subjects),
    clusterRoleBinding('metrics-server:system:auth-delegator', LABELS, 'system:auth-delegator', subjects),
    roleBinding(KUBE_SYSTEM, 'metrics-server-auth-reader', LABELS, 'extension-apiserver-authentication-reader', subjects),
  ];
}

/** Kubelets whose certificates the cluster signs can be verified; what they sign for themselves nobody can. */
const verifiesKubelets = ({ nodes }: ResolvedCluster): boolean => nodes.kubelet['serverTLSBootstrap'] === true;

const kubeletAuthority = (lock: PkiLock): ConfigMap =>
  ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata(KUBELET_CA), data: { 'ca.crt': certificateOf(lock, 'kubelet-ca').certificate } });

const service = (): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: metadata(NAME),
  spec: { selector: SELECTOR, ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 'https', appProtocol: 'https' }] },
});

/** Its certificate is one that it makes for itself at each start. */
const apiService = () => ({
  apiVersion: 'apiregistration.k8s.io/v1',
  kind: 'APIService',
  metadata: { name: 'v1beta1.metrics.k8s.io', labels: LABELS },
  spec: {
    group: 'metrics.k8s.io', version: 'v1beta1', groupPriorityMinimum: 100, versionPriority: 100,
    insecureSkipTLSVerify: true, service: { name: NAME, namespace: KUBE_SYSTEM, port: 443 },
  },
});

/** Every argument of metrics-server. */
export const METRICS_SERVER_FLAGS: readonly Flag<ResolvedCluster>[] = [
  always('cert-dir', '/tmp'),
  always('secure-port', 10250),
  always('kubelet-preferred-address-types', 'InternalIP,ExternalIP,Hostname'),
  always('kubelet-use-node-status-port', true),
  always('metric-resolution', '15s'),
  { name: 'kubelet-insecure-tls', value: (cluster) => (verifiesKubelets(cluster) ? null : true) },
  { name: 'kubelet-certificate-authority', value: (cluster) => (verifiesKubelets(cluster) ? `${KUBELET_CA_FOLDER}/ca.crt` : null) },
];

function deployment(cluster: ResolvedCluster, metricsServer: ResolvedMetricsServer): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadata(NAME),
    spec: {
      replicas: metricsServer.replicas,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      selector: { matchLabels: SELECTOR },
      template: { metadata: { labels: LABELS }, spec: podSpec(cluster, metricsServer) },
    },
  };
}

function podSpec(cluster: ResolvedCluster, metricsServer: ResolvedMetricsServer): PodSpec {
  const mounts = [emptyMount('tmp-dir', '/tmp', '16Mi'), ...(verifiesKubelets(cluster) ? [configMount(KUBELET_CA, KUBELET_CA_FOLDER)] : [])];
  return {
    serviceAccountName: NAME,
    automountServiceAccountToken: true,
    enableServiceLinks: false,
    priorityClassName: 'system-cluster-critical',
    nodeSelector: ON_LINUX,
    affinity: apart(SELECTOR),
    securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [container(cluster, metricsServer, mounts)],
    volumes: volumesOf(mounts),
  };
}

/** Ready once it has numbers of nodes and of Pods, which takes two rounds. */
const container = (cluster: ResolvedCluster, metricsServer: ResolvedMetricsServer, mounts: readonly Mount[]): Container => ({
  name: NAME,
  image: metricsServer.image,
  imagePullPolicy: cluster.images.pullPolicy,
  args: argumentsOf(METRICS_SERVER_FLAGS, cluster, metricsServer.args),
  ports: [{ name: 'https', containerPort: 10250, protocol: 'TCP' }],
  livenessProbe: { httpGet: { path: '/livez', port: 'https', scheme: 'HTTPS' }, periodSeconds: 10, failureThreshold: 3 },
  readinessProbe: { httpGet: { path: '/readyz', port: 'https', scheme: 'HTTPS' }, initialDelaySeconds: 20, periodSeconds: 10, failureThreshold: 3 },
  resources: requirementsOf(metricsServer.resources),
  securityContext: RESTRICTED,
  volumeMounts: mountsOf(mounts),
});
