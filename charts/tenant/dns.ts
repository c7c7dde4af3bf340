import type { Deployment } from 'kubernetes-types/apps/v1';
import type { ConfigMap, Container, PodSpec, Service } from 'kubernetes-types/core/v1';
import type { Mount } from '../../lib/constructs/mounts.ts';
import type { KubernetesObject } from '../../lib/constructs/place.ts';
import { requirementsOf } from '../../lib/constructs/pod.ts';
import { account, clusterRole, clusterRoleBinding, rule, serviceAccount } from '../../lib/constructs/rbac.ts';
import type { ResolvedCluster } from '../../lib/model/resolved.ts';
import { familyOf } from '../../lib/net.ts';
import { KUBE_SYSTEM, tenantLabels } from './names.ts';
import { apart, disruptionBudget, mountsOf, ON_LINUX, volumesOf } from './pods.ts';

const NAME = 'coredns';
const ROLE = 'system:coredns';
const SELECTOR = { 'k8s-app': 'kube-dns' } as const;

/** CoreDNS under kubeadm's names, so that `kubeadm upgrade` and people find it. */
export function dnsObjects(cluster: ResolvedCluster): KubernetesObject[] {
  const labels = tenantLabels();
  return [
    serviceAccount(KUBE_SYSTEM, NAME, labels),
    clusterRole(ROLE, labels, [
      rule(['list', 'watch'], ['endpoints', 'services', 'pods', 'namespaces']),
      rule(['list', 'watch'], ['endpointslices'], [], 'discovery.k8s.io'),
    ]),
    clusterRoleBinding(ROLE, labels, ROLE, [account(KUBE_SYSTEM, NAME)]),
    configMap(cluster),
    service(cluster),
    ...disruptionBudget(NAME, SELECTOR, cluster.dns.replicas),
    deployment(cluster),
  ];
}

const configMap = ({ dns, network }: ResolvedCluster): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: NAME, namespace: KUBE_SYSTEM, labels: tenantLabels() },
  data: { Corefile: dns.corefile ?? corefile(network.dnsDomain) },
});

/** kubeadm's. Answers about the cluster are not kept: they would outlive what they tell of. */
const corefile = (domain: string): string => `.:53 {
    errors
    health {
       lameduck 5s
    }
    ready
    kubernetes ${domain} in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    cache 30 {
       disable success ${domain}
       disable denial ${domain}
    }
    loop
    reload
    loadbalance
}
`;

/** At the address that kubelets give to Pods. */
function service({ network: { dnsServiceIps } }: ResolvedCluster): Service {
  const families = dnsServiceIps.map((address) => `IPv${familyOf(address)}`);
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'kube-dns',
      namespace: KUBE_SYSTEM,
      labels: tenantLabels({ ...SELECTOR, 'kubernetes.io/cluster-service': 'true', 'kubernetes.io/name': 'CoreDNS' }),
      annotations: { 'prometheus.io/port': '9153', 'prometheus.io/scrape': 'true' },
    },
    spec: {
      clusterIP: dnsServiceIps[0] ?? '',
      ...(families.length === 1 ? {} : { clusterIPs: [...dnsServiceIps], ipFamilies: families, ipFamilyPolicy: 'RequireDualStack' }),
      selector: SELECTOR,
      ports: [
        { name: 'dns', port: 53, protocol: 'UDP', targetPort: 53 },
        { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 53 },
        { name: 'metrics', port: 9153, protocol: 'TCP', targetPort: 9153 },
      ],
    },
  };
}

function deployment(cluster: ResolvedCluster): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: NAME, namespace: KUBE_SYSTEM, labels: tenantLabels(SELECTOR) },
    spec: {
      replicas: cluster.dns.replicas,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
      selector: { matchLabels: SELECTOR },
      template: { metadata: { labels: tenantLabels(SELECTOR) }, spec: podSpec(cluster) },
    },
  };
}

const COREFILE: Mount = {
  volume: { name: 'config-volume', configMap: { name: NAME, items: [{ key: 'Corefile', path: 'Corefile' }] } },
  mount: { name: 'config-volume', mountPath: '/etc/coredns', readOnly: true },
};

const podSpec = (cluster: ResolvedCluster): PodSpec => ({
  serviceAccountName: NAME,
  automountServiceAccountToken: true,
  enableServiceLinks: false,
  dnsPolicy: 'Default',
  priorityClassName: 'system-cluster-critical',
  nodeSelector: ON_LINUX,
  tolerations: [{ key: 'CriticalAddonsOnly', operator: 'Exists' }, { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }],
  affinity: apart(SELECTOR),
  containers: [container(cluster)],
  volumes: volumesOf([COREFILE]),
});

const PORTS = [
  { name: 'dns', containerPort: 53, protocol: 'UDP' },
  { name: 'dns-tcp', containerPort: 53, protocol: 'TCP' },
  { name: 'metrics', containerPort: 9153, protocol: 'TCP' },
  { name: 'liveness-probe', containerPort: 8080, protocol: 'TCP' },
  { name: 'readiness-probe', containerPort: 8181, protocol: 'TCP' },
];

/** Its image runs as a user without rights, whom only the image knows by name. */
const container = ({ dns, images }: ResolvedCluster): Container => ({
  name: NAME,
  image: dns.image,
  imagePullPolicy: images.pullPolicy,
  args: ['-conf', '/etc/coredns/Corefile'],
  ports: PORTS,
  livenessProbe: {
    httpGet: { path: '/health', port: 'liveness-probe', scheme: 'HTTP' },
    initialDelaySeconds: 60, timeoutSeconds: 5, successThreshold: 1, failureThreshold: 5,
  },
  readinessProbe: { httpGet: { path: '/ready', port: 'readiness-probe', scheme: 'HTTP' } },
  resources: requirementsOf(dns.resources),
  securityContext: { allowPrivilegeEscalation: false, capabilities: { add: ['NET_BIND_SERVICE'], drop: ['ALL'] }, readOnlyRootFilesystem: true },
  volumeMounts: mountsOf([COREFILE]),
});
