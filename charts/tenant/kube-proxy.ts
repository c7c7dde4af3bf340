import type { DaemonSet } from 'kubernetes-types/apps/v1';
import type { ConfigMap, Container } from 'kubernetes-types/core/v1';
import { restartOn } from '../../lib/constructs/digest.ts';
import { configMount } from '../../lib/constructs/mounts.ts';
import type { KubernetesObject } from '../../lib/constructs/place.ts';
import { account, clusterRoleBinding, group, role, roleBinding, rule, serviceAccount } from '../../lib/constructs/rbac.ts';
import type { JsonValue } from '../../lib/model/manifest.ts';
import type { ResolvedCluster } from '../../lib/model/resolved.ts';
import type { ResolvedKubeProxy } from '../../lib/model/resolved-tenant.ts';
import { toYaml } from '../../lib/yaml/serialize.ts';
import { apiUrl, BOOTSTRAPPERS, KUBE_SYSTEM, tenantLabels } from './names.ts';
import { hostMount, mountsOf, NODE_NAME, ON_LINUX, onEveryNode, volumesOf } from './pods.ts';

const NAME = 'kube-proxy';
const FOLDER = '/var/lib/kube-proxy';
const TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount';
const SELECTOR = { 'k8s-app': NAME } as const;

/** kube-proxy under kubeadm's names, so that kubeadm finds it, and so do people. */
export function kubeProxyObjects(cluster: ResolvedCluster): KubernetesObject[] {
  const { kubeProxy } = cluster.network;
  if (kubeProxy === null) return [];
  const labels = tenantLabels();
  return [
    serviceAccount(KUBE_SYSTEM, NAME, labels),
    clusterRoleBinding('kubeadm:node-proxier', labels, 'system:node-proxier', [account(KUBE_SYSTEM, NAME)]),
    role(KUBE_SYSTEM, NAME, labels, [rule(['get'], ['configmaps'], [NAME])]),
    roleBinding(KUBE_SYSTEM, NAME, labels, NAME, [group(BOOTSTRAPPERS)]),
    configMap(cluster, kubeProxy),
    daemonSet(cluster, kubeProxy),
  ];
}

function configMap(cluster: ResolvedCluster, { configuration }: ResolvedKubeProxy): ConfigMap {
  const config = { apiVersion: 'kubeproxy.config.k8s.io/v1alpha1', kind: 'KubeProxyConfiguration', ...configuration };
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: NAME, namespace: KUBE_SYSTEM, labels: tenantLabels({ app: NAME }) },
    data: { 'config.conf': toYaml(config as JsonValue), 'kubeconfig.conf': kubeconfig(cluster) },
  };
}

const kubeconfig = (cluster: ResolvedCluster): string => toYaml({
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [{ name: 'default', cluster: { 'certificate-authority': `${TOKEN}/ca.crt`, server: apiUrl(cluster) } }],
  contexts: [{ name: 'default', context: { cluster: 'default', namespace: 'default', user: 'default' } }],
  'current-context': 'default',
  users: [{ name: 'default', user: { tokenFile: `${TOKEN}/token` } }],
});

/** It ends by itself when config.conf changes; of the kubeconfig only a new Pod takes notice. */
function daemonSet(cluster: ResolvedCluster, kubeProxy: ResolvedKubeProxy): DaemonSet {
  const mounts = [
    configMount(NAME, FOLDER),
    hostMount('xtables-lock', '/run/xtables.lock', 'FileOrCreate'),
    hostMount('lib-modules', '/lib/modules', undefined, { readOnly: true }),
  ];
  const container: Container = {
    name: NAME,
    image: kubeProxy.image,
    imagePullPolicy: cluster.images.pullPolicy,
    command: ['/usr/local/bin/kube-proxy', `--config=${FOLDER}/config.conf`, '--hostname-override=$(NODE_NAME)'],
    env: [NODE_NAME],
    resources: { requests: { cpu: '50m', memory: '64Mi' } },
    securityContext: { privileged: true },
    volumeMounts: mountsOf(mounts),
  };
  return onEveryNode(NAME, SELECTOR, restartOn('kubeconfig', kubeconfig(cluster)), {
    serviceAccountName: NAME,
    automountServiceAccountToken: true,
    enableServiceLinks: false,
    hostNetwork: true,
    priorityClassName: 'system-node-critical',
    nodeSelector: ON_LINUX,
    tolerations: [{ operator: 'Exists' }],
    containers: [container],
    volumes: volumesOf(mounts),
  });
}
