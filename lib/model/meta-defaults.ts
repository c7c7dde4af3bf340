import { DEFAULTS } from './defaults.ts';

/** Every default of a meta cluster. What is not here is Kubernetes' or kubeadm's own. */
export const META_DEFAULTS = {
  port: 6443,
  /** kubeadm's own port, whatever the load balancer listens on: it may stand on the same machines. */
  machinePort: 6443,
  dnsDomain: DEFAULTS.dnsDomain,
  registry: 'registry.k8s.io',
  pullPolicy: DEFAULTS.pullPolicy,
  nodePortRange: DEFAULTS.nodePortRange,
  controlPlaneTaints: [{ key: 'node-role.kubernetes.io/control-plane', value: '', effect: 'NoSchedule' }],
  /** RSA-3072 holds for as long as the authority lives, and every client reads it. The durations are kubeadm's; its upgrades renew leaves. */
  certificates: { algorithm: 'RSA-3072', leaf: '8760h0m0s', authority: '87600h0m0s' },
  /** Before 0.40 its endpoints answer whether a guess of a secret is right: https://github.com/bitnami/sealed-secrets/pull/2049 */
  sealedSecretsVersion: '0.40.0',
  kubelet: {
    cgroupDriver: 'systemd',
    rotateCertificates: true,
    /** Nothing in Kubernetes approves serving certificates of kubelets; without an approver `true` ends logs, exec and metrics. */
    serverTLSBootstrap: false,
    maxPods: 110,
    /** Ordinary Pods, hosted control planes among them, get the first 90 seconds: etcd leaves in order. */
    shutdownGracePeriod: '120s',
    shutdownGracePeriodCriticalPods: '30s',
    /** Below the kubelet's own 85 %, at which it evicts Pods too: images go first. */
    imageGCHighThresholdPercent: 80,
    imageGCLowThresholdPercent: 70,
    /** One cluster's slow mirror must not hold up the images of all others. */
    serializeImagePulls: false,
    maxParallelImagePulls: 4,
    /** Audit logs of hosted API servers go through here to the log collector. */
    containerLogMaxSize: '50Mi',
    containerLogMaxFiles: 5,
    /** Hosted control planes must not starve the kubelet that runs them. */
    kubeReserved: { cpu: '100m', memory: '256Mi' },
    systemReserved: { cpu: '100m', memory: '256Mi' },
  },
  /** On every kernel; nftables wants 5.13. */
  kubeProxy: { mode: 'iptables' },
  components: {
    apiserver: { profiling: 'false' },
    controllerManager: { profiling: 'false' },
    scheduler: { profiling: 'false' },
    /** 8 GiB, the most that etcd's authors advise: it holds the sealed and the opened secrets of every cluster. */
    etcd: { 'quota-backend-bytes': '8589934592' },
  },
} as const;
