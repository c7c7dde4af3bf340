import type { ResolvedMetaCluster, ResolvedMetaMachine } from '../../lib/model/resolved-meta.ts';
import { familyOf } from '../../lib/net.ts';
import { DISCOVERY_FILE } from './kubeadm-documents.ts';

/** What control-plane machines have in common, below /etc/kubernetes/pki; kubeadm issues everything else on each of them. */
const SHARED_FILES = ['ca.crt', 'ca.key', 'sa.key', 'sa.pub', 'front-proxy-ca.crt', 'front-proxy-ca.key', 'etcd/ca.crt', 'etcd/ca.key'];

/** Where pause comes from is containerd's own affair, and so are mirrors. */
const runtimeStep = (whose: string): string => `Before, copy containerd/ beside this file over ${whose} /etc/containerd, and restart containerd.`;

/** What to run for the first machine, and once for the cluster. */
export function initSteps(meta: ResolvedMetaCluster, machine: ResolvedMetaMachine): string[] {
  const [, ...others] = meta.controlPlane;
  return [
    `Makes the meta cluster ${meta.name} (Kubernetes ${meta.kubernetes}) on its first machine, ${machine.name} (${machine.address}).`,
    `Run as root, once. Every machine has containerd, kubelet and kubeadm ${meta.kubernetes} (${machine.name} kubectl too), cgroup v2,`,
    `no swap, and ${forwarding(meta)}.`,
    runtimeStep('each machine\'s'),
    '',
    ...endpointSteps(meta),
    `2. On ${machine.name}:   kubeadm init --config init-${machine.name}.yaml --skip-token-print`,
    '   /etc/kubernetes/admin.conf and super-admin.conf are keys to everything: hand neither out.',
    `3. Install a network plugin for the Pods (${meta.network.pods.join(', ')}). Machines are NotReady until then.`,
    `4. Further control-plane machines, one after the other: ${list(others.map(joinFile))}.`,
    `5. Workers, in any order and together: ${list(meta.workers.map(joinFile))}.`,
    '',
    ...discoverySteps(meta, machine),
    '',
    'kubeadm reads this file once. Later changes reach the running cluster through the ConfigMaps kubeadm-config and',
    'kubelet-config in kube-system, and `kubeadm upgrade`.',
  ];
}

/** What to run for a machine that takes a share of the control plane. */
export function controlPlaneSteps(meta: ResolvedMetaCluster, machine: ResolvedMetaMachine): string[] {
  const [first] = meta.controlPlane;
  return [
    `Adds ${machine.name} (${machine.address}) to the control plane of the meta cluster ${meta.name} (Kubernetes ${meta.kubernetes}).`,
    'Run as root, one machine after the other: etcd takes in one member at a time.',
    runtimeStep('its'),
    '',
    `1. Copy these from ${first.name}, below /etc/kubernetes/pki, to the same places here, over a channel that you trust,`,
    '   mode 0600, the folders 0700. They are the keys of the cluster; kubeadm issues this machine\'s own certificates from them:',
    `     ${SHARED_FILES.slice(0, 4).join(' ')}`,
    `     ${SHARED_FILES.slice(4).join(' ')}`,
    ...joinSteps(2, first, machine),
    `   Then ${machine.address}:${meta.endpoint.machinePort} may stand behind ${meta.endpoint.host}.`,
  ];
}

/** What to run for a worker. */
export function workerSteps(meta: ResolvedMetaCluster, machine: ResolvedMetaMachine): string[] {
  const [first] = meta.controlPlane;
  return [
    `Adds ${machine.name} (${machine.address}) to the meta cluster ${meta.name} (Kubernetes ${meta.kubernetes}) as a worker. Run as root.`,
    runtimeStep('its'),
    '',
    ...joinSteps(1, first, machine),
  ];
}

function forwarding({ network }: ResolvedMetaCluster): string {
  const settings = { 4: 'net.ipv4.ip_forward=1', 6: 'net.ipv6.conf.default.forwarding=1' };
  return network.pods.map((range) => settings[familyOf(range)]).join(' and ');
}

function endpointSteps({ endpoint, controlPlane: [first] }: ResolvedMetaCluster): string[] {
  return [
    `1. ${endpoint.host} resolves on every machine, and port ${endpoint.port} behind it leads to port ${endpoint.machinePort} of the control-plane`,
    `   machines that answer /readyz: now only ${first.address}, later all of them. The name never changes: every worker, every`,
    '   certificate and every kubeconfig that is handed out holds it.',
  ];
}

function discoverySteps(meta: ResolvedMetaCluster, { name }: ResolvedMetaMachine): string[] {
  const kubectl = 'kubectl --kubeconfig discovery.conf config';
  return [
    `For steps 4 and 5 make discovery.conf on ${name}. Its token lives for one hour and stands in no other file:`,
    `  ${kubectl} set-cluster ${meta.name} --server https://${meta.endpoint.host}:${meta.endpoint.port} \\`,
    '    --certificate-authority /etc/kubernetes/pki/ca.crt --embed-certs',
    `  ${kubectl} set-credentials joiner --token "$(kubeadm token create --ttl 1h)"`,
    `  ${kubectl} set-context joiner --cluster ${meta.name} --user joiner`,
    `  ${kubectl} use-context joiner`,
  ];
}

function joinSteps(from: number, first: ResolvedMetaMachine, machine: ResolvedMetaMachine): string[] {
  return [
    `${from}. Make discovery.conf on ${first.name} as init-${first.name}.yaml says, and put it here as ${DISCOVERY_FILE}, mode 0600.`,
    `${from + 1}. kubeadm join --config ${joinFile(machine)}`,
    '   It warns that it may not read cluster-info: right, this file has told it everything.',
    `${from + 2}. rm ${DISCOVERY_FILE}`,
  ];
}

const joinFile = ({ name }: ResolvedMetaMachine): string => `join-${name}.yaml`;

const list = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '));
