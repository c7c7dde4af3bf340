import { address, anyObject, choice, dnsLabel, dnsName, exactlyOne, flag, integer, list, mapOf, object, oneOfTexts, option, quantity, ref, text, version, type Schema } from './fields.ts';

const amounts = (what: string): Schema => object(`What a container ${what}.`, {
  cpu: quantity('Cores: `250m` is a quarter of one.'),
  memory: quantity('Bytes: `512Mi`.'),
});

const NODE_SELECTOR = mapOf('Labels that a node of the meta cluster must have.', text('Value of the label.'));

/** What every Pod of a control plane has in common. */
export const POD_DEFINITIONS: Record<string, Schema> = {
  Resources: object('Requests and limits of one container.', {
    requests: amounts('is guaranteed'),
    limits: amounts('may not exceed. A limit of CPU throttles: none is set by default'),
  }),
  NodeSelector: NODE_SELECTOR,
  Toleration: object('A taint of the meta cluster\'s nodes that these Pods accept.', {
    key: text('Key of the taint; without one every key matches, and the operator must be Exists.'),
    operator: oneOfTexts('How the value is compared.', ['Equal', 'Exists']),
    value: text('Value of the taint.'),
    effect: oneOfTexts('Which effect is tolerated; all when absent.', ['NoSchedule', 'PreferNoSchedule', 'NoExecute']),
    tolerationSeconds: integer('How long NoExecute is tolerated.', 0, 31536000),
  }),
  EnvironmentVariable: object('An environment variable of a container.', {
    name: text('Name of the variable.', { pattern: '^[A-Za-z_][A-Za-z0-9_]*$' }),
    value: text('Its value.'),
    secret: object('A key of a Secret in the control plane\'s namespace.', { name: dnsLabel('Name of the Secret.'), key: text('Key in it.') }, ['name', 'key']),
    configMap: object('A key of a ConfigMap in the control plane\'s namespace.', { name: dnsLabel('Name of the ConfigMap.'), key: text('Key in it.') }, ['name', 'key']),
  }, ['name']),
  VolumeSource: exactlyOne('Where a volume comes from. Objects named here are yours: they must be in the control plane\'s namespace.', {
    configMap: object('A ConfigMap.', { name: dnsLabel('Its name.') }, ['name']),
    secret: object('A Secret.', { name: dnsLabel('Its name.') }, ['name']),
    persistentVolumeClaim: object('A claim.', { name: dnsLabel('Its name.') }, ['name']),
    emptyDir: object('An empty folder that lives as long as the Pod.', { medium: oneOfTexts('What holds it.', ['', 'Memory']), sizeLimit: quantity('How much it may hold.') }),
    csi: object('An inline CSI volume.', { driver: text('Name of the CSI driver.'), readOnly: flag('Mount read-only.'), attributes: mapOf('Attributes for the driver.', text('Value.')) }, ['driver']),
    image: object('An OCI image, mounted read-only.', { reference: text('Image with tag or digest.') }, ['reference']),
  }),
  ExtraVolume: object('A volume that a component mounts beside its own.', {
    name: dnsLabel('Name of the volume.', 50),
    mountPath: text('Absolute path in the container.', { pattern: '^/' }),
    readOnly: flag('Mount read-only; the default.'),
    source: ref('VolumeSource'),
  }, ['name', 'mountPath', 'source']),
  Arguments: mapOf('Arguments without their dashes, by name. A text or a list of texts (the flag is repeated) sets one, null takes a default one away.', {
    anyOf: [text('The value.'), { type: 'array', items: text('One of the values.') }, { type: 'null' }],
  }, { propertyNames: { pattern: '^[a-z0-9][-a-z0-9]*$' } }),
};

const COMPONENT_FIELDS: Record<string, Schema> = {
  version: version('Version of this component when it is not the cluster\'s own (within the version skew that Kubernetes supports).'),
  image: text('Image with tag or digest, instead of the one that follows from registry and version.'),
  replicas: integer('How many Pods; follows from the mode when absent.', 1, 9),
  args: ref('Arguments'),
  resources: ref('Resources'),
  extraVolumes: list('Volumes beside the component\'s own.', ref('ExtraVolume')),
  env: list('Environment variables beside the component\'s own.', ref('EnvironmentVariable')),
};

export const COMPONENT_DEFINITIONS: Record<string, Schema> = {
  Component: object('Settings of one component.', COMPONENT_FIELDS),
  ApiServer: object('Settings of kube-apiserver.', {
    ...COMPONENT_FIELDS,
    autoscale: object('A HorizontalPodAutoscaler; the manifest then has no `replicas`. When it comes to a running cluster of several API servers, the number would fall back to 1 until the autoscaler acts: somebody else has to hold it first.', {
      min: integer('Fewest Pods.', 1, 9),
      max: integer('Most Pods.', 1, 30),
      cpu: integer('Target: average use of requested CPU, percent.', 10, 500),
      memory: integer('Target: average use of requested memory, percent.', 10, 500),
      handover: text('Who holds `spec.replicas` since before the manifest gave it up: `kubectl apply --server-side` with another `--field-manager` and the number that was there. Asked for once, by the build that adds `autoscale` to a running cluster; it may go with the next change.', { pattern: '\\S' }),
    }, ['min', 'max']),
    runtimeConfig: mapOf('APIs to switch on or off: `resource.k8s.io/v1beta1: true`, `api/alpha: false`.', flag('On or off.')),
    drainSeconds: integer('How long a stopping API server keeps serving while load balancers, or the DNS and its resolvers, notice.', 1, 300),
  }),
  Scheduler: object('Settings of kube-scheduler.', {
    ...COMPONENT_FIELDS,
    profiles: list('Profiles of KubeSchedulerConfiguration (kubescheduler.config.k8s.io/v1).', anyObject('One profile.')),
  }),
  Components: object('Settings of each component.', {
    apiserver: ref('ApiServer'),
    controllerManager: ref('Component'),
    scheduler: ref('Scheduler'),
  }),
  Images: object('Where images come from.', {
    registry: text('Registry, and path in it, that holds the images under their own names (`mirror.example.com/k8s`). Replaces `registry.k8s.io` and the others.', { pattern: '^[a-z0-9][a-z0-9._:/-]*[a-z0-9]$' }),
    mirrors: mapOf('Another place for the images of one registry, by that registry: `registry.k8s.io: mirror.example.com/k8s`. Wins over `registry`.', text('Registry and path.', { pattern: '^[a-z0-9][a-z0-9._:/-]*[a-z0-9]$' })),
    digests: mapOf('Digest by image as `name:tag` without its registry: `kube-apiserver:v1.34.4: sha256:…`.', text('The digest.', { pattern: '^sha256:[0-9a-f]{64}$' })),
    pullSecrets: list('Names of Secrets of type kubernetes.io/dockerconfigjson in the control plane\'s namespace.', dnsLabel('Name of the Secret.')),
    pullPolicy: oneOfTexts('When the kubelet pulls.', ['IfNotPresent', 'Always', 'Never']),
  }),
};

export const EXPOSE_DEFINITIONS: Record<string, Schema> = {
  Expose: choice('How the API server is reached from outside the meta cluster.', [
    option('loadBalancer', 'A Service of type LoadBalancer.', {
      class: text('`spec.loadBalancerClass`; cannot be changed later.'),
      annotations: mapOf('Annotations for the cloud\'s controller.', text('Value.')),
      sourceRanges: list('Networks that may connect; everybody when absent.', text('A network.', { format: 'cidr' })),
    }),
    option('nodePort', 'A Service of type NodePort: `address` is a node\'s, or a balancer\'s in front of the nodes.', {
      nodePort: integer('The port on every node.', 30000, 32767),
    }, ['nodePort']),
    option('dnsRoundRobin', 'A headless Service whose ready addresses stand in DNS under `host` (external-dns): Pods must be routable. Once the cluster runs, no other way comes in its place, nor it in theirs.', {
      ttl: integer('Seconds that resolvers may keep an answer.', 1, 3600),
    }),
    option('gateway', 'A TLSRoute by server name on a Gateway that many clusters share. Once the cluster runs, no other way comes in its place, nor it in theirs.', {
      gateway: object('The Gateway in the meta cluster.', {
        namespace: dnsLabel('Its namespace.'), name: dnsLabel('Its name.'), listener: text('Name of its listener.'),
        proxyNamespace: dnsLabel('Namespace of the Pods that carry its traffic, when it is another one: `envoy-gateway-system` with Envoy Gateway as it comes.'),
      }, ['namespace', 'name']),
      inCluster: ref('InCluster'),
    }, ['gateway']),
  ]),
  InCluster: object('How Pods reach an API server behind a gateway as `kubernetes.default`: by an agent on each node, which adds the server name that they do not send.', {
    host: dnsName('Server name by which the gateway leads there; `kubernetes.` and `endpoint.host` when absent. It need not stand in DNS. Once the cluster runs, it stays.'),
    address: address('Address that each node gives itself for its agent, and that no network around the nodes has; 192.0.2.1 or 2001:db8::1 when absent. Once the cluster runs, it stays.'),
    resources: ref('Resources'),
    agentResources: ref('Resources'),
  }),
};
