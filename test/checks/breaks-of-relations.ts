import type { Break } from './breaking.ts';

const pod = 'spec.template.spec';
const container = `${pod}.containers.0`;
const backupPod = 'spec.jobTemplate.spec.template.spec';

/** References that lead nowhere. */
export const REFERENCE_BREAKS: readonly Break[] = [
  { shows: 'a ConfigMap of a volume', of: 'apiserver', at: `${pod}.volumes.1.configMap.name`, to: 'other', code: 'reference/missing-object', says: ['volumes[1].configMap.name names ConfigMap `other`, which is nowhere in namespace cp-a'] },
  { shows: 'a Secret of a projected volume, once for all its keys', of: 'apiserver', at: `${pod}.volumes.0.projected.sources.0.secret.name`, to: 'other', code: 'reference/missing-object', says: ['names Secret `other`'] },
  { shows: 'a ServiceAccount', of: 'etcd', at: `${pod}.serviceAccountName`, to: 'other', code: 'reference/missing-object', says: ['ServiceAccount `other`'] },
  { shows: 'a PriorityClass', of: 'etcd', at: `${pod}.priorityClassName`, to: 'other', code: 'reference/missing-object', says: ['PriorityClass `other`, which is nowhere'] },
  { shows: 'a claim', of: 'backup', at: `${backupPod}.volumes.0.persistentVolumeClaim.claimName`, to: 'other', code: 'reference/missing-object', says: ['PersistentVolumeClaim `other`'] },
  { shows: 'a pull secret', of: 'backup', at: `${backupPod}.imagePullSecrets.0.name`, to: 'other', code: 'reference/missing-object', says: ['Secret `other`'] },
  { shows: 'a StorageClass', of: 'claim', at: 'spec.storageClassName', to: 'slow', code: 'reference/missing-object', says: ['StorageClass `slow`'] },
  { shows: 'a Service of a StatefulSet', of: 'etcd', at: 'spec.serviceName', to: 'other', code: 'reference/missing-object', says: ['spec.serviceName names Service `other`'] },
  { shows: 'a target of a scaler', of: 'scaler', at: 'spec.scaleTargetRef.name', to: 'other', code: 'reference/missing-object', says: ['Deployment `other`'] },
  { shows: 'a backend of a route', of: 'route', at: 'spec.rules.0.backendRefs.0.name', to: 'other', code: 'reference/missing-object', says: ['Service `other`'] },
  { shows: 'a Service by its DNS name in an argument', of: 'apiserver', at: `${container}.args.0`, to: '--etcd-servers=https://etc.cp-a.svc:2379', code: 'reference/missing-object', says: ['args[0] names Service `etc`'] },
  { shows: 'a Service by its DNS name in a file', of: 'apiserverConfig', at: 'data.x', to: 'server: https://api.cp-a.svc.cluster.local', code: 'reference/missing-object', says: ['data.x names Service `api`'] },
  { shows: 'a key that is sealed under another name', of: 'apiserver', at: `${pod}.volumes.0.projected.sources.0.secret.items.1.key`, to: 'tls.pem', code: 'reference/missing-key', says: ['names key `tls.pem` of Secret `apiserver-pki`, which has `tls.key`, `tls.crt`'] },
  { shows: 'a key that somebody promised otherwise', of: 'backup', at: `${backupPod}.containers.0.env.0.valueFrom.secretKeyRef.key`, to: 'password', code: 'reference/missing-key', says: ['key `password` of Secret `s3`'] },
  { shows: 'a mount without volume', of: 'apiserver', at: `${container}.volumeMounts.3`, to: { name: 'logs', mountPath: '/logs' }, code: 'reference/volume', says: ['names volume `logs`'] },
  { shows: 'a volume that is not mounted', of: 'apiserver', at: `${pod}.volumes.3`, to: { name: 'logs', emptyDir: {} }, code: 'reference/volume', says: ['volumes[3] is volume `logs`, which no container mounts'] },
  { shows: 'a probe that calls a port by a wrong name', of: 'apiserver', at: `${container}.livenessProbe.httpGet.port`, to: 'http', code: 'reference/port', says: ['livenessProbe.httpGet.port is `http`'] },
  { shows: 'a Service that calls a port by a wrong name', of: 'api', at: 'spec.ports.0.targetPort', to: 'http', code: 'reference/port', says: ['targetPort is http/TCP, which no container of Deployment cp-a/kube-apiserver has'] },
  { shows: 'an argument with the path of no key', of: 'apiserver', at: `${container}.args.2`, to: '--tls-cert-file=/etc/kubernetes/pki/tls.crt', code: 'reference/path', says: ['names /etc/kubernetes/pki/tls.crt, but volume `pki` holds only `apiserver/tls.crt`, `apiserver/tls.key`, `ca.crt`'] },
  { shows: 'a file that names a file that is not there', of: 'etcdConfig', at: 'data.etcd-0', to: 'cert: /etc/etcd/pki/peer.crt', code: 'reference/path', says: ['/etc/etcd/pki/peer.crt, but volume `pki` holds only `tls.key`, `tls.crt`, `ca.crt`; it is mounted by container `etcd` of StatefulSet cp-a/etcd'] },
  { shows: 'a member without configuration', of: 'etcd', at: 'spec.replicas', to: 3, code: 'reference/path', says: ['/etc/etcd/etcd-2.yaml, but volume `config` holds only'] },
  { shows: 'a subPath that is no key', of: 'apiserver', at: `${container}.volumeMounts.1.subPath`, to: 'authz.yaml', code: 'reference/path', says: ['volumeMounts names /etc/kubernetes/config', 'authn.yaml'] },
];

/** Selectors and policies that do not do what they are for. */
export const SELECTOR_BREAKS: readonly Break[] = [
  { shows: 'a budget for nobody', of: 'budget', at: 'spec.selector.matchLabels', to: { 'app.kubernetes.io/name': 'etc' }, code: 'selector/selects-nothing', says: ['spec.selector (app.kubernetes.io/name=etc) selects no Pod'] },
  { shows: 'a spread of nobody', of: 'apiserver', at: 'spec.template.spec.topologySpreadConstraints.0.labelSelector.matchLabels', to: { 'app.kubernetes.io/name': 'x' }, code: 'selector/selects-nothing', says: ['topologySpreadConstraints[0].labelSelector'] },
  { shows: 'an anti-affinity to nobody', of: 'etcd', at: 'spec.template.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution.0.labelSelector.matchLabels', to: { 'kubewright.dev/cluster': 'b' }, code: 'selector/selects-nothing', says: ['kubewright.dev/cluster=b'] },
  { shows: 'a Service for a port that is not there', of: 'client', at: 'spec.ports.0.targetPort', to: 2378, code: 'selector/port', says: ['is 2378/TCP, which no container of StatefulSet cp-a/etcd has'] },
  { shows: 'a Service with the wrong protocol', of: 'client', at: 'spec.ports.0.protocol', to: 'UDP', code: 'selector/port', says: ['2379/UDP'] },
  { shows: 'a Service for a member that is not there', of: 'client', at: 'spec.selector', to: { 'app.kubernetes.io/name': 'etcd', 'statefulset.kubernetes.io/pod-name': 'etcd-2' }, code: 'selector/selects-nothing', says: ['pod-name=etcd-2) selects no Pod'] },
  { shows: 'a selector that takes the Pods of others', of: 'etcd', at: 'spec.selector.matchLabels', to: { 'kubewright.dev/cluster': 'a' }, code: 'selector/not-own-template', says: ['also selects the Pods of Deployment cp-a/kube-apiserver', 'also selects the Pods of CronJob cp-a/etcd-backup'] },
];
