import { address, anyObject, cidr, dnsLabel, dnsName, flag, integer, list, mapOf, object, oneOfTexts, oneOrTwo, port, ref, text, version, type Schema } from './fields.ts';
import { STORAGE_CLASS_FIELDS } from './storage.ts';

export const META_DEFINITIONS: Record<string, Schema> = {
  MetaMachine: object('A machine of the meta cluster.', {
    name: dnsName('Host name, and name of the node.'),
    address: address('Its address in the machines\' network.'),
    labels: mapOf('Labels of the node.', text('Value.')),
    taints: list('Taints of the node.', object('A taint.', {
      key: text('Key.'), value: text('Value.'), effect: oneOfTexts('Effect.', ['NoSchedule', 'PreferNoSchedule', 'NoExecute']),
    }, ['key', 'effect'])),
    kubeletArgs: mapOf('Arguments of the kubelet on this machine, without their dashes.', text('Value.')),
  }, ['name', 'address']),
  MetaClusterDefinition: object('A meta cluster: made with kubeadm from compiled files, it runs the control planes of other clusters.', {
    name: dnsLabel('Name of the meta cluster.', 40),
    kubernetes: version('Version of Kubernetes: `1.34.4`.'),
    endpoint: object('A stable name (and port) in front of its API servers.', {
      host: dnsName('Name in DNS that a load balancer, or all control-plane machines, answer to.'),
      port: port('Port; 6443 when absent.'),
      address: address('Address behind the name, when it is fixed. It goes into the certificate.'),
    }, ['host']),
    network: object('Ranges of the meta cluster.', {
      pods: oneOrTwo('Range of Pods.', cidr('A network.')),
      services: oneOrTwo('Range of Services.', cidr('A network.')),
      machines: list('Networks in which its machines are, for the network policies of control planes.', cidr('A network.'), { minItems: 1 }),
      machinesInPodRange: flag('Whether the network plugin gives each machine an address among those of Pods, as flannel does, and Calico with IPIP or VXLAN: what comes through a Service from outside then comes from there, and API servers answer Pods of the meta cluster too.'),
      dnsDomain: dnsName('DNS domain of Services.'),
    }, ['pods', 'services', 'machines']),
    controlPlane: list('Machines with the static Pods of its own control plane: one, three or five.', ref('MetaMachine'), { minItems: 1, maxItems: 5 }),
    workers: list('Machines that run other clusters\' control planes.', ref('MetaMachine')),
    kubelet: anyObject('Fields of KubeletConfiguration (kubelet.config.k8s.io/v1beta1) beside the default ones.'),
    kubeProxy: anyObject('Fields of KubeProxyConfiguration (kubeproxy.config.k8s.io/v1alpha1) beside the default ones.'),
    components: object('Arguments of its static Pods, without their dashes.', {
      apiserver: mapOf('Of kube-apiserver.', text('Value.')),
      controllerManager: mapOf('Of kube-controller-manager.', text('Value.')),
      scheduler: mapOf('Of kube-scheduler.', text('Value.')),
      etcd: mapOf('Of etcd.', text('Value.')),
    }),
    images: ref('Images'),
    platform: object('What control planes need in the meta cluster.', {
      sealedSecrets: object('The Sealed Secrets controller.', {
        install: flag('Whether dist/ holds it; false when somebody else installs it.'),
        version: version('Its version.'),
      }),
      storageClasses: list('Storage classes for etcd.', object('A storage class.', STORAGE_CLASS_FIELDS, ['name', 'provisioner'])),
    }),
    nodePortRange: object('Node ports that control planes may take.', {
      from: integer('First.', 1, 65535), to: integer('Last.', 1, 65535),
    }, ['from', 'to']),
  }, ['name', 'kubernetes', 'endpoint', 'network', 'controlPlane']),
};

/** A fleet refers to its clusters by value: `clusters: [prod, staging]`. */
export const FLEET_DEFINITIONS: Record<string, Schema> = {
  FleetDefinition: object('Everything under `clusters/`.', {
    name: dnsLabel('Name of the fleet.', 40),
    metaClusters: list('Meta clusters.', ref('MetaClusterDefinition'), { minItems: 1 }),
    clusters: list('Clusters, in the order of your choice.', ref('ClusterDefinition')),
    images: ref('Images'),
    sealing: object('Who opens secrets in the meta clusters: the Sealed Secrets controller, by a certificate, or Flux with SOPS, by age recipients. One of the two.', {
      certificate: text('PEM file with the public certificate of the Sealed Secrets controller, relative to `clusters/`.'),
      recipients: list('age recipients (`age1…`) to whom SOPS encrypts whole Secrets: of Flux in each meta cluster, which `delivery.flux.decryption` names the key of, and of whoever else is to read them.', text('A recipient.', { pattern: '^age1[0-9a-z]+$' }), { minItems: 1 }),
    }),
    delivery: ref('Delivery'),
    keystore: object('Who may issue certificates again.', {
      recipients: list('age recipients (`age1…`). Without any, the keys of authorities are kept nowhere.', text('A recipient.', { pattern: '^age1[0-9a-z]+$' })),
    }, ['recipients']),
  }, ['name', 'metaClusters', 'clusters', 'sealing']),
};
