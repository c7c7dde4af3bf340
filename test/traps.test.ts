import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { jobsOf } from '../lib/build/build.ts';
import { compileJob } from '../lib/build/compile-job.ts';
import type { OpenFleet } from '../lib/build/owners.ts';
import type { Manifest } from '../lib/model/manifest.ts';
import type { ClusterDefinition } from '../lib/model/definition.ts';
import { compileFleet, containersOf, flagOf, readBack, ROOT, templateOf, type Container, type PodTemplate, type ReadBack } from './support/compiled.ts';
import { opened } from './support/fleets.ts';

/** What generators get wrong, from one to this. */
const LAST = 31;

let open: OpenFleet;
let fleet: ReadonlyMap<string, readonly ReadBack[]>;

beforeAll(async () => {
  open = await opened(ROOT);
  fleet = new Map([...compileFleet(open)].map(([owner, compiled]) => [owner, readBack(compiled)]));
}, 120_000);

const CLUSTERS = ['sandbox', 'payments-prod', 'search-prod', 'batch', 'billing-legacy'] as const;
type Name = (typeof CLUSTERS)[number];

const manifestsOf = (cluster: string): readonly ReadBack[] => fleet.get(cluster) ?? [];
const isTenant = ({ path }: Pick<ReadBack, 'path'>): boolean => /\/tenant(-crds)?\//.test(path);
/** What is in the meta cluster; what is in the clusters themselves has other authors, and their names. */
const hosted = (): ReadBack[] => CLUSTERS.flatMap((cluster) => manifestsOf(cluster).filter((file) => !isTenant(file)));
const find = (cluster: Name, kind: string, name: string): Manifest => {
  const found = manifestsOf(cluster).find(({ manifest }) => manifest.kind === kind && manifest.metadata.name === name);
  if (found === undefined) throw new Error(`${cluster} has no ${kind} ${name}`);
  return found.manifest;
};
/** A field of a manifest by its path; `at(etcd, 'spec.volumeClaimTemplates.0.status.phase')`. */
const at = (value: unknown, path: string): unknown => path.split('.').reduce((inner: unknown, step) => (inner as Record<string, unknown> | undefined)?.[step], value);
const ofKind = (...kinds: readonly string[]): Manifest[] => hosted().map(({ manifest }) => manifest).filter(({ kind }) => kinds.includes(kind));
const templates = (): PodTemplate[] => hosted().flatMap(({ manifest }) => templateOf(manifest) ?? []);
const containers = (): Container[] => templates().flatMap(containersOf);
const named = (name: string): Container[] => containers().filter((container) => container.name === name);
const etcds = (): Container[] => [...named('etcd'), ...named('etcd-events')];

/** A cluster as it would be with another definition and the same lock; what differs from now, by path. */
function changed(cluster: Name, change: (definition: ClusterDefinition) => ClusterDefinition): string[] {
  const job = jobsOf(open).find(({ owner }) => owner.name === cluster);
  if (job === undefined) throw new Error(`no ${cluster}`);
  const now = new Map(manifestsOf(cluster).map(({ path, text }) => [path, text]));
  const { files, problems } = compileJob({ ...job, owner: { ...job.owner, definition: change(job.owner.definition as ClusterDefinition) } }, open);
  if (files.length === 0) throw new Error(problems.map(({ what }) => what).join('\n'));
  return files.filter(({ path, text }) => path.endsWith('.yaml') && now.get(path) !== text).map(({ path }) => path.slice(path.lastIndexOf('/') + 1));
}

/** A case whose expected problems or files show the rest of a trap. */
const told = (name: string, code: string): void => expect(readFileSync(`${ROOT}/test/cases/problems/${name}/problems.txt`, 'utf8')).toContain(code);

interface Trap {
  readonly trap: `T${number}`;
  readonly held: string;
  readonly holds: () => void;
}

const TRAPS: readonly Trap[] = [
  { trap: 'T1', held: 'claims grow as objects of their own, and the StatefulSet does not move', holds: () => {
    expect(at(find('payments-prod', 'StatefulSet', 'etcd'), 'spec.volumeClaimTemplates.0.spec.resources.requests.storage')).toBe('32Gi');
    expect(at(find('payments-prod', 'PersistentVolumeClaim', 'data-etcd-0'), 'spec.resources.requests.storage')).toBe('64Gi');
    const grown = changed('payments-prod', (definition) => ({ ...definition, etcd: { ...definition.etcd, storage: { claimTemplate: { storageClass: 'local-ssd', size: '32Gi', requestedSize: '128Gi' } } } }));
    expect(grown).toEqual(['persistentvolumeclaim-data-etcd-0.yaml', 'persistentvolumeclaim-data-etcd-1.yaml', 'persistentvolumeclaim-data-etcd-2.yaml']);
  } },
  { trap: 'T2', held: 'selectors are two labels for ever; a release changes no selector and no claim', holds: () => {
    for (const workload of ofKind('Deployment', 'StatefulSet')) expect(Object.keys(at(workload, 'spec.selector.matchLabels') as object)).toEqual(['app.kubernetes.io/name', 'kubewright.dev/cluster']);
    for (const set of ofKind('StatefulSet')) for (const claim of (at(set, 'spec.volumeClaimTemplates') ?? []) as { metadata: object }[]) expect(claim.metadata).toEqual({ name: 'data' });
    const released = changed('payments-prod', (definition) => ({ ...definition, kubernetes: '1.35.3' }));
    expect(released.filter((path) => /^(?:service-|statefulset|persistentvolumeclaim|poddisruptionbudget|networkpolicy)/.test(path))).toEqual([]);
  } },
  { trap: 'T3', held: 'a claim template says what the API server would add', holds: () => {
    const claims = ofKind('StatefulSet').flatMap((set) => (at(set, 'spec.volumeClaimTemplates') ?? []) as Manifest[]);
    expect(claims.length).toBeGreaterThan(0);
    for (const claim of claims) expect(claim).toMatchObject({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', spec: { volumeMode: 'Filesystem' }, status: { phase: 'Pending' } });
  } },
  { trap: 'T4', held: 'defaults that drift are written out, quantities are canonical', holds: () => {
    for (const port of containers().flatMap(({ ports = [] }) => ports)) expect(port.protocol).toBe('TCP');
    for (const { readinessProbe, livenessProbe } of containers()) for (const probe of [readinessProbe, livenessProbe]) if (probe !== undefined) expect(probe.httpGet.scheme).toMatch(/^HTTPS?$/);
    for (const { text, path } of hosted()) expect(text, path).not.toMatch(/(?:cpu|memory|storage): "?(?:\d*000m|\d+\.\d+)/);
  } },
  { trap: 'T5', held: 'no container has two ports, variables or mounts of one key', holds: () => {
    for (const { ports = [], env = [], volumeMounts = [] } of containers()) {
      const keys = [...ports.map(({ containerPort, protocol }) => `${containerPort}/${protocol}`), ...env.map(({ name }) => name), ...volumeMounts.map(({ mountPath }) => mountPath)];
      expect(new Set(keys).size).toBe(keys.length);
    }
  } },
  { trap: 'T6', held: 'no manifest is too large for the annotation of client-side apply', holds: () => {
    const largest = Math.max(...[...fleet.values()].flat().map(({ manifest }) => JSON.stringify(manifest).length));
    expect(largest).toBeLessThan(262_144 / 2);
  } },
  { trap: 'T7', held: 'a binding keeps its role: another role would be another name', holds: () => {
    const bindings = [...fleet.values()].flat().filter((file) => !isTenant(file)).map(({ manifest }) => manifest).filter(({ kind }) => kind.endsWith('RoleBinding'));
    expect(bindings.map((binding) => `${binding.kind} ${binding.metadata.name} -> ${String(at(binding, 'roleRef.kind'))} ${String(at(binding, 'roleRef.name'))}`).sort()).toEqual([
      'ClusterRoleBinding sealed-secrets-controller -> ClusterRole secrets-unsealer',
      'RoleBinding sealed-secrets-controller -> Role sealed-secrets-key-admin',
      'RoleBinding sealed-secrets-service-proxier -> Role sealed-secrets-service-proxier',
    ]);
  } },
  { trap: 'T8', held: 'who has an autoscaler has no replicas, everybody else has', holds: () => {
    const scaled = ofKind('HorizontalPodAutoscaler').map((scaler) => `${scaler.metadata.namespace} ${String(at(scaler, 'spec.scaleTargetRef.name'))}`);
    expect(scaled).toEqual(['cp-payments-prod kube-apiserver']);
    for (const workload of ofKind('Deployment', 'StatefulSet')) {
      expect(typeof at(workload, 'spec.replicas'), workload.metadata.name).toBe(scaled.includes(`${workload.metadata.namespace} ${workload.metadata.name}`) ? 'undefined' : 'number');
    }
  } },
  { trap: 'T9', held: 'an address is known beforehand, or there is none', holds: () => {
    expect(at(find('payments-prod', 'Service', 'apiserver-external'), 'spec.loadBalancerIP')).toBe('10.20.0.13');
    const advertised = named('kube-apiserver').map((container) => flagOf(container, 'advertise-address'));
    expect(advertised.sort()).toEqual(['$(POD_IP)', '10.20.0.12', '10.20.0.13', '10.20.0.14', '10.20.0.15']);
    const definitions = readFileSync(`${ROOT}/test/cases/problems/endpoint/an-address-for-a-name/problems.txt`, 'utf8');
    expect(definitions).toContain('endpoint/address');
  } },
  { trap: 'T10', held: 'the Namespace is protected, and in a part apart from what runs in it', holds: () => {
    for (const cluster of CLUSTERS) {
      const found = manifestsOf(cluster).filter((file) => file.manifest.kind === 'Namespace' && !isTenant(file));
      expect(found.map(({ path }) => path)).toEqual([`hangzhou-meta/clusters/${cluster}/data/namespace-cp-${cluster}.yaml`]);
    }
    const state = [...ofKind('Namespace', 'PersistentVolumeClaim', 'PersistentVolume', 'StatefulSet')];
    for (const { kind, metadata } of state) {
      expect(metadata.annotations, `${kind} ${metadata.name}`).toMatchObject({ 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false', 'kustomize.toolkit.fluxcd.io/prune': 'disabled' });
    }
  } },
  { trap: 'T11', held: 'initial-cluster names the real members; who replaces one joins what exists', holds: () => {
    const config = at(find('search-prod', 'ConfigMap', 'etcd-config'), 'data') as Record<string, string>;
    const lines = Object.values(config).map((text) => /^initial-cluster: (.*)$/m.exec(text)?.[1]);
    expect(new Set(lines).size).toBe(1);
    expect(lines[0]?.split(',').map((member) => member.split('=')[0])).toEqual(['etcd-0', 'etcd-1', 'etcd-2']);
    expect(Object.values(config).map((text) => /^initial-cluster-state: (.*)$/m.exec(text)?.[1])).toEqual(['new', 'new', 'existing']);
    const moved = changed('search-prod', (definition) => ({ ...definition, etcd: { ...definition.etcd, storage: definition.etcd?.storage ?? {}, members: [{ generation: 0 }, { generation: 1 }, { generation: 1 }] } }));
    expect(moved).toContain('configmap-etcd-config.yaml');
    expect(moved.filter((path) => !/^(?:configmap-etcd-config|job-etcd-1-replacement-1-[0-9a-f]+)\.yaml$/.test(path)), 'nothing that rolls the other members').toEqual([]);
  } },
  { trap: 'T12', held: 'all members start together, and an update waits until one has caught up', holds: () => {
    for (const set of ofKind('StatefulSet')) expect(set['spec']).toMatchObject({ podManagementPolicy: 'Parallel', updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } } });
    for (const etcd of etcds()) expect(etcd.readinessProbe?.httpGet).toMatchObject({ path: '/readyz', port: 'metrics' });
    for (const name of ['etcd', 'etcd-events']) expect(at(find('payments-prod', 'PodDisruptionBudget', name), 'spec.maxUnavailable')).toBe(1);
  } },
  { trap: 'T13', held: 'no liveness of etcd asks for quorum', holds: () => {
    expect(etcds().length).toBe(5);
    for (const etcd of etcds()) expect(etcd.livenessProbe?.httpGet).toMatchObject({ path: '/livez', port: 'metrics' });
  } },
  { trap: 'T14', held: 'a member that is not ready has a name all the same', holds: () => {
    const services = ofKind('Service').filter(({ metadata }) => /^etcd(?:-events)?(?:-\d)?$/.test(metadata.name));
    expect(services.length).toBeGreaterThan(10);
    for (const service of services) expect(at(service, 'spec.publishNotReadyAddresses'), service.metadata.name).toBe(true);
    expect(flagOf(named('defragment')[0] ?? { name: '', image: '' }, 'endpoints')?.split(',').map((url) => new URL(url).hostname.split('.')[0])).toEqual(['etcd-0', 'etcd-1', 'etcd-2']);
  } },
  { trap: 'T15', held: 'one job, one member after another, and never two jobs', holds: () => {
    for (const job of ofKind('CronJob')) expect(job['spec']).toMatchObject({ concurrencyPolicy: 'Forbid' });
    const [defragment] = named('defragment');
    expect([...(defragment?.command ?? []), defragment?.args?.at(-1)]).toEqual(['etcdctl', 'defrag']);
    // etcdctl takes endpoints in turn; with --cluster or a name of a balancer nobody would know which.
    expect(defragment?.args?.filter((arg) => /--cluster|svc-lb|apiserver/.test(arg))).toEqual([]);
  } },
  { trap: 'T16', held: 'not rendered: nothing in dist/ restores a snapshot, so nothing restores one wrongly', holds: () => {
    const restoring = hosted().filter(({ text }) => /\brestore\b/.test(text) && !/--bump-revision/.test(text));
    expect(restoring.map(({ path }) => path)).toEqual([]);
  } },
  { trap: 'T17', held: 'names in URLs are names in certificates, made from the namespace alone', holds: () => {
    for (const cluster of ['payments-prod', 'search-prod', 'sandbox'] as const) {
      const peer = new X509Certificate(certificateOf(cluster, 'etcd-peer'));
      const urls = Object.values(at(find(cluster, 'ConfigMap', 'etcd-config'), 'data') as Record<string, string>).map((text) => /^initial-advertise-peer-urls: (.*)$/m.exec(text)?.[1] ?? '');
      for (const url of urls) expect(peer.checkHost(new URL(url).hostname), url).toBeDefined();
    }
  } },
  { trap: 'T18', held: 'members are on different hosts; what is lost with its Pod is warned of', holds: () => {
    for (const cluster of ['payments-prod', 'search-prod'] as const) {
      expect(at(find(cluster, 'StatefulSet', 'etcd'), 'spec.template.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution.0.topologyKey')).toBe('kubernetes.io/hostname');
    }
    told('etcd/lost-with-its-pod', 'warning etcd/volatile');
  } },
  { trap: 'T19', held: 'a front proxy is no user: two authorities, and one name allowed', holds: () => {
    for (const cluster of CLUSTERS) {
      const trust = at(find(cluster, 'ConfigMap', 'trust'), 'data') as Record<string, string>;
      const [proxies, clients] = ['front-proxy-ca.crt', 'client-ca.crt'].map((key) => new X509Certificate(trust[key] ?? '').publicKey.export({ type: 'spki', format: 'pem' }));
      expect(proxies).not.toBe(clients);
    }
    for (const apiserver of named('kube-apiserver')) expect(flagOf(apiserver, 'requestheader-allowed-names')).toBe('front-proxy-client');
  } },
  { trap: 'T20', held: 'each signer has its own flags, and the one that excludes them is absent', holds: () => {
    for (const manager of named('kube-controller-manager')) {
      expect(flagOf(manager, 'cluster-signing-cert-file')).toBeUndefined();
      expect(manager.args?.filter((arg) => /^--cluster-signing-.*-(?:cert|key)-file=/.test(arg)).length).toBe(8);
    }
    told('arguments/flags', "components.controllerManager.args['cluster-signing-cert-file']");
  } },
  { trap: 'T21', held: 'one way to authenticate and one to authorize, none of the flags that it excludes', holds: () => {
    for (const apiserver of named('kube-apiserver')) {
      expect(apiserver.args?.filter((arg) => /^--(?:authorization-webhook|oidc-|anonymous-auth)/.test(arg))).toEqual([]);
      expect(flagOf(apiserver, 'authentication-config')).toBeDefined();
      expect([flagOf(apiserver, 'authorization-config'), flagOf(apiserver, 'authorization-mode')].filter((one) => one !== undefined).length, 'a file or modes').toBe(1);
    }
    told('arguments/flags', 'args/exclusive');
  } },
  { trap: 'T22', held: 'audiences follow from the issuer, and without it they are refused', holds: () => {
    for (const apiserver of named('kube-apiserver')) expect([flagOf(apiserver, 'api-audiences'), flagOf(apiserver, 'service-account-issuer') !== undefined]).toEqual([undefined, true]);
    told('arguments/flags', 'args/audiences');
  } },
  { trap: 'T23', held: 'no API server dies of etcd, and probes have time', holds: () => {
    expect(named('kube-apiserver').length).toBe(5);
    for (const { livenessProbe, readinessProbe } of named('kube-apiserver')) {
      expect(livenessProbe?.httpGet.path).toBe('/livez?exclude=etcd');
      expect(Math.min(livenessProbe?.timeoutSeconds ?? 0, readinessProbe?.timeoutSeconds ?? 0)).toBeGreaterThanOrEqual(5);
    }
  } },
  { trap: 'T24', held: 'the kubelet reaches every probe: nothing listens on loopback only', holds: () => {
    for (const component of [...named('kube-controller-manager'), ...named('kube-scheduler')]) expect(flagOf(component, 'bind-address')).toMatch(/^(?:0\.0\.0\.0|::)$/);
  } },
  { trap: 'T25', held: 'no Pod of a control plane has a token of the meta cluster', holds: () => {
    expect(templates().length).toBeGreaterThan(20);
    for (const { spec } of templates()) expect(spec['automountServiceAccountToken']).toBe(false);
  } },
  { trap: 'T26', held: 'no Pod gets its neighbours as variables', holds: () => {
    for (const { spec } of templates()) expect(spec['enableServiceLinks']).toBe(false);
  } },
  { trap: 'T27', held: 'the tenant\'s webhooks are not looked up in the meta cluster\'s DNS', holds: () => {
    for (const apiserver of named('kube-apiserver')) expect(flagOf(apiserver, 'enable-aggregator-routing')).toBe('true');
    const tunnelled = (cluster: Name): boolean => containersOf(templateOf(find(cluster, 'Deployment', 'kube-apiserver')) as PodTemplate).some((container) => flagOf(container, 'egress-selector-config-file') !== undefined);
    expect(CLUSTERS.filter(tunnelled)).toEqual(['sandbox', 'payments-prod', 'batch']);
    for (const { spec } of templates()) expect(at(spec, 'dnsConfig.options.0')).toEqual({ name: 'ndots', value: '2' });
  } },
  { trap: 'T28', held: 'what was written before is still read, and the key outlives a prune', holds: () => {
    for (const cluster of ['payments-prod', 'search-prod', 'sandbox'] as const) {
      const secret = find(cluster, 'SealedSecret', 'encryption');
      expect(JSON.stringify(at(secret, 'spec.template.data'))).toMatch(/- identity: \{\}/);
      expect(secret.metadata.annotations).toMatchObject({ 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false' });
    }
    for (const apiserver of named('kube-apiserver')) if (flagOf(apiserver, 'encryption-provider-config') !== undefined) expect(flagOf(apiserver, 'encryption-provider-config-automatic-reload')).toBe('true');
  } },
  { trap: 'T29', held: 'the issuer of tokens follows from the DNS domain, not from an address that may move', holds: () => {
    const issuers = CLUSTERS.map((cluster) => flagOf(containersOf(templateOf(find(cluster, 'Deployment', 'kube-apiserver')) ?? { metadata: { labels: {} }, spec: { containers: [] } }).at(-1) ?? { name: '', image: '' }, 'service-account-issuer'));
    expect(issuers).toEqual(CLUSTERS.map((cluster) => `https://kubernetes.default.svc.${cluster === 'search-prod' ? 'search' : 'cluster'}.local`));
  } },
  { trap: 'T30', held: 'no flag counts API servers, so that an autoscaler may', holds: () => {
    for (const apiserver of named('kube-apiserver')) {
      expect([flagOf(apiserver, 'apiserver-count'), flagOf(apiserver, 'server-count')]).toEqual([undefined, undefined]);
      expect(flagOf(apiserver, 'endpoint-reconciler-type')).toMatch(/^(?:none|lease)$/);
    }
    for (const server of named('konnectivity-server')) expect([flagOf(server, 'server-count'), flagOf(server, 'enable-lease-controller')]).toEqual([undefined, 'true']);
    const agents = CLUSTERS.flatMap((cluster) => manifestsOf(cluster).filter(({ manifest }) => manifest.kind === 'DaemonSet' && manifest.metadata.name === 'konnectivity-agent'));
    for (const { manifest } of agents) expect(containersOf(templateOf(manifest) as PodTemplate).map((agent) => flagOf(agent, 'count-server-leases'))).toEqual(['true']);
    expect([named('konnectivity-server').length, agents.length]).toEqual([3, 3]);
    expect(find('payments-prod', 'PodDisruptionBudget', 'kube-apiserver')['spec']).toMatchObject({ maxUnavailable: 1 });
  } },
  { trap: 'T31', held: 'kube-proxy is of the nodes\' release, and nothing of nodes is in a control plane', holds: () => {
    expect(containers().filter(({ image }) => /kube-proxy|coredns/.test(image))).toEqual([]);
    const imageOf = (kind: string, name: string): string => containersOf(templateOf(find('payments-prod', kind, name)) ?? { metadata: { labels: {} }, spec: { containers: [] } })[0]?.image ?? '';
    expect(imageOf('DaemonSet', 'kube-proxy')).toMatch(/kube-proxy:v1\.34\.4$/);
    expect(imageOf('Deployment', 'coredns')).toMatch(/coredns:v1\.13\.1$/);
    const upgraded = changed('payments-prod', (definition) => ({ ...definition, kubernetes: '1.35.3' }));
    expect(upgraded).toContain('deployment-kube-apiserver.yaml');
    expect(upgraded.filter((path) => path.startsWith('daemonset-')), 'no node is touched by an upgrade of the cluster').toEqual([]);
  } },
];

function certificateOf(cluster: Name, secret: string): string {
  return ((at(find(cluster, 'SealedSecret', secret), 'spec.template.data') ?? {}) as Record<string, string>)['tls.crt'] ?? '';
}

test.for(TRAPS)('$trap: $held', ({ holds }) => {
  holds();
  expect(expect.getState().assertionCalls).toBeGreaterThan(0);
});

test('every trap has one row', () => {
  expect(TRAPS.map(({ trap }) => trap)).toEqual(Array.from({ length: LAST }, (_, index) => `T${index + 1}`));
  expect(existsSync(`${ROOT}/test/cases/etcd/claims-that-have-grown/expected`)).toBe(true);
});
