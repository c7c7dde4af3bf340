/** A flag that a component had once. Setting it ends the process at its start: `unknown flag`. */
export interface RemovedFlag {
  readonly component: 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler' | 'kubelet' | 'kube-proxy';
  readonly flags: readonly string[];
  /** First minor without them. */
  readonly removedIn: string;
  readonly because: string;
  /** What to write: the `fix` of a problem. */
  readonly instead: string;
}

const LOGGING = [
  'add-dir-header', 'alsologtostderr', 'log-backtrace-at', 'log-dir', 'log-file', 'log-file-max-size', 'logtostderr',
  'one-output', 'skip-headers', 'skip-log-headers', 'stderrthreshold',
] as const;

const INSECURE_PORT = {
  removedIn: '1.24', because: 'components serve over TLS only', instead: 'remove the argument; nothing is served without TLS.',
} as const;

const logging = (component: RemovedFlag['component']): RemovedFlag => ({
  component, flags: LOGGING, removedIn: '1.26', because: 'the log goes to standard error only', instead: 'remove the argument; the container runtime keeps the log.',
});

/** Flags that manifests written for older releases still carry. */
export const REMOVED_FLAGS: readonly RemovedFlag[] = [
  logging('kube-apiserver'),
  logging('kube-controller-manager'),
  logging('kube-scheduler'),
  { component: 'kube-apiserver', flags: ['insecure-port', 'insecure-bind-address', 'address', 'port'], ...INSECURE_PORT },
  { component: 'kube-apiserver', flags: ['cloud-provider', 'cloud-config'], removedIn: '1.33',
    because: 'cloud providers left kube-apiserver for the cloud-controller-manager',
    instead: 'remove the argument, and run the cloud-controller-manager of your cloud.' },
  { component: 'kube-controller-manager', flags: ['address', 'port'], ...INSECURE_PORT },
  { component: 'kube-controller-manager', flags: ['enable-taint-manager', 'pod-eviction-timeout'], removedIn: '1.27',
    because: 'Pods are evicted by taints only', instead: 'use `default-not-ready-toleration-seconds` of the API server.' },
  { component: 'kube-controller-manager', flags: ['volume-host-cidr-denylist', 'volume-host-allow-local-loopback'], removedIn: '1.31',
    because: 'the in-tree drivers that they limited are gone', instead: 'remove the argument.' },
  { component: 'kube-controller-manager', flags: ['horizontal-pod-autoscaler-upscale-delay', 'horizontal-pod-autoscaler-downscale-delay'], removedIn: '1.31',
    because: 'delays belong to each HorizontalPodAutoscaler', instead: 'use `spec.behavior` of the autoscaler.' },
  { component: 'kube-scheduler', flags: ['address', 'port'], ...INSECURE_PORT },
  { component: 'kube-scheduler', flags: ['policy-config-file', 'policy-configmap', 'policy-configmap-namespace', 'use-legacy-policy-config'], removedIn: '1.23',
    because: 'profiles replaced policies', instead: 'use `components.scheduler.profiles` in the definition.' },
  { component: 'kubelet', flags: ['cloud-config', 'register-schedulable'], removedIn: '1.34',
    because: 'both had been without effect for years', instead: 'remove the argument; use `registerWithTaints` in the kubelet\'s configuration.' },
  { component: 'kubelet', flags: ['pod-infra-container-image'], removedIn: '1.35',
    because: 'the container runtime says which pause image it uses', instead: 'set `sandbox` in containerd\'s configuration.' },
];

/** The entry for a flag that this component does not know any more, if the table has one. */
export function removedFlag(component: RemovedFlag['component'], flag: string): RemovedFlag | undefined {
  return REMOVED_FLAGS.find((entry) => entry.component === component && entry.flags.includes(flag));
}
