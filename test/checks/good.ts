import type { Manifest } from '../../lib/model/manifest.ts';
import { EMPTY_CONTEXT, type CheckContext, type CheckedPart, type FlowEnd } from '../../lib/checks/input.ts';

const NS = 'cp-a';
const restricted = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true };
const requests = { requests: { cpu: '250m', memory: '512Mi' } };
const labelsOf = (component: string) => ({ 'app.kubernetes.io/name': component, 'kubewright.dev/cluster': 'a' });
const metadata = (name: string) => ({ name, namespace: NS });
const matching = (component: string) => ({ matchLabels: labelsOf(component) });
const configMap = (name: string, data: Record<string, string>): Manifest => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata(name), data });
const volumes = (...entries: readonly object[]) => entries.map((entry) => entry as never);
const pod = { automountServiceAccountToken: false, enableServiceLinks: false, securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } } };

function sealed(name: string, ...keys: readonly string[]): Manifest {
  const [publicKeys, privateKeys] = [keys.filter((key) => key.endsWith('.crt')), keys.filter((key) => !key.endsWith('.crt'))];
  return {
    apiVersion: 'bitnami.com/v1alpha1', kind: 'SealedSecret', metadata: metadata(name),
    spec: {
      encryptedData: Object.fromEntries(privateKeys.map((key) => [key, 'AgBy8hCi'])),
      template: { type: 'Opaque', data: Object.fromEntries(publicKeys.map((key) => [key, 'public'])) },
    },
  };
}

const etcd: Manifest = {
  apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: metadata('etcd'),
  spec: {
    replicas: 2, serviceName: 'etcd-peers', podManagementPolicy: 'Parallel', updateStrategy: { type: 'RollingUpdate' },
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    selector: matching('etcd'),
    template: {
      metadata: { labels: labelsOf('etcd') },
      spec: {
        ...pod, priorityClassName: 'hcp-etcd', serviceAccountName: 'etcd', terminationGracePeriodSeconds: 30,
        affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'kubernetes.io/hostname', labelSelector: matching('etcd') }] } },
        containers: [{
          name: 'etcd', image: 'registry.k8s.io/etcd:3.6.6-0', command: ['etcd', '--config-file=/etc/etcd/$(POD_NAME).yaml'],
          env: [{ name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
          ports: [{ name: 'client', containerPort: 2379, protocol: 'TCP' }, { name: 'peer', containerPort: 2380, protocol: 'TCP' }, { name: 'metrics', containerPort: 2381, protocol: 'TCP' }],
          livenessProbe: { httpGet: { path: '/livez', port: 'metrics' } }, readinessProbe: { httpGet: { path: '/readyz', port: 'metrics' } },
          securityContext: restricted, resources: requests,
          volumeMounts: [{ name: 'data', mountPath: '/var/lib/etcd' }, { name: 'config', mountPath: '/etc/etcd' }, { name: 'pki', mountPath: '/etc/etcd/pki', readOnly: true }],
        }],
        volumes: volumes({ name: 'config', configMap: { name: 'etcd-config' } }, { name: 'pki', secret: { secretName: 'etcd-pki' } }),
      },
    },
    volumeClaimTemplates: [{
      apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOnce'], volumeMode: 'Filesystem', resources: { requests: { storage: '32Gi' } } }, status: { phase: 'Pending' },
    }],
  },
};

const apiserver: Manifest = {
  apiVersion: 'apps/v1', kind: 'Deployment', metadata: metadata('kube-apiserver'),
  spec: {
    selector: matching('kube-apiserver'),
    template: {
      metadata: { labels: { ...labelsOf('kube-apiserver'), 'serves.kubewright.dev/api': 'true' } },
      spec: {
        ...pod, terminationGracePeriodSeconds: 75,
        topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway', labelSelector: matching('kube-apiserver') }],
        containers: [{
          name: 'kube-apiserver', image: 'registry.k8s.io/kube-apiserver:v1.34.4', command: ['kube-apiserver'],
          args: ['--etcd-servers=https://etcd.cp-a.svc:2379', '--shutdown-delay-duration=15s', '--tls-cert-file=/etc/kubernetes/pki/apiserver/tls.crt', '--authentication-config=/etc/kubernetes/config/authn.yaml'],
          ports: [{ name: 'https', containerPort: 6443, protocol: 'TCP' }],
          livenessProbe: { httpGet: { path: '/livez?exclude=etcd', port: 'https', scheme: 'HTTPS' } },
          securityContext: restricted, resources: requests,
          volumeMounts: [{ name: 'pki', mountPath: '/etc/kubernetes/pki' }, { name: 'config', mountPath: '/etc/kubernetes/config' }, { name: 'tmp', mountPath: '/tmp' }],
        }],
        volumes: volumes(
          { name: 'pki', projected: { sources: [{ secret: { name: 'apiserver-pki', items: [{ key: 'tls.crt', path: 'apiserver/tls.crt' }, { key: 'tls.key', path: 'apiserver/tls.key' }] } }, { configMap: { name: 'ca' } }] } },
          { name: 'config', configMap: { name: 'apiserver-config' } }, { name: 'tmp', emptyDir: {} }),
      },
    },
  },
};

const backup: Manifest = {
  apiVersion: 'batch/v1', kind: 'CronJob', metadata: metadata('etcd-backup'),
  spec: {
    schedule: '5 * * * *',
    jobTemplate: { spec: { template: { metadata: { labels: labelsOf('etcd-backup') }, spec: {
      ...pod, restartPolicy: 'Never', imagePullSecrets: [{ name: 'pull' }],
      containers: [{
        name: 'rclone', image: 'docker.io/rclone/rclone:1.71.0', securityContext: restricted, resources: requests,
        env: [{ name: 'KEY', valueFrom: { secretKeyRef: { name: 's3', key: 'secret-key' } } }], volumeMounts: [{ name: 'out', mountPath: '/backup' }],
      }],
      volumes: volumes({ name: 'out', persistentVolumeClaim: { claimName: 'backups' } }),
    } } } },
  },
};

const service = (name: string, component: string, port: object, more: object = {}): Manifest => ({
  apiVersion: 'v1', kind: 'Service', metadata: metadata(name), spec: { selector: labelsOf(component), ports: [port as never], ...more },
});
const policy = (name: string, spec: object): Manifest => ({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: metadata(name), spec: spec as never });

/** A control plane in small, of which every check approves; by a name for each test to change it by. */
export const GOOD = {
  namespace: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NS } },
  account: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: metadata('etcd'), automountServiceAccountToken: false },
  etcd,
  apiserver,
  backup,
  claim: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: metadata('backups'), spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'fast', resources: { requests: { storage: '1Gi' } } } },
  etcdConfig: configMap('etcd-config', { 'etcd-0.yaml': 'name: etcd-0\ncert-file: /etc/etcd/pki/tls.crt\n', 'etcd-1.yaml': 'name: etcd-1\n' }),
  etcdPki: sealed('etcd-pki', 'tls.crt', 'tls.key', 'ca.crt'),
  apiserverConfig: configMap('apiserver-config', { 'authn.yaml': 'kind: AuthenticationConfiguration\n' }),
  apiserverPki: sealed('apiserver-pki', 'tls.crt', 'tls.key'),
  ca: configMap('ca', { 'ca.crt': 'public' }),
  peers: service('etcd-peers', 'etcd', { name: 'peer', port: 2380, targetPort: 'peer', protocol: 'TCP' }, { clusterIP: 'None', publishNotReadyAddresses: true }),
  client: service('etcd', 'etcd', { name: 'client', port: 2379, targetPort: 2379, protocol: 'TCP' }),
  member: service('etcd-0', 'etcd', { name: 'client', port: 2379, targetPort: 'client', protocol: 'TCP' }, {
    selector: { ...labelsOf('etcd'), 'statefulset.kubernetes.io/pod-name': 'etcd-0' },
  }),
  api: service('kube-apiserver', 'kube-apiserver', { name: 'https', port: 443, targetPort: 'https', protocol: 'TCP' }),
  budget: { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: metadata('etcd'), spec: { maxUnavailable: 1, selector: matching('etcd') } },
  scaler: {
    apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: metadata('kube-apiserver'),
    spec: { minReplicas: 2, maxReplicas: 4, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'kube-apiserver' } },
  },
  route: {
    apiVersion: 'gateway.networking.k8s.io/v1', kind: 'TLSRoute', metadata: metadata('kube-apiserver'),
    spec: { hostnames: ['api.a.example.com'], parentRefs: [{ name: 'edge', namespace: 'gateways' }], rules: [{ backendRefs: [{ name: 'kube-apiserver', port: 443 }] }] },
  },
  denyAll: policy('deny-all', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }),
  etcdPolicy: policy('etcd', {
    podSelector: matching('etcd'), policyTypes: ['Ingress'],
    ingress: [{ from: [{ podSelector: matching('kube-apiserver') }], ports: [{ port: 'client', protocol: 'TCP' }] }],
  }),
  apiserverPolicy: policy('kube-apiserver', {
    podSelector: matching('kube-apiserver'), policyTypes: ['Ingress', 'Egress'],
    ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.9.0.0/16'] } }], ports: [{ port: 6443, protocol: 'TCP' }] }],
    egress: [{ to: [{ podSelector: matching('etcd') }], ports: [{ port: 2379, endPort: 2380, protocol: 'TCP' }] }],
  }),
} satisfies Record<string, Manifest>;

export type GoodName = keyof typeof GOOD;

/** Manifests as one part for the meta cluster `meta`. */
export function partOf(manifests: readonly Manifest[], folder = 'a/control-plane'): CheckedPart {
  return { folder, namespace: NS, api: 'meta', target: '1.36', manifests: manifests.map((manifest) => ({ manifest, source: 'etcd', stage: '1-all' })) };
}

/** The Pods of a component, as one end of a connection. */
export const pods = (component: string): FlowEnd => ({ labels: { 'app.kubernetes.io/name': component }, namespace: NS, address: null });
export const address = (text: string): FlowEnd => ({ labels: null, namespace: null, address: text });
export const flow = (from: FlowEnd, to: FlowEnd, port: number) => ({ api: 'meta', from, to, port, protocol: 'TCP' as const, source: 'network' });

/** What the good control plane needs from others. */
export const GOOD_CONTEXT: CheckContext = {
  ...EMPTY_CONTEXT,
  priorityClasses: ['hcp-etcd'],
  storageClasses: ['fast'],
  provided: [
    { api: 'meta', kind: 'Secret', namespace: NS, name: 's3', keys: ['secret-key'] },
    { api: 'meta', kind: 'Secret', namespace: NS, name: 'pull', keys: null },
  ],
  flows: [flow(pods('kube-apiserver'), pods('etcd'), 2379), flow(address('10.1.2.3'), pods('kube-apiserver'), 6443)],
  denied: [
    flow(pods('etcd-backup'), pods('etcd'), 2379), flow(pods('kube-apiserver'), pods('etcd'), 2380),
    flow(address('10.9.0.1'), pods('kube-apiserver'), 6443), flow(pods('etcd'), address('1.1.1.1'), 443),
  ],
};

/** A copy with one value changed; `undefined` removes it. Numbers in the path are list indices. */
export function changed<T>(value: T, path: string, to: unknown): T {
  const copy = structuredClone(value) as unknown;
  const names = path.split('.');
  const last = names.pop() ?? '';
  let holder = copy as Record<string, unknown>;
  for (const name of names) holder = holder[name] as Record<string, unknown>;
  if (to === undefined) delete holder[last];
  else holder[last] = to;
  return copy as T;
}
