// Generated from lib/model/schema by `npm run types`; do not edit.
// What an author decides. Everything that is optional here has its answer in ResolvedCluster.

/**
 * How the API server is reached from outside the meta cluster.
 */
export type Expose =
  | {
      type: 'loadBalancer';
      /**
       * `spec.loadBalancerClass`; cannot be changed later.
       */
      class?: string;
      /**
       * Annotations for the cloud's controller.
       */
      annotations?: {
        /**
         * Value.
         */
        [k: string]: string;
      };
      /**
       * Networks that may connect; everybody when absent.
       *
       * Items: A network.
       */
      sourceRanges?: string[];
    }
  | {
      type: 'nodePort';
      /**
       * The port on every node.
       */
      nodePort: number;
    }
  | {
      type: 'dnsRoundRobin';
      /**
       * Seconds that resolvers may keep an answer.
       */
      ttl?: number;
    }
  | {
      type: 'gateway';
      /**
       * The Gateway in the meta cluster.
       */
      gateway: {
        /**
         * Its namespace.
         */
        namespace: string;
        /**
         * Its name.
         */
        name: string;
        /**
         * Name of its listener.
         */
        listener?: string;
        /**
         * Namespace of the Pods that carry its traffic, when it is another one: `envoy-gateway-system` with Envoy Gateway as it comes.
         */
        proxyNamespace?: string;
      };
      inCluster?: InCluster;
    };
/**
 * How Pods of different nodes reach each other.
 */
export type Cni =
  | {
      type: 'flannel';
      /**
       * `vxlan` works over any network; `host-gw` is faster, and needs all nodes in one.
       */
      backend?: 'vxlan' | 'host-gw';
    }
  | {
      type: 'routes';
    }
  | {
      type: 'none';
    };
/**
 * How the API server reaches kubelets, Pods and webhooks of the cluster; konnectivity when absent.
 */
export type NodeAccess =
  | {
      type: 'konnectivity';
      /**
       * Name that agents dial: `endpoint.host`, or `konnectivity.` and that behind a gateway.
       */
      host?: string;
      /**
       * Port on the outside that agents dial: 8132, or the gateway's, or the node port.
       */
      port?: number;
      /**
       * The port on every node of the meta cluster. Needed with, and only with, an endpoint exposed by nodePort.
       */
      nodePort?: number;
      resources?: Resources;
      agentResources?: Resources;
    }
  | {
      type: 'direct';
    }
  | {
      type: 'multus';
      /**
       * Its NetworkAttachmentDefinition in the meta cluster, as `namespace/name`.
       */
      network: string;
    };
/**
 * What it is made from.
 */
export type AddonSource =
  | {
      type: 'template';
      /**
       * Relative to the fleet's folder, with the version.
       */
      folder: string;
      /**
       * What was found there.
       */
      files: AddonFile[];
      /**
       * What was found instead, when the version is not there.
       *
       * Items: A version.
       */
      versions?: string[];
    }
  | {
      type: 'chart';
      /**
       * Archive or folder, relative to the fleet's folder.
       */
      chart: string;
      /**
       * What it is pinned to.
       */
      digest: string;
      /**
       * What it is.
       */
      found: string;
      /**
       * Values of the chart.
       */
      values?: {
        [k: string]: unknown;
      };
      /**
       * Templates that ask the cluster what is there.
       *
       * Items: A file.
       */
      lookups: string[];
      /**
       * What was rendered, without hooks.
       */
      output?: string;
      /**
       * What was left out.
       *
       * Items: Kind and name.
       */
      hooks?: string[];
      /**
       * Why nothing was rendered.
       */
      fault?: {
        /**
         * What went wrong.
         */
        code: 'missing' | 'failed' | 'unstable';
        /**
         * What there is to say of it.
         */
        said: string;
      };
    }
  | {
      type: 'construct';
      /**
       * What it returned.
       */
      objects: unknown[];
    };

/**
 * Everything under `clusters/`.
 */
export interface FleetDefinition {
  /**
   * Name of the fleet.
   */
  name: string;
  /**
   * Meta clusters.
   *
   * @minItems 1
   */
  metaClusters: MetaClusterDefinition[];
  /**
   * Clusters, in the order of your choice.
   */
  clusters: ClusterDefinition[];
  images?: Images;
  /**
   * Who opens secrets in the meta clusters: the Sealed Secrets controller, by a certificate, or Flux with SOPS, by age recipients. One of the two.
   */
  sealing: {
    /**
     * PEM file with the public certificate of the Sealed Secrets controller, relative to `clusters/`.
     */
    certificate?: string;
    /**
     * age recipients (`age1…`) to whom SOPS encrypts whole Secrets: of Flux in each meta cluster, which `delivery.flux.decryption` names the key of, and of whoever else is to read them.
     *
     * @minItems 1
     *
     * Items: A recipient.
     */
    recipients?: string[];
  };
  delivery?: Delivery;
  /**
   * Who may issue certificates again.
   */
  keystore?: {
    /**
     * age recipients (`age1…`). Without any, the keys of authorities are kept nowhere.
     *
     * Items: A recipient.
     */
    recipients: string[];
  };
}
/**
 * A meta cluster: made with kubeadm from compiled files, it runs the control planes of other clusters.
 */
export interface MetaClusterDefinition {
  /**
   * Name of the meta cluster.
   */
  name: string;
  /**
   * Version of Kubernetes: `1.34.4`.
   */
  kubernetes: string;
  /**
   * A stable name (and port) in front of its API servers.
   */
  endpoint: {
    /**
     * Name in DNS that a load balancer, or all control-plane machines, answer to.
     */
    host: string;
    /**
     * Port; 6443 when absent.
     */
    port?: number;
    /**
     * Address behind the name, when it is fixed. It goes into the certificate.
     */
    address?: string;
  };
  /**
   * Ranges of the meta cluster.
   */
  network: {
    /**
     * Range of Pods.
     */
    pods: string | string[];
    /**
     * Range of Services.
     */
    services: string | string[];
    /**
     * Networks in which its machines are, for the network policies of control planes.
     *
     * @minItems 1
     *
     * Items: A network.
     */
    machines: string[];
    /**
     * Whether the network plugin gives each machine an address among those of Pods, as flannel does, and Calico with IPIP or VXLAN: what comes through a Service from outside then comes from there, and API servers answer Pods of the meta cluster too.
     */
    machinesInPodRange?: boolean;
    /**
     * DNS domain of Services.
     */
    dnsDomain?: string;
  };
  /**
   * Machines with the static Pods of its own control plane: one, three or five.
   *
   * @minItems 1
   * @maxItems 5
   */
  controlPlane: MetaMachine[];
  /**
   * Machines that run other clusters' control planes.
   */
  workers?: MetaMachine[];
  /**
   * Fields of KubeletConfiguration (kubelet.config.k8s.io/v1beta1) beside the default ones.
   */
  kubelet?: {
    [k: string]: unknown;
  };
  /**
   * Fields of KubeProxyConfiguration (kubeproxy.config.k8s.io/v1alpha1) beside the default ones.
   */
  kubeProxy?: {
    [k: string]: unknown;
  };
  /**
   * Arguments of its static Pods, without their dashes.
   */
  components?: {
    /**
     * Of kube-apiserver.
     */
    apiserver?: {
      /**
       * Value.
       */
      [k: string]: string;
    };
    /**
     * Of kube-controller-manager.
     */
    controllerManager?: {
      /**
       * Value.
       */
      [k: string]: string;
    };
    /**
     * Of kube-scheduler.
     */
    scheduler?: {
      /**
       * Value.
       */
      [k: string]: string;
    };
    /**
     * Of etcd.
     */
    etcd?: {
      /**
       * Value.
       */
      [k: string]: string;
    };
  };
  images?: Images;
  /**
   * What control planes need in the meta cluster.
   */
  platform?: {
    /**
     * The Sealed Secrets controller.
     */
    sealedSecrets?: {
      /**
       * Whether dist/ holds it; false when somebody else installs it.
       */
      install?: boolean;
      /**
       * Its version.
       */
      version?: string;
    };
    /**
     * Storage classes for etcd.
     *
     * Items: A storage class.
     */
    storageClasses?: {
      /**
       * Name.
       */
      name: string;
      /**
       * Provisioner; `kubernetes.io/no-provisioner` for local volumes.
       */
      provisioner: string;
      /**
       * Parameters for the provisioner.
       */
      parameters?: {
        /**
         * Value.
         */
        [k: string]: string;
      };
      /**
       * Whether claims can grow.
       */
      expandable?: boolean;
    }[];
  };
  /**
   * Node ports that control planes may take.
   */
  nodePortRange?: {
    /**
     * First.
     */
    from: number;
    /**
     * Last.
     */
    to: number;
  };
}
/**
 * A machine of the meta cluster.
 */
export interface MetaMachine {
  /**
   * Host name, and name of the node.
   */
  name: string;
  /**
   * Its address in the machines' network.
   */
  address: string;
  /**
   * Labels of the node.
   */
  labels?: {
    /**
     * Value.
     */
    [k: string]: string;
  };
  /**
   * Taints of the node.
   *
   * Items: A taint.
   */
  taints?: {
    /**
     * Key.
     */
    key: string;
    /**
     * Value.
     */
    value?: string;
    /**
     * Effect.
     */
    effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
  }[];
  /**
   * Arguments of the kubelet on this machine, without their dashes.
   */
  kubeletArgs?: {
    /**
     * Value.
     */
    [k: string]: string;
  };
}
/**
 * Where images come from.
 */
export interface Images {
  /**
   * Registry, and path in it, that holds the images under their own names (`mirror.example.com/k8s`). Replaces `registry.k8s.io` and the others.
   */
  registry?: string;
  /**
   * Another place for the images of one registry, by that registry: `registry.k8s.io: mirror.example.com/k8s`. Wins over `registry`.
   */
  mirrors?: {
    /**
     * Registry and path.
     */
    [k: string]: string;
  };
  /**
   * Digest by image as `name:tag` without its registry: `kube-apiserver:v1.34.4: sha256:…`.
   */
  digests?: {
    /**
     * The digest.
     */
    [k: string]: string;
  };
  /**
   * Names of Secrets of type kubernetes.io/dockerconfigjson in the control plane's namespace.
   *
   * Items: Name of the Secret.
   */
  pullSecrets?: string[];
  /**
   * When the kubelet pulls.
   */
  pullPolicy?: 'IfNotPresent' | 'Always' | 'Never';
}
/**
 * One cluster: its control plane is hosted in a meta cluster.
 */
export interface ClusterDefinition {
  /**
   * Name of the cluster; its namespace in the meta cluster is `cp-<name>`. Cannot be changed.
   */
  name: string;
  /**
   * Name of the meta cluster that hosts it.
   */
  meta: string;
  /**
   * Ring of clusters that a change is to reach together: the label `kubewright.dev/ring` of their namespaces.
   */
  ring?: string;
  /**
   * `hibernated` scales everything to zero and keeps volumes and certificates. `decommissioning` runs for the last time: the cluster may be removed next.
   */
  state?: 'running' | 'hibernated' | 'decommissioning';
  /**
   * Version of Kubernetes: `1.34.4`.
   */
  kubernetes: string;
  /**
   * `standard`: three of each, on different hosts. `minimal`: one of each.
   */
  mode: 'standard' | 'minimal';
  masterNodeSelector?: NodeSelector;
  /**
   * Taints of the meta cluster's nodes that the control plane accepts.
   */
  masterTolerations?: Toleration[];
  images?: Images;
  endpoint: Endpoint;
  network: Network;
  nodes?: Nodes;
  dns?: Dns;
  metricsServer?: MetricsServer;
  /**
   * People's own software inside the cluster, each made with `addon(…)`.
   */
  addons?: Addon[];
  etcd?: Etcd;
  datastore?: Datastore;
  components?: Components;
  /**
   * Feature gates, for every component that knows them.
   */
  featureGates?: {
    /**
     * On or off.
     */
    [k: string]: boolean;
  };
  audit?: Audit;
  authentication?: Authentication;
  authorization?: Authorization;
  admission?: Admission;
  encryption?: Encryption;
  certificates?: Certificates;
  /**
   * People and programs with a kubeconfig of their own.
   */
  users?: User[];
  /**
   * Who may do what in the whole cluster.
   */
  bindings?: Binding[];
  /**
   * Namespaces that people work in.
   */
  namespaces?: TenantNamespace[];
  /**
   * Where Pods of the cluster get their volumes. The drivers behind them are add-ons.
   */
  storageClasses?: StorageClass[];
  quota?: Quota;
  delivery?: ClusterDelivery;
}
/**
 * Labels that a node of the meta cluster must have.
 */
export interface NodeSelector {
  /**
   * Value of the label.
   */
  [k: string]: string;
}
/**
 * A taint of the meta cluster's nodes that these Pods accept.
 */
export interface Toleration {
  /**
   * Key of the taint; without one every key matches, and the operator must be Exists.
   */
  key?: string;
  /**
   * How the value is compared.
   */
  operator?: 'Equal' | 'Exists';
  /**
   * Value of the taint.
   */
  value?: string;
  /**
   * Which effect is tolerated; all when absent.
   */
  effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
  /**
   * How long NoExecute is tolerated.
   */
  tolerationSeconds?: number;
}
/**
 * Where clients and nodes reach the API server.
 */
export interface Endpoint {
  /**
   * Name in DNS. It stands in kubeconfigs, on every machine, and in the certificate. Once the cluster runs, another one may come when this one is kept in `certificates.extraHosts` until no machine uses it; not behind a gateway.
   */
  host: string;
  /**
   * Address behind the name, known beforehand: load balancer, node, or gateway. Not used with dnsRoundRobin.
   */
  address?: string;
  /**
   * Port on the outside: 6443, or 443 behind a gateway, or the node port. Every machine dials it: once the cluster runs, it stays.
   */
  port?: number;
  expose: Expose;
}
/**
 * How Pods reach an API server behind a gateway as `kubernetes.default`: by an agent on each node, which adds the server name that they do not send.
 */
export interface InCluster {
  /**
   * Server name by which the gateway leads there; `kubernetes.` and `endpoint.host` when absent. It need not stand in DNS. Once the cluster runs, it stays.
   */
  host?: string;
  /**
   * Address that each node gives itself for its agent, and that no network around the nodes has; 192.0.2.1 or 2001:db8::1 when absent. Once the cluster runs, it stays.
   */
  address?: string;
  resources?: Resources;
  agentResources?: Resources;
}
/**
 * Requests and limits of one container.
 */
export interface Resources {
  /**
   * What a container is guaranteed.
   */
  requests?: {
    /**
     * Cores: `250m` is a quarter of one.
     */
    cpu?: string;
    /**
     * Bytes: `512Mi`.
     */
    memory?: string;
  };
  /**
   * What a container may not exceed. A limit of CPU throttles: none is set by default.
   */
  limits?: {
    /**
     * Cores: `250m` is a quarter of one.
     */
    cpu?: string;
    /**
     * Bytes: `512Mi`.
     */
    memory?: string;
  };
}
/**
 * Ranges of the cluster. Once it runs, `pods`, `services`, `dnsDomain` and `nodeMask` stay as they are: a build refuses to change them.
 */
export interface Network {
  /**
   * Range of Pods; IPv4 and IPv6 for dual stack.
   */
  pods: string | string[];
  /**
   * Range of Services; IPv4 and IPv6 for dual stack.
   */
  services: string | string[];
  /**
   * DNS domain of Services.
   */
  dnsDomain?: string;
  /**
   * Length of the prefix that each node gets from the Pod range.
   */
  nodeMask?: {
    /**
     * Of an IPv4 range.
     */
    ipv4?: number;
    /**
     * Of an IPv6 range.
     */
    ipv6?: number;
  };
  /**
   * The controller-manager gives each node a Pod range; off when the network plugin does it.
   */
  allocateNodeRanges?: boolean;
  cni?: Cni;
  kubeProxy?: KubeProxy;
}
/**
 * kube-proxy, of the nodes' version.
 */
export interface KubeProxy {
  /**
   * Off when the network plugin does its work.
   */
  enabled?: boolean;
  /**
   * How Services are reached. `nftables` needs a kernel of 5.13 or newer; `ipvs` is deprecated from v1.35 on.
   */
  mode?: 'iptables' | 'ipvs' | 'nftables';
  /**
   * Fields of KubeProxyConfiguration (kubeproxy.config.k8s.io/v1alpha1) beside the default ones; null takes one away.
   */
  configuration?: {
    [k: string]: unknown;
  };
}
/**
 * The machines that join the cluster.
 */
export interface Nodes {
  /**
   * Release of their kubelets and of kube-proxy, while it is older than the cluster's: at most three minors.
   */
  kubernetes?: string;
  /**
   * Fields of KubeletConfiguration (kubelet.config.k8s.io/v1beta1) beside the default ones; null takes one away.
   */
  kubelet?: {
    [k: string]: unknown;
  };
  access?: NodeAccess;
}
/**
 * CoreDNS, the DNS of Services and Pods.
 */
export interface Dns {
  /**
   * Its version, when it is not the one that kubeadm pairs with the cluster's.
   */
  version?: string;
  /**
   * Image with tag or digest, instead of the one that follows from registry and version.
   */
  image?: string;
  /**
   * How many Pods; follows from the mode when absent.
   */
  replicas?: number;
  /**
   * Corefile, instead of the one that kubeadm writes.
   */
  corefile?: string;
  resources?: Resources;
}
/**
 * metrics-server: `kubectl top`, and autoscaling by CPU and memory.
 */
export interface MetricsServer {
  /**
   * Off when nothing needs it.
   */
  enabled?: boolean;
  /**
   * How many Pods; follows from the mode when absent.
   */
  replicas?: number;
  args?: Arguments;
  resources?: Resources;
}
/**
 * Arguments without their dashes, by name. A text or a list of texts (the flag is repeated) sets one, null takes a default one away.
 */
export interface Arguments {
  [k: string]: string | string[] | null;
}
/**
 * Something of your own that is installed in the cluster.
 */
export interface Addon {
  /**
   * Its name, unique in the cluster.
   */
  name: string;
  /**
   * Its version.
   */
  version?: string;
  /**
   * Where its objects go that name no namespace: `kube-system` when absent.
   */
  namespace?: string;
  /**
   * Parameters of a template or a construct.
   */
  parameters?: {
    [k: string]: unknown;
  };
  /**
   * Kinds of others that it has objects of, and whose CustomResourceDefinitions are not in this cluster's manifests: `monitoring.coreos.com/v1/ServiceMonitor`.
   */
  foreignKinds?: {
    /**
     * Whether its objects live in a namespace.
     */
    [k: string]: 'Namespaced' | 'Cluster';
  };
  /**
   * What it needs and somebody else brings, such as a Secret with credentials.
   *
   * Items: An object.
   */
  provided?: {
    /**
     * Its kind: `Secret`.
     */
    kind: string;
    /**
     * Its name.
     */
    name: string;
    /**
     * Its namespace: that of the add-on when absent.
     */
    namespace?: string;
  }[];
  /**
   * Rights in the whole cluster that were reviewed, each as its warning says it: `ClusterRoleBinding csi lets ServiceAccount kube-system/csi do everything in the whole cluster`.
   *
   * Items: A right.
   */
  acknowledgedRights?: string[];
  source: AddonSource;
}
/**
 * A file of a template.
 */
export interface AddonFile {
  /**
   * Relative to the folder of the version.
   */
  path: string;
  /**
   * All that is in it.
   */
  text: string;
}
/**
 * The cluster's own etcd.
 */
export interface Etcd {
  /**
   * Version of etcd; follows from the Kubernetes minor when absent.
   */
  version?: string;
  /**
   * Image with tag or digest, instead of the one that follows from registry and version.
   */
  image?: string;
  storage: EtcdStorage;
  /**
   * State of each member, when one was replaced.
   *
   * @maxItems 3
   */
  members?: EtcdMember[];
  /**
   * Size at which etcd refuses writes.
   */
  quota?: string;
  /**
   * Keys of etcd's configuration file, by their own names; null takes a default one away.
   */
  settings?: {
    [k: string]: string | number | boolean | null;
  };
  resources?: Resources;
  events?: EtcdEvents;
  backup?: EtcdBackup;
  /**
   * Why nothing needs to be kept when the cluster goes. With `state: decommissioning`, a last snapshot goes to where `backup` keeps the others; without a `backup`, or to go without the snapshot, say the reason here.
   */
  withoutFinalSnapshot?: string;
  /**
   * Defragmentation on a schedule, one member at a time.
   */
  defragmentation?: {
    /**
     * Five fields of cron, in UTC.
     */
    schedule: string;
  };
}
/**
 * Where members keep their data.
 */
export interface EtcdStorage {
  /**
   * A claim for each member, from a storage class.
   */
  claimTemplate?: {
    /**
     * Storage class; the meta cluster's default one when absent.
     */
    storageClass?: string;
    /**
     * Size of each claim when the cluster was made. Kept as it is for ever: the StatefulSet cannot change it.
     */
    size: string;
    /**
     * Size that each claim asks for now. Raise this to grow the volumes.
     */
    requestedSize?: string;
  };
  /**
   * A local PersistentVolume for each member, pinned to its host.
   */
  local?: {
    /**
     * Folder on the host; it must exist.
     */
    path: string;
    /**
     * Size of the volume.
     */
    size: string;
    /**
     * Host of each member, in order: values of kubernetes.io/hostname.
     *
     * @minItems 1
     *
     * Items: A host.
     */
    hosts: string[];
  };
  /**
   * A folder of a named host for each member. For machines without a provisioner; prefer `local`, whose folder the kubelet gives to etcd.
   */
  hostPath?: {
    /**
     * Folder on the host. It must exist and belong to user 65532: nothing in the cluster may change its owner.
     */
    path: string;
    /**
     * Size that is written on the volume; a folder of the host is not limited by it.
     */
    size: string;
    /**
     * Host of each member, in order: values of kubernetes.io/hostname.
     *
     * @minItems 1
     *
     * Items: A host.
     */
    hosts: string[];
  };
  /**
   * A folder that is lost with the Pod. For tests, and for events.
   */
  emptyDir?: {
    /**
     * What holds it.
     */
    medium?: '' | 'Memory';
    /**
     * How much it may hold.
     */
    sizeLimit?: string;
  };
}
/**
 * State of one member.
 */
export interface EtcdMember {
  /**
   * Raise it by one to replace a member whose data is lost. A Job takes it out of the list and in again; then it joins with a new, empty folder. Apply stage by stage: it must not start before that Job is done.
   */
  generation?: number;
}
/**
 * An etcd of their own for events.
 */
export interface EtcdEvents {
  storage: EtcdStorage;
  /**
   * State of each member, when one was replaced.
   *
   * @maxItems 3
   */
  members?: EtcdMember[];
  /**
   * Size at which etcd refuses writes.
   */
  quota?: string;
  resources?: Resources;
}
/**
 * Snapshots on a schedule.
 */
export interface EtcdBackup {
  /**
   * Five fields of cron, in UTC.
   */
  schedule: string;
  /**
   * How long snapshots are kept: `14d`, `36h`.
   */
  keep?: string;
  /**
   * Where snapshots go.
   */
  to: {
    /**
     * A bucket with the S3 API.
     */
    s3?: {
      /**
       * URL of the service.
       */
      endpoint: string;
      /**
       * Region.
       */
      region?: string;
      /**
       * Bucket.
       */
      bucket: string;
      /**
       * Folder in the bucket; the cluster's name when absent.
       */
      prefix?: string;
      /**
       * Secret in the control plane's namespace with keys `accessKeyId` and `secretAccessKey`.
       */
      credentials: string;
    };
    /**
     * A claim in the meta cluster.
     */
    persistentVolumeClaim?: {
      /**
       * Storage class; the default one when absent.
       */
      storageClass?: string;
      /**
       * Size of the claim.
       */
      size: string;
    };
  };
}
/**
 * Where the cluster's objects are kept, when not in an etcd of its own.
 */
export interface Datastore {
  external?: ExternalDatastore;
}
/**
 * Anything that speaks the etcd v3 API: a shared etcd, KubeBrain, kine.
 */
export interface ExternalDatastore {
  /**
   * URLs.
   *
   * @minItems 1
   *
   * Items: A URL.
   */
  endpoints: string[];
  /**
   * Prefix of all keys. Never change it: the API server would find an empty store.
   */
  prefix?: string;
  /**
   * Secret in the control plane's namespace with keys `ca.crt`, `tls.crt` and `tls.key`. Needed for https.
   */
  credentials?: string;
  /**
   * Networks in which the endpoints are, for the network policy.
   *
   * Items: A network.
   */
  networks?: string[];
  /**
   * Who compacts: the API server every five minutes, or the store itself.
   */
  compaction?: 'apiserver' | 'datastore';
}
/**
 * Settings of each component.
 */
export interface Components {
  apiserver?: ApiServer;
  controllerManager?: Component;
  scheduler?: Scheduler;
}
/**
 * Settings of kube-apiserver.
 */
export interface ApiServer {
  /**
   * Version of this component when it is not the cluster's own (within the version skew that Kubernetes supports).
   */
  version?: string;
  /**
   * Image with tag or digest, instead of the one that follows from registry and version.
   */
  image?: string;
  /**
   * How many Pods; follows from the mode when absent.
   */
  replicas?: number;
  args?: Arguments;
  resources?: Resources;
  /**
   * Volumes beside the component's own.
   */
  extraVolumes?: ExtraVolume[];
  /**
   * Environment variables beside the component's own.
   */
  env?: EnvironmentVariable[];
  /**
   * A HorizontalPodAutoscaler; the manifest then has no `replicas`. When it comes to a running cluster of several API servers, the number would fall back to 1 until the autoscaler acts: somebody else has to hold it first.
   */
  autoscale?: {
    /**
     * Fewest Pods.
     */
    min: number;
    /**
     * Most Pods.
     */
    max: number;
    /**
     * Target: average use of requested CPU, percent.
     */
    cpu?: number;
    /**
     * Target: average use of requested memory, percent.
     */
    memory?: number;
    /**
     * Who holds `spec.replicas` since before the manifest gave it up: `kubectl apply --server-side` with another `--field-manager` and the number that was there. Asked for once, by the build that adds `autoscale` to a running cluster; it may go with the next change.
     */
    handover?: string;
  };
  /**
   * APIs to switch on or off: `resource.k8s.io/v1beta1: true`, `api/alpha: false`.
   */
  runtimeConfig?: {
    /**
     * On or off.
     */
    [k: string]: boolean;
  };
  /**
   * How long a stopping API server keeps serving while load balancers, or the DNS and its resolvers, notice.
   */
  drainSeconds?: number;
}
/**
 * A volume that a component mounts beside its own.
 */
export interface ExtraVolume {
  /**
   * Name of the volume.
   */
  name: string;
  /**
   * Absolute path in the container.
   */
  mountPath: string;
  /**
   * Mount read-only; the default.
   */
  readOnly?: boolean;
  source: VolumeSource;
}
/**
 * Where a volume comes from. Objects named here are yours: they must be in the control plane's namespace.
 */
export interface VolumeSource {
  /**
   * A ConfigMap.
   */
  configMap?: {
    /**
     * Its name.
     */
    name: string;
  };
  /**
   * A Secret.
   */
  secret?: {
    /**
     * Its name.
     */
    name: string;
  };
  /**
   * A claim.
   */
  persistentVolumeClaim?: {
    /**
     * Its name.
     */
    name: string;
  };
  /**
   * An empty folder that lives as long as the Pod.
   */
  emptyDir?: {
    /**
     * What holds it.
     */
    medium?: '' | 'Memory';
    /**
     * How much it may hold.
     */
    sizeLimit?: string;
  };
  /**
   * An inline CSI volume.
   */
  csi?: {
    /**
     * Name of the CSI driver.
     */
    driver: string;
    /**
     * Mount read-only.
     */
    readOnly?: boolean;
    /**
     * Attributes for the driver.
     */
    attributes?: {
      /**
       * Value.
       */
      [k: string]: string;
    };
  };
  /**
   * An OCI image, mounted read-only.
   */
  image?: {
    /**
     * Image with tag or digest.
     */
    reference: string;
  };
}
/**
 * An environment variable of a container.
 */
export interface EnvironmentVariable {
  /**
   * Name of the variable.
   */
  name: string;
  /**
   * Its value.
   */
  value?: string;
  /**
   * A key of a Secret in the control plane's namespace.
   */
  secret?: {
    /**
     * Name of the Secret.
     */
    name: string;
    /**
     * Key in it.
     */
    key: string;
  };
  /**
   * A key of a ConfigMap in the control plane's namespace.
   */
  configMap?: {
    /**
     * Name of the ConfigMap.
     */
    name: string;
    /**
     * Key in it.
     */
    key: string;
  };
}
/**
 * Settings of one component.
 */
export interface Component {
  /**
   * Version of this component when it is not the cluster's own (within the version skew that Kubernetes supports).
   */
  version?: string;
  /**
   * Image with tag or digest, instead of the one that follows from registry and version.
   */
  image?: string;
  /**
   * How many Pods; follows from the mode when absent.
   */
  replicas?: number;
  args?: Arguments;
  resources?: Resources;
  /**
   * Volumes beside the component's own.
   */
  extraVolumes?: ExtraVolume[];
  /**
   * Environment variables beside the component's own.
   */
  env?: EnvironmentVariable[];
}
/**
 * Settings of kube-scheduler.
 */
export interface Scheduler {
  /**
   * Version of this component when it is not the cluster's own (within the version skew that Kubernetes supports).
   */
  version?: string;
  /**
   * Image with tag or digest, instead of the one that follows from registry and version.
   */
  image?: string;
  /**
   * How many Pods; follows from the mode when absent.
   */
  replicas?: number;
  args?: Arguments;
  resources?: Resources;
  /**
   * Volumes beside the component's own.
   */
  extraVolumes?: ExtraVolume[];
  /**
   * Environment variables beside the component's own.
   */
  env?: EnvironmentVariable[];
  /**
   * Profiles of KubeSchedulerConfiguration (kubescheduler.config.k8s.io/v1).
   *
   * Items: One profile.
   */
  profiles?: {
    [k: string]: unknown;
  }[];
}
/**
 * Audit of requests.
 */
export interface Audit {
  /**
   * `metadata` (who did what, no bodies), `writes` (bodies of changes, no secrets), `none`, or rules of audit.k8s.io/v1 of your own.
   */
  policy?:
    | ('none' | 'metadata' | 'writes')
    | {
        /**
         * Rules of audit.k8s.io/v1.
         *
         * @minItems 1
         *
         * Items: A rule.
         */
        rules: {
          [k: string]: unknown;
        }[];
        /**
         * Stages that are not recorded.
         *
         * Items: A stage.
         */
        omitStages?: string[];
      };
  /**
   * The log file.
   */
  log?: {
    /**
     * `stdout` for the node's log collector, `volume` for files in an emptyDir.
     */
    to?: 'stdout' | 'volume';
    /**
     * Size at which a file is rotated.
     */
    maxSizeMegabytes?: number;
    /**
     * Files that are kept.
     */
    maxBackups?: number;
    /**
     * Days that files are kept.
     */
    maxAgeDays?: number;
  };
  /**
   * A server that receives audit events.
   */
  webhook?: {
    /**
     * Secret in the control plane's namespace with key `kubeconfig`.
     */
    kubeconfig: string;
    /**
     * Longest wait before a batch is sent: `5s`.
     */
    batchMaxWait?: string;
  };
}
/**
 * Structured authentication.
 */
export interface Authentication {
  /**
   * JWT authenticators, as in AuthenticationConfiguration.
   *
   * Items: One authenticator.
   */
  jwt?: {
    [k: string]: unknown;
  }[];
  /**
   * Paths that anonymous clients may ask for.
   *
   * Items: A path.
   */
  anonymousPaths?: string[];
}
/**
 * Structured authorization: these webhooks are asked after Node and RBAC.
 */
export interface Authorization {
  /**
   * Webhooks, as in AuthorizationConfiguration.
   *
   * Items: One webhook.
   */
  webhooks: {
    /**
     * Name of the authorizer.
     */
    name: string;
    /**
     * Secret in the control plane's namespace with key `kubeconfig`.
     */
    kubeconfig: string;
    /**
     * The `webhook` block, without `connectionInfo`.
     */
    webhook: {
      [k: string]: unknown;
    };
  }[];
}
/**
 * Admission plugins.
 */
export interface Admission {
  /**
   * Plugins to enable beside the default ones.
   *
   * Items: A plugin.
   */
  enable?: string[];
  /**
   * Default plugins to disable.
   *
   * Items: A plugin.
   */
  disable?: string[];
  /**
   * Configuration by plugin, as it stands in the plugin's file.
   */
  configuration?: {
    /**
     * Configuration of the plugin.
     */
    [k: string]: {
      [k: string]: unknown;
    };
  };
}
/**
 * Encryption of objects in etcd.
 */
export interface Encryption {
  /**
   * `secretbox` or `aescbc` with a key of the lock, `kms` with a plugin, `none`.
   */
  provider: 'secretbox' | 'aescbc' | 'kms' | 'none';
  /**
   * What is encrypted: `secrets`, `configmaps`, `widgets.example.com`. `secrets` when neither this nor `readable` is there.
   *
   * @minItems 1
   *
   * Items: A resource.
   */
  resources?: string[];
  /**
   * What can be read encrypted already and is still written in clear: the first of two commits by which a running cluster of several API servers begins to encrypt something. They learn of it one after another, and one that does not know the key fails on every list and watch of what others have encrypted. In the second commit, when all of them have had the first for some minutes, it moves to `resources`.
   *
   * @minItems 1
   *
   * Items: A resource.
   */
  readable?: string[];
  /**
   * A KMS v2 plugin.
   */
  kms?: {
    /**
     * Name of the provider. It is written on every encrypted object.
     */
    name: string;
    /**
     * Socket of the plugin, which an extra volume brings.
     */
    endpoint: string;
    /**
     * How long one call may take: `3s`.
     */
    timeout?: string;
  };
}
/**
 * Lifetimes and strength of the cluster's own certificates.
 */
export interface Certificates {
  /**
   * Lifetime of a leaf.
   */
  leaf?: string;
  /**
   * Lifetime of an authority.
   */
  authority?: string;
  /**
   * A certificate is due when it ends within this time.
   */
  renewBefore?: string;
  /**
   * Length of RSA keys.
   */
  bits?: 2048 | 3072 | 4096;
  /**
   * Names and addresses beside the known ones by which the API server is reached.
   *
   * Items: A DNS name or an address.
   */
  extraHosts?: string[];
}
/**
 * A person or a program with a client certificate. What it may do is said by bindings inside the cluster.
 */
export interface User {
  /**
   * User name (the certificate's common name).
   */
  name: string;
  /**
   * Groups (the certificate's organizations). Not system:masters.
   *
   * Items: A group.
   */
  groups: string[];
  /**
   * How long the certificate lasts; like every leaf when absent.
   */
  lifetime?: string;
}
/**
 * A ClusterRole, and all to whom it is given.
 */
export interface Binding {
  /**
   * Name of the ClusterRole: `view`, `edit`, `admin`, `cluster-admin`, or one that you bring.
   */
  clusterRole: string;
  /**
   * Groups: those of `users`, or as `authentication` maps them.
   *
   * Items: A group.
   */
  groups?: string[];
  /**
   * Users by their names, beside the groups.
   *
   * Items: A user.
   */
  users?: string[];
}
/**
 * A namespace of the cluster. It holds state: when it leaves the definition it stays in the cluster.
 */
export interface TenantNamespace {
  /**
   * Name of the namespace.
   */
  name: string;
  /**
   * Pod Security Standard that its Pods must keep: `baseline` when absent.
   */
  podSecurity?: 'privileged' | 'baseline' | 'restricted';
  /**
   * Upper limits of a ResourceQuota: `requests.cpu`, `limits.memory`, `count/jobs.batch` …
   */
  quota?: {
    /**
     * How much there may be.
     */
    [k: string]: string;
  };
  defaults?: Resources;
  /**
   * Its Pods talk among themselves and to DNS; everything else needs a NetworkPolicy of your own.
   */
  isolated?: boolean;
  /**
   * Who may do what in this namespace.
   */
  bindings?: Binding[];
  /**
   * Secrets with which its Pods pull images, by their names; you bring them.
   *
   * Items: A Secret in the namespace.
   */
  pullSecrets?: string[];
}
/**
 * A storage class. But for `default` and `expandable`, Kubernetes lets nothing of it be changed: choose a new name.
 */
export interface StorageClass {
  /**
   * Name.
   */
  name: string;
  /**
   * Provisioner; `kubernetes.io/no-provisioner` for local volumes.
   */
  provisioner: string;
  /**
   * Parameters for the provisioner.
   */
  parameters?: {
    /**
     * Value.
     */
    [k: string]: string;
  };
  /**
   * Whether claims can grow.
   */
  expandable?: boolean;
  /**
   * For claims that name no class. At most one.
   */
  default?: boolean;
  /**
   * What becomes of a volume whose claim is deleted: `Delete` when absent.
   */
  reclaimPolicy?: 'Delete' | 'Retain';
  /**
   * When a volume is made: `WaitForFirstConsumer`, where its Pod runs, when absent.
   */
  bindingMode?: 'WaitForFirstConsumer' | 'Immediate';
}
/**
 * Upper limits for the control plane's namespace. Computed from the components, with room for rollouts, when absent.
 */
export interface Quota {
  /**
   * Sum of requested cores.
   */
  cpu?: string;
  /**
   * Sum of requested memory.
   */
  memory?: string;
  /**
   * Number of Pods.
   */
  pods?: number;
}
/**
 * How this cluster is delivered.
 */
export interface ClusterDelivery {
  /**
   * Why nothing of this cluster is applied for now. What runs goes on as it is; take it out to go on.
   */
  suspended?: string;
}
/**
 * Who applies `dist/`. Without it `dist/` holds no objects of Argo CD or Flux.
 */
export interface Delivery {
  /**
   * `both` is for those who move from one to the other: only one of them may run at a time.
   */
  tool: 'argocd' | 'flux' | 'both';
  /**
   * Where the tool clones the repository with `dist/` from, without credentials: `https://git.example.com/clusters.git`, or `ssh://…`.
   */
  repository: string;
  /**
   * The branch that is followed.
   */
  branch: string;
  /**
   * Where `dist/` is in the repository: `dist` when absent, `.` for the top.
   */
  path?: string;
  /**
   * Where Argo CD is in each meta cluster.
   */
  argocd?: {
    /**
     * Its namespace; `argocd` when absent.
     */
    namespace?: string;
  };
  /**
   * Where Flux is in each meta cluster.
   */
  flux?: {
    /**
     * Namespace of its objects; `flux-system` when absent.
     */
    namespace?: string;
    /**
     * Secret there with which the repository is cloned. You bring it; a public repository needs none.
     */
    credentials?: string;
    /**
     * Secret there with the age identity (a key that ends in `.agekey`) by which Flux opens what SOPS encrypted. You bring it; with `sealing.recipients` only.
     */
    decryption?: string;
  };
}
