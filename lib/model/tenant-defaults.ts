/** Every default of what is inside a cluster. What is not here is Kubernetes' own. */
export const TENANT_DEFAULTS = {
  /** flannel works on any network; `routes` needs one that knows the nodes' ranges. */
  cni: { type: 'flannel', backend: 'vxlan' },
  /** On every kernel; nftables wants 5.13. */
  kubeProxyMode: 'iptables',
  /** As kubeadm gives them: on another path than `ca.crt` it writes no authority for the kubelet's clients. */
  kubelet: {
    authentication: { anonymous: { enabled: false }, webhook: { enabled: true }, x509: { clientCAFile: '/etc/kubernetes/pki/ca.crt' } },
    authorization: { mode: 'Webhook' },
    cgroupDriver: 'systemd',
    healthzBindAddress: '127.0.0.1',
    healthzPort: 10248,
    rotateCertificates: true,
    /** Nothing in Kubernetes approves serving certificates of kubelets; without an approver `true` ends logs, exec and metrics. */
    serverTLSBootstrap: false,
    staticPodPath: '/etc/kubernetes/manifests',
  },
  /** The kubelet's own. A node whose Pod range has fewer addresses gets as many Pods as addresses. */
  maxPods: 110,
  /** Ordinary images run under it, and none gets hold of its node; `restricted` refuses most charts that people install. */
  podSecurity: 'baseline',
  /** Kubernetes' own reclaim policy: disks that nobody claims cost. A volume is made where its Pod runs, and not in another zone. */
  storageClass: { reclaimPolicy: 'Delete', bindingMode: 'WaitForFirstConsumer' },
  replicas: { standard: 2, minimal: 1 },
  /** kubeadm's; the limit keeps a flood of questions from taking the node's memory. */
  dns: { requests: { cpu: '100m', memory: '70Mi' }, memoryLimit: '170Mi' },
  /** Upstream's, enough for a hundred nodes. */
  metricsServer: { cpu: '100m', memory: '200Mi' },
  /** Always there, and where most people's add-ons are meant to be. */
  addonNamespace: 'kube-system',
} as const;
