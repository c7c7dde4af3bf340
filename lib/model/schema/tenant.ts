import { anyObject, choice, flag, integer, object, oneOfTexts, option, ref, text, version, type Schema } from './fields.ts';

/** What belongs inside a cluster: its nodes, their network, and the add-ons without which no cluster works. */
export const TENANT_DEFINITIONS: Record<string, Schema> = {
  Cni: choice('How Pods of different nodes reach each other.', [
    option('flannel', 'flannel, from each node\'s Pod range. It enforces no NetworkPolicies.', {
      backend: oneOfTexts('`vxlan` works over any network; `host-gw` is faster, and needs all nodes in one.', ['vxlan', 'host-gw']),
    }),
    option('routes', 'The network routes each node\'s Pod range to the node (a VPC\'s route table); the reference plugins of CNI do the rest.'),
    option('none', 'Nothing: you bring your own.'),
  ]),
  KubeProxy: object('kube-proxy, of the nodes\' version.', {
    enabled: flag('Off when the network plugin does its work.'),
    mode: oneOfTexts('How Services are reached. `nftables` needs a kernel of 5.13 or newer; `ipvs` is deprecated from v1.35 on.', ['iptables', 'ipvs', 'nftables']),
    configuration: anyObject('Fields of KubeProxyConfiguration (kubeproxy.config.k8s.io/v1alpha1) beside the default ones; null takes one away.'),
  }),
  Nodes: object('The machines that join the cluster.', {
    kubernetes: version('Release of their kubelets and of kube-proxy, while it is older than the cluster\'s: at most three minors.'),
    kubelet: anyObject('Fields of KubeletConfiguration (kubelet.config.k8s.io/v1beta1) beside the default ones; null takes one away.'),
    access: ref('NodeAccess'),
  }),
  Dns: object('CoreDNS, the DNS of Services and Pods.', {
    version: version('Its version, when it is not the one that kubeadm pairs with the cluster\'s.'),
    image: text('Image with tag or digest, instead of the one that follows from registry and version.'),
    replicas: integer('How many Pods; follows from the mode when absent.', 1, 20),
    corefile: text('Corefile, instead of the one that kubeadm writes.'),
    resources: ref('Resources'),
  }),
  MetricsServer: object('metrics-server: `kubectl top`, and autoscaling by CPU and memory.', {
    enabled: flag('Off when nothing needs it.'),
    replicas: integer('How many Pods; follows from the mode when absent.', 1, 9),
    args: ref('Arguments'),
    resources: ref('Resources'),
  }),
};
