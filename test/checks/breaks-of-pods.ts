import type { Break } from './breaking.ts';

const pod = 'spec.template.spec';
const container = `${pod}.containers.0`;
const context = `${container}.securityContext`;

/** Pods that are not fit for a control plane. */
export const POD_BREAKS: readonly Break[] = [
  { shows: 'a token by default', of: 'apiserver', at: `${pod}.automountServiceAccountToken`, to: undefined, code: 'pod/service-account-token', says: ['automountServiceAccountToken must be false'] },
  { shows: 'service links by default', of: 'backup', at: 'spec.jobTemplate.spec.template.spec.enableServiceLinks', to: undefined, code: 'pod/service-links', says: ['enableServiceLinks must be false'] },
  { shows: 'a writable root', of: 'etcd', at: `${context}.readOnlyRootFilesystem`, to: undefined, code: 'pod/writable-root', says: ['readOnlyRootFilesystem must be true'] },
  { shows: 'no requests', of: 'etcd', at: `${container}.resources`, to: undefined, code: 'pod/no-requests', says: ['requests.cpu', 'requests.memory'] },
  { shows: 'no tag', of: 'etcd', at: `${container}.image`, to: 'registry:5000/etcd', code: 'pod/image-tag', says: ['`registry:5000/etcd`, which names no release'] },
  { shows: 'latest', of: 'etcd', at: `${container}.image`, to: 'etcd:latest', code: 'pod/image-tag', says: ['etcd:latest'] },
  { shows: 'liveness that asks etcd', of: 'apiserver', at: `${container}.livenessProbe.httpGet.path`, to: '/livez', code: 'pod/liveness-needs-etcd', says: ['is /livez, which fails when etcd does'] },
  { shows: 'grace as long as the delay', of: 'apiserver', at: `${pod}.terminationGracePeriodSeconds`, to: 15, code: 'pod/grace-too-short', says: ['is 15, but shutting down begins only after 15 seconds'] },
  { shows: 'a preStop hook that takes the grace', of: 'apiserver', at: `${container}.lifecycle`, to: { preStop: { sleep: { seconds: 60 } } }, code: 'pod/grace-too-short', says: ['after 75 seconds'] },
  { shows: 'a port of two containers', of: 'apiserver', at: `${pod}.initContainers`, to: [{ name: 'proxy', image: 'p:1', restartPolicy: 'Always', ports: [{ containerPort: 6443, protocol: 'TCP' }], resources: { requests: { cpu: '1', memory: '1Mi' } }, securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true } }], code: 'pod/duplicate', says: ['has 6443/TCP a second time'] },
  { shows: 'a selector by version', of: 'etcdPolicy', at: 'spec.podSelector.matchExpressions', to: [{ key: 'app.kubernetes.io/version', operator: 'DoesNotExist' }], code: 'pod/selector-label', says: ['selects by `app.kubernetes.io/version`'] },
  { shows: 'a label of Services in another selector', of: 'apiserver', at: 'spec.selector.matchLabels', to: { 'app.kubernetes.io/name': 'kube-apiserver', 'serves.kubewright.dev/api': 'true' }, code: 'pod/selector-label', says: ['serves.kubewright.dev/api'] },
  { shows: 'a label in a claim template', of: 'etcd', at: 'spec.volumeClaimTemplates.0.metadata.labels', to: { version: '1' }, code: 'pod/selector-label', says: ['of claim `data` has `version`'] },
  { shows: 'root', of: 'etcd', at: `${pod}.securityContext.runAsNonRoot`, to: undefined, code: 'pod/not-restricted', says: ['runAsNonRoot must be true'] },
  { shows: 'user 0', of: 'etcd', at: `${context}.runAsUser`, to: 0, code: 'pod/not-restricted', says: ['runAsUser must not be 0'] },
  { shows: 'capabilities', of: 'etcd', at: `${context}.capabilities`, to: { drop: ['NET_RAW'], add: ['SYS_ADMIN'] }, code: 'pod/not-restricted', says: ['capabilities.drop', 'capabilities.add'] },
  { shows: 'no seccomp profile', of: 'etcd', at: `${pod}.securityContext.seccompProfile`, to: undefined, code: 'pod/not-restricted', says: ['seccompProfile.type'] },
  { shows: 'escalation', of: 'etcd', at: `${context}.allowPrivilegeEscalation`, to: undefined, code: 'pod/not-restricted', says: ['allowPrivilegeEscalation must be false'] },
  { shows: 'privileges', of: 'etcd', at: `${context}.privileged`, to: true, code: 'pod/not-restricted', says: ['privileged must not be true'] },
  { shows: 'the network of the machine', of: 'etcd', at: `${pod}.hostNetwork`, to: true, code: 'pod/not-restricted', says: ['hostNetwork must not be true'] },
  { shows: 'a folder of the machine', of: 'apiserver', at: `${pod}.volumes.2`, to: { name: 'tmp', hostPath: { path: '/tmp' } }, code: 'pod/not-restricted', says: ['volumes[2].hostPath'] },
  { shows: 'a port of the machine', of: 'apiserver', at: `${container}.ports.0.hostPort`, to: 6443, code: 'pod/not-restricted', says: ['hostPort must not be set (https)'] },
];

/** StatefulSets that lose state, or an etcd that does not start. */
export const STATEFULSET_BREAKS: readonly Break[] = [
  { shows: 'a claim template without status', of: 'etcd', at: 'spec.volumeClaimTemplates.0.status', to: undefined, code: 'statefulset/claim-template', says: ['status.phase must be `Pending`'] },
  { shows: 'a claim template without type', of: 'etcd', at: 'spec.volumeClaimTemplates.0.kind', to: undefined, code: 'statefulset/claim-template', says: ['kind must be `PersistentVolumeClaim`'] },
  { shows: 'a claim template without mode', of: 'etcd', at: 'spec.volumeClaimTemplates.0.spec.volumeMode', to: undefined, code: 'statefulset/claim-template', says: ['spec.volumeMode must be written out'] },
  { shows: 'claims that go with the set', of: 'etcd', at: 'spec.persistentVolumeClaimRetentionPolicy.whenDeleted', to: 'Delete', code: 'statefulset/claims-deleted', says: ['whenDeleted must be `Retain`'] },
  { shows: 'one member after the other', of: 'etcd', at: 'spec.podManagementPolicy', to: 'OrderedReady', code: 'statefulset/update', says: ['must be `Parallel`'] },
  { shows: 'an update by hand', of: 'etcd', at: 'spec.updateStrategy.type', to: 'OnDelete', code: 'statefulset/update', says: ['must be `RollingUpdate`'] },
  { shows: 'peers that are hidden', of: 'peers', at: 'spec.publishNotReadyAddresses', to: undefined, code: 'statefulset/peers', says: ['hides members that are not ready'] },
  { shows: 'peers behind one address', of: 'peers', at: 'spec.clusterIP', to: undefined, code: 'statefulset/peers', says: ['is not headless'] },
  { shows: 'liveness that needs quorum', of: 'etcd', at: `${container}.livenessProbe.httpGet.path`, to: '/readyz', code: 'statefulset/probes', says: ['livenessProbe fails without quorum'] },
  { shows: 'no readiness', of: 'etcd', at: `${container}.readinessProbe`, to: undefined, code: 'statefulset/probes', says: ['readinessProbe is missing'] },
];
