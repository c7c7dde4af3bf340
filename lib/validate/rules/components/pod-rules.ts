import type { ClusterDefinition, EnvironmentVariable, ExtraVolume, Images } from '../../../model/definition.ts';
import { PATHS } from '../../../model/names.ts';
import type { Problem } from '../../../problem.ts';
import { quantityValue } from '../../../units.ts';
import { below } from '../../paths.ts';
import { inClusterGivenOf } from '../network/in-cluster-rules.ts';
import { tunnelsOf } from '../network/node-access-rules.ts';
import { componentsOf, repeatsOf, type ClusterRule } from '../../rule.ts';
import { error, quoted, warning } from '../../say.ts';

/** The Pods of a control plane: how many, from which images, with which volumes and variables, on which nodes. */
export const POD_RULES: readonly ClusterRule[] = [
  replicas, autoscale,
  (cluster) => componentsOf(cluster).flatMap(({ path, given }) => volumes(cluster.name, `${path}.extraVolumes`, given.extraVolumes ?? [])),
  (cluster) => componentsOf(cluster).flatMap(({ path, given }) => variables(cluster.name, `${path}.env`, given.env ?? [])),
  pinnedImages,
  (cluster) => registries(cluster.name, cluster.images),
  (cluster) => mirrorNames(cluster.name, cluster.images),
  (cluster) => digestNames(cluster.name, cluster.images),
  limits, tolerations,
  (cluster) => labels(cluster.name, 'masterNodeSelector', cluster.masterNodeSelector),
];

function replicas(...[cluster]: Parameters<ClusterRule>): Problem[] {
  return componentsOf(cluster).flatMap(({ binary, path, given }) => {
    const least = binary === 'kube-apiserver' ? Math.min(given.replicas ?? Number.POSITIVE_INFINITY, cluster.components?.apiserver?.autoscale?.min ?? Number.POSITIVE_INFINITY) : given.replicas;
    if (cluster.mode === 'standard' && least === 1) {
      return [error('replicas/mode', cluster.name, `${path}.${given.replicas === 1 ? 'replicas' : 'autoscale.min'}`, {
        what: `${binary} of a cluster in mode standard has one Pod.`,
        why: 'mode standard promises that the control plane survives the loss of a host.',
        fix: 'choose two or more, or mode minimal.',
      })];
    }
    return cluster.mode !== 'minimal' || given.replicas === undefined || given.replicas === 1 ? [] : [warning('replicas/mode', cluster.name, `${path}.replicas`, {
      what: `${binary} of a cluster in mode minimal has ${given.replicas} Pods.`,
      why: 'they are not kept on different hosts, and the single etcd member fails with its own.',
      fix: 'choose mode standard, or remove replicas.',
    })];
  });
}

function autoscale(...[{ name, components }]: Parameters<ClusterRule>): Problem[] {
  const { autoscale: range, replicas: fixed } = components?.apiserver ?? {};
  if (range === undefined) return [];
  return [
    ...(range.min <= range.max ? [] : [error('autoscale/range', name, 'components.apiserver.autoscale', {
      what: `autoscale.min ${range.min} is more than autoscale.max ${range.max}.`,
      why: 'Kubernetes refuses such an autoscaler.',
      fix: 'write the smaller number in min.',
    })]),
    ...(fixed === undefined ? [] : [error('autoscale/replicas', name, 'components.apiserver.replicas', {
      what: 'the API server has both replicas and autoscale.',
      why: 'every sync would put back the number that the autoscaler has just changed.',
      fix: 'remove replicas; autoscale.min is where it begins.',
    })]),
  ];
}

/** Folders of a container that are ours, and one that is everybody's. */
const OWNED_FOLDERS = ['/etc/kubernetes', PATHS.etcdConfig, PATHS.etcdData, PATHS.auditLog, PATHS.konnectivity, '/etc/ssl/certs', '/proc', '/sys', '/dev', '/usr/local/bin', '/var/run/secrets/kubernetes.io'];

/** Names that volumes of our own have in a Pod that takes others beside them. */
export const OWNED_VOLUMES: readonly string[] = [
  'apiserver', 'apiserver-etcd-client', 'apiserver-kubelet-client', 'apiserver-proxy', 'audit-log', 'client-ca', 'controller-manager', 'controller-manager-serving', 'encryption', 'front-proxy-client',
  'konnectivity', 'konnectivity-client', 'konnectivity-server', 'konnectivity-server-config', 'konnectivity-trust',
  'kube-apiserver-config', 'kube-controller-manager-config', 'kube-scheduler-config', 'kubelet-ca', 'scheduler', 'scheduler-serving', 'service-account', 'trust',
];

const isInside = (inner: string, outer: string): boolean => inner === outer || inner.startsWith(outer === '/' ? '/' : `${outer}/`);

function volumes(of: string, path: string, given: readonly ExtraVolume[]): Problem[] {
  const conflict = (at: string, what: string, why: string, fix: string): Problem => error('volumes/conflict', of, at, { what, why, fix });
  const folders = given.map(({ mountPath }) => mountPath.replace(/(.)\/+$/, '$1'));
  return [
    ...repeatsOf(given.map(({ name }) => name)).map(({ index, first, value }) => conflict(`${path}[${index}].name`,
      `volume ${value} stands twice; the first is ${path}[${first}].`, 'Kubernetes refuses a Pod with two volumes of one name.', 'choose another name.')),
    ...repeatsOf(folders).map(({ index, first, value }) => conflict(`${path}[${index}].mountPath`,
      `two volumes are mounted at ${value}; the first is ${path}[${first}].`, 'Kubernetes refuses a container with two mounts in one place.', 'choose another mountPath.')),
    ...given.flatMap(({ name }, index) => (OWNED_VOLUMES.includes(name) ? [conflict(`${path}[${index}].name`,
      `a volume of the component itself is called ${name}.`, 'Kubernetes refuses a Pod with two volumes of one name.', `choose another name, for example extra-${name}.`)] : [])),
    ...folders.flatMap((folder, index) => {
      const owned = OWNED_FOLDERS.find((candidate) => isInside(folder, candidate) || isInside(candidate, folder));
      if (owned === undefined && !folder.split('/').includes('..')) return [];
      return [conflict(`${path}[${index}].mountPath`, `mountPath ${quoted(folder)} ${owned === undefined ? 'goes up with ..' : `hides or lies in ${owned}`}.`,
        'certificates, configuration or data of the component would be hidden, and it would not start.', 'choose a folder of its own, for example /srv/extra.')];
    }),
  ];
}

/** Variables that the compiler sets, or that would send a component to the wrong API server. */
const OWNED_VARIABLES = ['POD_IP', 'POD_NAME', 'POD_NAMESPACE', 'KUBERNETES_SERVICE_HOST', 'KUBERNETES_SERVICE_PORT', 'KUBECONFIG'];

function variables(of: string, path: string, given: readonly EnvironmentVariable[]): Problem[] {
  const repeated = repeatsOf(given.map(({ name }) => name)).map(({ index, first, value }) => error('env/duplicate', of, `${path}[${index}].name`, {
    what: `variable ${value} stands twice; the first is ${path}[${first}].`,
    why: 'the last one would win, and server-side apply refuses the manifest.',
    fix: 'remove one of them.',
  }));
  const owned = given.flatMap(({ name }, index) => (!OWNED_VARIABLES.includes(name) ? [] : [error('env/owned', of, `${path}[${index}].name`, {
    what: `variable ${name} is set by hand.`,
    why: 'the component is told by it where and what it is.',
    fix: 'remove it, or choose another name.',
  })]));
  const sourceless = given.flatMap((variable, index) => {
    const sources = (['value', 'secret', 'configMap'] as const).filter((source) => variable[source] !== undefined);
    return sources.length === 1 ? [] : [error('env/source', of, `${path}[${index}]`, {
      what: `variable ${variable.name} has ${sources.length === 0 ? 'none' : sources.join(' and ')} of value, secret and configMap.`,
      why: 'exactly one of them says where its value comes from.',
      fix: 'keep exactly one.',
    })];
  });
  return [...repeated, ...owned, ...sourceless];
}

/** Every image that an author names whole, with the version that it should be of. */
function imagesOf(cluster: ClusterDefinition): { path: string; image: string; version: string | undefined }[] {
  const components = componentsOf(cluster);
  return [
    ...components.flatMap(({ path, given, version }) => (given.image === undefined ? [] : [{ path: `${path}.image`, image: given.image, version }])),
    ...(cluster.dns?.image === undefined ? [] : [{ path: 'dns.image', image: cluster.dns.image, version: cluster.dns.version }]),
    ...(cluster.etcd?.image === undefined ? [] : [{ path: 'etcd.image', image: cluster.etcd.image, version: cluster.etcd.version }]),
    ...components.flatMap(({ path, given }) => (given.extraVolumes ?? []).flatMap(({ source }, index) => (source.image === undefined ? [] : [
      { path: `${below(`${path}.extraVolumes`, index)}.source.image.reference`, image: source.image.reference, version: undefined },
    ]))),
  ];
}

/** What stands behind the colon of the last part; a port stands in the first. */
const tagOf = (image: string): string | undefined => image.replace(/@.*$/, '').split('/').at(-1)?.split(':')[1];

function pinnedImages(...[cluster]: Parameters<ClusterRule>): Problem[] {
  return imagesOf(cluster).flatMap(({ path, image, version }) => {
    const tag = tagOf(image);
    const digest = /@sha256:[0-9a-f]{64}$/.test(image);
    if (!digest && (tag === undefined || tag === 'latest')) {
      return [error('images/not-pinned', cluster.name, path, {
        what: `image ${quoted(image)} has neither a tag that stays nor a digest.`,
        why: 'the same manifest would run something else tomorrow, and a roll-back would not bring the old program back.',
        fix: 'add a tag with a version, or a digest: registry.example.com/name:v1.2.3.',
      })];
    }
    const [, tagged] = /^v?([0-9]+\.[0-9]+\.[0-9]+)/.exec(tag ?? '') ?? [];
    if (version === undefined || tagged === undefined || tagged === version) return [];
    return [error('images/version-mismatch', cluster.name, path, {
      what: `image ${quoted(image)} is of ${tagged}, but the definition says ${version}.`,
      why: 'flags and gates are chosen for the version that the definition says.',
      fix: 'write the same version in both places.',
    })];
  });
}

/** A registry is a host and a path: a scheme would become part of every image's name. */
export function registries(of: string, images: Images | undefined): Problem[] {
  const given = [
    { path: 'images.registry', registry: images?.registry ?? '' },
    ...Object.entries(images?.mirrors ?? {}).map(([from, registry]) => ({ path: below('images.mirrors', from), registry })),
  ];
  return given.filter(({ registry }) => registry.includes('://') || registry.includes('//')).map(({ path, registry }) => error('images/registry', of, path, {
    what: `${path} ${quoted(registry)} has a scheme or an empty part.`,
    why: 'no container runtime could read the names of the images.',
    fix: `write ${registry.replace(/^.*:\/\//, '') || 'mirror.example.com/k8s'}.`,
  }));
}

/** Mirrors are found by a registry, here and by container runtimes; a part of one would never be. */
export function mirrorNames(of: string, images: Images | undefined): Problem[] {
  return Object.keys(images?.mirrors ?? {}).filter((registry) => !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$/.test(registry)).map((registry) =>
    error('images/registry', of, below('images.mirrors', registry), {
      what: `${quoted(registry)} is not a host, with a port where it has one.`,
      why: 'images are told apart by their registry alone, and no mirror would be found by this.',
      fix: `write ${/^(?:[a-z]+:\/\/)?([a-z0-9][a-z0-9.-]*[a-z0-9])(?:[:/]|$)/.exec(registry)?.[1] ?? 'registry.k8s.io'}.`,
    }));
}

/** Digests are found by name and tag; a key with a registry before it would never be. */
export function digestNames(of: string, images: Images | undefined): Problem[] {
  return Object.keys(images?.digests ?? {}).filter((image) => !/^[a-z0-9._/-]+:[A-Za-z0-9._-]+$/.test(image) || /^[^/]*[.:][^/]*\//.test(image)).map((image) =>
    error('images/digest-name', of, below('images.digests', image), {
      what: `${quoted(image)} is not a name and a tag without a registry.`,
      why: 'no image would be found by it, and none be pinned.',
      fix: 'write it as kube-apiserver:v1.34.4.',
    }));
}

function limits(...[cluster]: Parameters<ClusterRule>): Problem[] {
  const containers = [
    ...componentsOf(cluster).map(({ path, given }) => ({ path: `${path}.resources`, resources: given.resources })),
    { path: 'nodes.access.resources', resources: tunnelsOf(cluster)?.resources }, { path: 'nodes.access.agentResources', resources: tunnelsOf(cluster)?.agentResources },
    { path: 'endpoint.expose.inCluster.resources', resources: inClusterGivenOf(cluster)?.resources }, { path: 'endpoint.expose.inCluster.agentResources', resources: inClusterGivenOf(cluster)?.agentResources },
    { path: 'etcd.resources', resources: cluster.etcd?.resources }, { path: 'etcd.events.resources', resources: cluster.etcd?.events?.resources },
    { path: 'dns.resources', resources: cluster.dns?.resources }, { path: 'metricsServer.resources', resources: cluster.metricsServer?.resources },
    ...(cluster.namespaces ?? []).map(({ defaults }, index) => ({ path: `namespaces[${index}].defaults`, resources: defaults })),
  ];
  return containers.flatMap(({ path, resources }) => (['cpu', 'memory'] as const).flatMap((kind) => {
    const [request, limit] = [resources?.requests?.[kind], resources?.limits?.[kind]];
    if (request === undefined || limit === undefined || !(quantityValue(request) > quantityValue(limit))) return [];
    return [error('resources/limit-below-request', cluster.name, `${path}.limits.${kind}`, {
      what: `limit ${limit} of ${kind} is less than the request ${request}.`,
      why: 'Kubernetes refuses such a container.',
      fix: 'raise the limit, or remove it.',
    })];
  }));
}

function tolerations(...[{ name, masterTolerations }]: Parameters<ClusterRule>): Problem[] {
  return (masterTolerations ?? []).flatMap(({ key, operator = 'Equal', value, effect, tolerationSeconds }, index) => {
    const faults = [
      ...(key === undefined && operator !== 'Exists' ? ['has no key, and its operator is not Exists'] : []),
      ...(operator === 'Exists' && value !== undefined ? ['has a value, which the operator Exists does not compare'] : []),
      ...(tolerationSeconds !== undefined && effect !== 'NoExecute' ? ['has tolerationSeconds, and its effect is not NoExecute'] : []),
    ];
    return faults.map((fault) => error('tolerations/invalid', name, `masterTolerations[${index}]`, {
      what: `the toleration ${fault}.`,
      why: 'Kubernetes refuses every Pod that carries it.',
      fix: 'write key with value, or operator Exists without value; tolerationSeconds goes with effect NoExecute.',
    }));
  });
}

const LABEL_KEY = /^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

/** Labels as Kubernetes takes them. */
export function labels(of: string, path: string, given: Readonly<Record<string, string>> | undefined): Problem[] {
  return Object.entries(given ?? {}).filter(([key, value]) => !LABEL_KEY.test(key) || !LABEL_VALUE.test(value)).map(([key, value]) => error('labels/invalid', of, below(path, key), {
    what: `${quoted(key)}: ${quoted(value)} is no label.`,
    why: 'Kubernetes refuses what carries it, and no node could match it.',
    fix: 'write at most 63 letters, digits, dashes, underscores and dots; a prefix before a slash is a DNS name.',
  }));
}
