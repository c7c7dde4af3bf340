import { clusterRole, clusterRoleBinding, group, role, roleBinding, rule, user } from '../../lib/constructs/rbac.ts';
import type { KubernetesObject } from '../../lib/constructs/place.ts';
import { BOOTSTRAPPERS, KUBE_PUBLIC, KUBE_SYSTEM, tenantLabels } from './names.ts';

const NODES = 'system:nodes';
const LABELS = tenantLabels();

/** Bindings of roles that every API server has. */
const BINDINGS = [
  { name: 'kubeadm:cluster-admins', role: 'cluster-admin', subject: group('kubeadm:cluster-admins') },
  { name: 'kubeadm:kubelet-bootstrap', role: 'system:node-bootstrapper', subject: group(BOOTSTRAPPERS) },
  { name: 'kubeadm:node-autoapprove-bootstrap', role: 'system:certificates.k8s.io:certificatesigningrequests:nodeclient', subject: group(BOOTSTRAPPERS) },
  { name: 'kubeadm:node-autoapprove-certificate-rotation', role: 'system:certificates.k8s.io:certificatesigningrequests:selfnodeclient', subject: group(NODES) },
  // Without it logs, exec and port-forward are refused by the kubelets: the certificate is of no group.
  { name: 'kubeadm:apiserver-kubelet-client', role: 'system:kubelet-api-admin', subject: user('kube-apiserver-kubelet-client') },
] as const;

/** ConfigMaps that may be read by whom kubeadm lets read them. */
const READABLE = [
  { name: 'kubeadm:bootstrap-signer-clusterinfo', namespace: KUBE_PUBLIC, configMap: 'cluster-info', subjects: [user('system:anonymous')] },
  { name: 'kubeadm:nodes-kubeadm-config', namespace: KUBE_SYSTEM, configMap: 'kubeadm-config', subjects: [group(BOOTSTRAPPERS), group(NODES)] },
  { name: 'kubeadm:kubelet-config', namespace: KUBE_SYSTEM, configMap: 'kubelet-config', subjects: [group(NODES), group(BOOTSTRAPPERS)] },
] as const;

/** The rights that `kubeadm init` gives, by its names: to who joins, to nodes, to administrators, and to the API server at the kubelets. */
export function kubeadmRules(): KubernetesObject[] {
  return [
    ...BINDINGS.map((binding) => clusterRoleBinding(binding.name, LABELS, binding.role, [binding.subject])),
    clusterRole('kubeadm:get-nodes', LABELS, [rule(['get'], ['nodes'])]),
    clusterRoleBinding('kubeadm:get-nodes', LABELS, 'kubeadm:get-nodes', [group(BOOTSTRAPPERS)]),
    ...READABLE.flatMap(({ name, namespace, configMap, subjects }) => [
      role(namespace, name, LABELS, [rule(['get'], ['configmaps'], [configMap])]),
      roleBinding(namespace, name, LABELS, name, [...subjects]),
    ]),
  ];
}
