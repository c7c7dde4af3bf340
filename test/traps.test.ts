import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { jobsOf, type Job } from '../lib/build/build.ts';
import { compileJob } from '../lib/build/compile-job.ts';
import type { OpenFleet } from '../lib/build/owners.ts';
import type { Manifest } from '../lib/model/manifest.ts';
import type { ClusterDefinition } from '../lib/model/definition.ts';
import { RELEASES } from '../lib/versions/releases.ts';
import { minorOf } from '../lib/versions/version.ts';
import { compileFleet, containersOf, flagOf, probesOf, readBack, ROOT, templateOf, type Container, type PodTemplate, type ReadBack } from './support/compiled.ts';
import { opened } from './support/fleets.ts';

/** How many traps there are: what generators of control planes get wrong, and what then happens. */
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
const jobOf = (cluster: string): Job => {
  const job = jobsOf(open).find(({ owner }) => owner.name === cluster);
  if (job === undefined) throw new Error(`no ${cluster}`);
  return job;
};
const definitionOf = (cluster: Name): ClusterDefinition => jobOf(cluster).owner.definition as ClusterDefinition;
/** A field of a manifest by its path; `at(etcd, 'spec.volumeClaimTemplates.0.status.phase')`. */
const at = (value: unknown, path: string): unknown => path.split('.').reduce((inner: unknown, step) => (inner as Record<string, unknown> | undefined)?.[step], value);
const ofKind = (...kinds: readonly string[]): Manifest[] => hosted().map(({ manifest }) => manifest).filter(({ kind }) => kinds.includes(kind));
const templates = (): PodTemplate[] => hosted().flatMap(({ manifest }) => templateOf(manifest) ?? []);
const containers = (): Container[] => templates().flatMap(containersOf);
const named = (name: string): Container[] => containers().filter((container) => container.name === name);
const etcds = (): Container[] => [...named('etcd'), ...named('etcd-events')];

const NO_PODS: PodTemplate = { metadata: { labels: {} }, spec: { containers: [] } };

/** What these listen on when no flag says where. */
const EVERYWHERE = '0.0.0.0';

/** Where each container listens for the kubelet, as `address:port`. */
const LISTENS: Readonly<Record<string, (container: Container, workload: Manifest) => readonly string[]>> = {
  'kube-apiserver': (container) => [`${flagOf(container, 'bind-address') ?? EVERYWHERE}:${flagOf(container, 'secure-port')}`],
  'konnectivity-server': (container) => [`${flagOf(container, 'health-bind-address') ?? EVERYWHERE}:${flagOf(container, 'health-port')}`],
  'kube-apiserver-proxy': (container) => [new URL(flagOf(container, 'status') ?? '').host],
  'kube-controller-manager': (container) => [`${flagOf(container, 'bind-address')}:${flagOf(container, 'secure-port')}`],
  'kube-scheduler': (container) => [`${flagOf(container, 'bind-address')}:${flagOf(container, 'secure-port')}`],
  etcd: (_, workload) => metricsOfMembers(workload),
  'etcd-events': (_, workload) => metricsOfMembers(workload),
};

function metricsOfMembers({ metadata: { name, namespace } }: Manifest): string[] {
  const map = ofKind('ConfigMap').find(({ metadata }) => metadata.namespace === namespace && metadata.name === `${name}-config`);
  const settings = Object.values(map?.['data'] as Record<string, string>).map((text) => parse(text) as Record<string, unknown>);
  return settings.flatMap((member) => String(member['listen-metrics-urls']).split(',')).map((url) => new URL(url).host);
}

/** A cluster as it would be with another definition and the same lock; what differs from now, by path. */
function changed(cluster: Name, change: (definition: ClusterDefinition) => ClusterDefinition): string[] {
  const job = jobOf(cluster);
  const now = new Map(manifestsOf(cluster).map(({ path, text }) => [path, text]));
  const { files, problems } = compileJob({ ...job, owner: { ...job.owner, definition: change(job.owner.definition as ClusterDefinition) } }, open);
  if (files.length === 0) throw new Error(problems.map(({ what }) => what).join('\n'));
  return files.filter(({ path, text }) => path.endsWith('.yaml') && now.get(path) !== text).map(({ path }) => path.slice(path.lastIndexOf('/') + 1));
}

/** A case whose expected problems or files show the rest of a trap. */
const told = (name: string, code: string): void => expect(readFileSync(`${ROOT}/test/cases/problems/${name}/problems.txt`, 'utf8')).toContain(code);

interface Trap {
  readonly trap: `T${number}`;
  /** What befalls those who do not know. */
  readonly wrong: string;
  /** What holds here instead. */
  readonly held: string;
  readonly holds: () => void;
}

const TRAPS: readonly Trap[] = [
  {
    trap: 'T1', wrong: 'What a StatefulSet says of its claims can never be changed, so that a larger size in its template is refused.',
    held: 'claims grow as objects of their own, and the StatefulSet does not move',
    holds: () => {
      expect(at(find('payments-prod', 'StatefulSet', 'etcd'), 'spec.volumeClaimTemplates.0.spec.resources.requests.storage')).toBe('32Gi');
      expect(at(find('payments-prod', 'PersistentVolumeClaim', 'data-etcd-0'), 'spec.resources.requests.storage')).toBe('64Gi');
      const grown = changed('payments-prod', (definition) => ({ ...definition, etcd: { ...definition.etcd, storage: { claimTemplate: { storageClass: 'local-ssd', size: '32Gi', requestedSize: '128Gi' } } } }));
      expect(grown).toEqual(['persistentvolumeclaim-data-etcd-0.yaml', 'persistentvolumeclaim-data-etcd-1.yaml', 'persistentvolumeclaim-data-etcd-2.yaml']);
    },
  },
  {
    trap: 'T2', wrong: 'Selectors and claim templates can never be changed: with a release among their labels, the next release is refused.',
    held: 'selectors are two labels for ever; a release changes no selector and no claim',
    holds: () => {
      for (const workload of ofKind('Deployment', 'StatefulSet')) expect(Object.keys(at(workload, 'spec.selector.matchLabels') as object)).toEqual(['app.kubernetes.io/name', 'kubewright.dev/cluster']);
      for (const set of ofKind('StatefulSet')) for (const claim of (at(set, 'spec.volumeClaimTemplates') ?? []) as { metadata: object }[]) expect(claim.metadata).toEqual({ name: 'data' });
      const released = changed('payments-prod', (definition) => ({ ...definition, kubernetes: '1.35.3' }));
      expect(released.filter((path) => /^(?:service-|statefulset|persistentvolumeclaim|poddisruptionbudget|networkpolicy)/.test(path))).toEqual([]);
    },
  },
  {
    trap: 'T3', wrong: 'The API server fills in what a claim template leaves out, and a tool that compares sees a difference for ever.',
    held: 'a claim template says what the API server would add',
    holds: () => {
      const claims = ofKind('StatefulSet').flatMap((set) => (at(set, 'spec.volumeClaimTemplates') ?? []) as Manifest[]);
      expect(claims.length).toBeGreaterThan(0);
      for (const claim of claims) expect(claim).toMatchObject({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', spec: { volumeMode: 'Filesystem' }, status: { phase: 'Pending' } });
    },
  },
  {
    trap: 'T4', wrong: 'What is left to defaults, and quantities written in another way, come back from the API server changed.',
    held: 'defaults that drift are written out, quantities are canonical',
    holds: () => {
      for (const port of containers().flatMap(({ ports = [] }) => ports)) expect(port.protocol).toBe('TCP');
      for (const probe of containers().flatMap(probesOf)) expect(probe.httpGet.scheme).toMatch(/^HTTPS?$/);
      for (const { text, path } of hosted()) expect(text, path).not.toMatch(/(?:cpu|memory|storage): "?(?:\d*000m|\d+\.\d+)/);
    },
  },
  {
    trap: 'T5', wrong: 'Server-side apply tells the entries of a list apart by their keys, and refuses two of one key.',
    held: 'no container has two ports, variables or mounts of one key',
    holds: () => {
      for (const { ports = [], env = [], volumeMounts = [] } of containers()) {
        const keys = [...ports.map(({ containerPort, protocol }) => `${containerPort}/${protocol}`), ...env.map(({ name }) => name), ...volumeMounts.map(({ mountPath }) => mountPath)];
        expect(new Set(keys).size).toBe(keys.length);
      }
    },
  },
  {
    trap: 'T6', wrong: 'Client-side apply keeps the whole object in an annotation, and all annotations together may have 262,144 bytes.',
    held: 'no manifest is too large for the annotation of client-side apply',
    holds: () => {
      const largest = Math.max(...[...fleet.values()].flat().map(({ manifest }) => JSON.stringify(manifest).length));
      expect(largest).toBeLessThan(262_144 / 2);
    },
  },
  {
    trap: 'T7', wrong: 'The role of a binding can never be changed: another role under the same name is refused.',
    held: 'no name of a binding stands for two roles, and what authors bind is called after its role',
    holds: () => {
      const bindings = [...fleet.values()].flat().map(({ manifest }) => manifest).filter(({ kind }) => kind.endsWith('RoleBinding'));
      const names = new Map(bindings.map((binding) => [`${binding.kind} ${binding.metadata.name} -> ${String(at(binding, 'roleRef.kind'))} ${String(at(binding, 'roleRef.name'))}`, binding]));
      expect(new Set([...names.values()].map(({ kind, metadata }) => `${kind} ${metadata.name}`)).size, 'one role for each').toBe(names.size);
      const isCalledAfterRole = (binding: Manifest): boolean => [String(at(binding, 'roleRef.name')), `kubewright:${String(at(binding, 'roleRef.name'))}`].includes(binding.metadata.name);
      expect([...names].filter(([, binding]) => !isCalledAfterRole(binding)).map(([name]) => name).sort(), 'names that somebody else has chosen').toEqual([
        'ClusterRoleBinding kubeadm:apiserver-kubelet-client -> ClusterRole system:kubelet-api-admin',
        'ClusterRoleBinding kubeadm:cluster-admins -> ClusterRole cluster-admin',
        'ClusterRoleBinding kubeadm:kubelet-bootstrap -> ClusterRole system:node-bootstrapper',
        'ClusterRoleBinding kubeadm:node-autoapprove-bootstrap -> ClusterRole system:certificates.k8s.io:certificatesigningrequests:nodeclient',
        'ClusterRoleBinding kubeadm:node-autoapprove-certificate-rotation -> ClusterRole system:certificates.k8s.io:certificatesigningrequests:selfnodeclient',
        'ClusterRoleBinding kubeadm:node-proxier -> ClusterRole system:node-proxier',
        'ClusterRoleBinding metrics-server:system:auth-delegator -> ClusterRole system:auth-delegator',
        'ClusterRoleBinding node-problem-detector -> ClusterRole system:node-problem-detector',
        'ClusterRoleBinding sealed-secrets-controller -> ClusterRole secrets-unsealer',
        'ClusterRoleBinding system:konnectivity-server -> ClusterRole system:auth-delegator',
        'RoleBinding metrics-server-auth-reader -> Role extension-apiserver-authentication-reader',
        'RoleBinding owners -> ClusterRole admin',
        'RoleBinding sealed-secrets-controller -> Role sealed-secrets-key-admin',
      ]);
      const rebound = changed('payments-prod', ({ bindings: [first, ...others] = [], namespaces: [inside, ...beside] = [], ...definition }) => ({
        ...definition,
        bindings: [{ ...first, clusterRole: 'edit' }, ...others],
        namespaces: [{ ...inside, name: 'payments', bindings: [{ clusterRole: 'view', groups: ['deployers'] }] }, ...beside],
      }));
      expect(rebound).toEqual(['rolebinding-kubewright%3aview@payments.yaml', 'clusterrolebinding-kubewright%3aedit.yaml']);
    },
  },
  {
    trap: 'T8', wrong: 'A number of replicas in a manifest takes back, with every sync, what an autoscaler has decided.',
    held: 'who has an autoscaler has no replicas, everybody else has',
    holds: () => {
      const scaled = ofKind('HorizontalPodAutoscaler').map((scaler) => `${scaler.metadata.namespace} ${String(at(scaler, 'spec.scaleTargetRef.name'))}`);
      expect(scaled).toEqual(['cp-payments-prod kube-apiserver']);
      for (const workload of ofKind('Deployment', 'StatefulSet')) {
        expect(typeof at(workload, 'spec.replicas'), workload.metadata.name).toBe(scaled.includes(`${workload.metadata.namespace} ${workload.metadata.name}`) ? 'undefined' : 'number');
      }
    },
  },
  {
    trap: 'T9', wrong: 'The address of a load balancer is known when it is there, and certificates and --advertise-address need it before.',
    held: 'an address is known beforehand, or there is none',
    holds: () => {
      expect(at(find('payments-prod', 'Service', 'apiserver-external'), 'spec.loadBalancerIP')).toBe('10.20.0.13');
      const advertised = named('kube-apiserver').map((container) => flagOf(container, 'advertise-address'));
      expect(advertised.sort()).toEqual(['$(POD_IP)', '10.20.0.12', '10.20.0.13', '10.20.0.15', '192.0.2.1']);
      const definitions = readFileSync(`${ROOT}/test/cases/problems/endpoint/an-address-for-a-name/problems.txt`, 'utf8');
      expect(definitions).toContain('endpoint/address');
    },
  },
  {
    trap: 'T10', wrong: 'Whoever deletes a Namespace deletes the claims in it, whatever these are annotated with.',
    held: 'the Namespace is protected, and in a part apart from what runs in it',
    holds: () => {
      for (const cluster of CLUSTERS) {
        const found = manifestsOf(cluster).filter((file) => file.manifest.kind === 'Namespace' && !isTenant(file));
        expect(found.map(({ path }) => path)).toEqual([`hangzhou-meta/clusters/${cluster}/data/namespace-cp-${cluster}.yaml`]);
      }
      const state = [...ofKind('Namespace', 'PersistentVolumeClaim', 'PersistentVolume', 'StatefulSet')];
      for (const { kind, metadata } of state) {
        expect(metadata.annotations, `${kind} ${metadata.name}`).toMatchObject({ 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false', 'kustomize.toolkit.fluxcd.io/prune': 'disabled' });
      }
    },
  },
  {
    trap: 'T11', wrong: 'A member with an empty disk believes initial-cluster: with an old list, or as one of a new cluster, it forms another etcd or stops.',
    held: 'initial-cluster names the real members; who replaces one joins what exists',
    holds: () => {
      const config = at(find('search-prod', 'ConfigMap', 'etcd-config'), 'data') as Record<string, string>;
      const lines = Object.values(config).map((text) => /^initial-cluster: (.*)$/m.exec(text)?.[1]);
      expect(new Set(lines).size).toBe(1);
      expect(lines[0]?.split(',').map((member) => member.split('=')[0])).toEqual(['etcd-0', 'etcd-1', 'etcd-2']);
      expect(Object.values(config).map((text) => /^initial-cluster-state: (.*)$/m.exec(text)?.[1])).toEqual(['new', 'new', 'existing']);
      const moved = changed('search-prod', (definition) => ({ ...definition, etcd: { ...definition.etcd, storage: definition.etcd?.storage ?? {}, members: [{ generation: 0 }, { generation: 1 }, { generation: 1 }] } }));
      expect(moved).toContain('configmap-etcd-config.yaml');
      expect(moved.filter((path) => !/^(?:configmap-etcd-config|job-etcd-1-replacement-1-[0-9a-f]+)\.yaml$/.test(path)), 'nothing that rolls the other members').toEqual([]);
    },
  },
  {
    trap: 'T12', wrong: 'No PodDisruptionBudget holds back an update, which may take the quorum; and members that start one by one never have one.',
    held: 'all members start together, and an update waits until one has caught up',
    holds: () => {
      for (const set of ofKind('StatefulSet')) expect(set['spec']).toMatchObject({ podManagementPolicy: 'Parallel', updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } } });
      for (const etcd of etcds()) expect(etcd.readinessProbe?.httpGet).toMatchObject({ path: '/readyz', port: 'metrics' });
      for (const name of ['etcd', 'etcd-events']) expect(at(find('payments-prod', 'PodDisruptionBudget', name), 'spec.maxUnavailable')).toBe(1);
    },
  },
  {
    trap: 'T13', wrong: 'A liveness probe that asks for the quorum ends the members that are left.',
    held: 'no liveness of etcd asks for quorum',
    holds: () => {
      expect(etcds().length).toBe(5);
      for (const etcd of etcds()) expect(etcd.livenessProbe?.httpGet).toMatchObject({ path: '/livez', port: 'metrics' });
    },
  },
  {
    trap: 'T14', wrong: 'A full member is not ready, so that a Service leaves it out, and nobody can connect to defragment it.',
    held: 'a member that is not ready has a name all the same',
    holds: () => {
      const services = ofKind('Service').filter(({ metadata }) => /^etcd(?:-events)?(?:-\d)?$/.test(metadata.name));
      expect(services.length).toBeGreaterThan(10);
      for (const service of services) expect(at(service, 'spec.publishNotReadyAddresses'), service.metadata.name).toBe(true);
      expect(flagOf(named('defragment')[0] ?? { name: '', image: '' }, 'endpoints')?.split(',').map((url) => new URL(url).hostname.split('.')[0])).toEqual(['etcd-0', 'etcd-1', 'etcd-2']);
    },
  },
  {
    trap: 'T15', wrong: 'Members that are defragmented at once all stand still; and behind a balancer nobody knows which one answers.',
    held: 'one job, one member after another, and never two jobs',
    holds: () => {
      for (const job of ofKind('CronJob')) expect(job['spec']).toMatchObject({ concurrencyPolicy: 'Forbid' });
      const [defragment] = named('defragment');
      expect([...(defragment?.command ?? []), defragment?.args?.at(-1)]).toEqual(['etcdctl', 'defrag']);
      // etcdctl takes endpoints in turn; with --cluster or a name of a balancer nobody would know which.
      expect(defragment?.args?.filter((arg) => /--cluster|svc-lb|apiserver/.test(arg))).toEqual([]);
    },
  },
  {
    trap: 'T16', wrong: 'A restored snapshot goes back in revisions, and whoever watches sees the past, unless the revision is raised.',
    held: 'not rendered: nothing in dist/ restores a snapshot, so nothing restores one wrongly',
    holds: () => {
      const restoring = hosted().filter(({ text }) => /\brestore\b/.test(text) && !/--bump-revision/.test(text));
      expect(restoring.map(({ path }) => path)).toEqual([]);
    },
  },
  {
    trap: 'T17', wrong: 'Peer URLs are part of the membership: another namespace or domain is no restart, but another list of members.',
    held: 'names in URLs are names in certificates, made from the namespace alone',
    holds: () => {
      for (const cluster of ['payments-prod', 'search-prod', 'sandbox'] as const) {
        const peer = new X509Certificate(certificateOf(cluster, 'etcd-peer'));
        const urls = Object.values(at(find(cluster, 'ConfigMap', 'etcd-config'), 'data') as Record<string, string>).map((text) => /^initial-advertise-peer-urls: (.*)$/m.exec(text)?.[1] ?? '');
        for (const url of urls) expect(peer.checkHost(new URL(url).hostname), url).toBeDefined();
      }
    },
  },
  {
    trap: 'T18', wrong: 'A host takes all members with it that it runs, and a Pod the data that it alone had.',
    held: 'members are on different hosts; what is lost with its Pod is warned of',
    holds: () => {
      for (const cluster of ['payments-prod', 'search-prod'] as const) {
        expect(at(find(cluster, 'StatefulSet', 'etcd'), 'spec.template.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution.0.topologyKey')).toBe('kubernetes.io/hostname');
      }
      told('etcd/lost-with-its-pod', 'warning etcd/volatile');
    },
  },
  {
    trap: 'T19', wrong: 'With one authority for clients and front proxies, every client may claim to be somebody else.',
    held: 'a front proxy is no user: two authorities, and one name allowed',
    holds: () => {
      for (const cluster of CLUSTERS) {
        const trust = at(find(cluster, 'ConfigMap', 'trust'), 'data') as Record<string, string>;
        const [proxies, clients] = ['front-proxy-ca.crt', 'client-ca.crt'].map((key) => new X509Certificate(trust[key] ?? '').publicKey.export({ type: 'spki', format: 'pem' }));
        expect(proxies).not.toBe(clients);
      }
      for (const apiserver of named('kube-apiserver')) expect(flagOf(apiserver, 'requestheader-allowed-names')).toBe('front-proxy-client');
    },
  },
  {
    trap: 'T20', wrong: 'The controller-manager exits when it is given a key for all signers beside those for single ones.',
    held: 'each signer has its own flags, and the one that excludes them is absent',
    holds: () => {
      for (const manager of named('kube-controller-manager')) {
        expect(flagOf(manager, 'cluster-signing-cert-file')).toBeUndefined();
        expect(manager.args?.filter((arg) => /^--cluster-signing-.*-(?:cert|key)-file=/.test(arg)).length).toBe(8);
      }
      told('arguments/flags', "components.controllerManager.args['cluster-signing-cert-file']");
    },
  },
  {
    trap: 'T21', wrong: 'The API server exits when it is told by a file and by flags how to authenticate, or how to authorize.',
    held: 'one way to authenticate and one to authorize, none of the flags that it excludes',
    holds: () => {
      for (const apiserver of named('kube-apiserver')) {
        expect(apiserver.args?.filter((arg) => /^--(?:authorization-webhook|oidc-|anonymous-auth)/.test(arg))).toEqual([]);
        expect(flagOf(apiserver, 'authentication-config')).toBeDefined();
        expect([flagOf(apiserver, 'authorization-config'), flagOf(apiserver, 'authorization-mode')].filter((one) => one !== undefined).length, 'a file or modes').toBe(1);
      }
      told('arguments/flags', 'args/exclusive');
    },
  },
  {
    trap: 'T22', wrong: 'With --api-audiences that leave out the issuer, tokens of ServiceAccounts are refused.',
    held: 'audiences follow from the issuer, and without it they are refused',
    holds: () => {
      for (const apiserver of named('kube-apiserver')) expect([flagOf(apiserver, 'api-audiences'), flagOf(apiserver, 'service-account-issuer') !== undefined]).toEqual([undefined, true]);
      told('arguments/flags', 'args/audiences');
    },
  },
  {
    trap: 'T23', wrong: 'A liveness probe that asks etcd ends all API servers when etcd stumbles, and one second is too short under load.',
    held: 'no API server dies of etcd, and probes have time',
    holds: () => {
      expect(named('kube-apiserver').length).toBe(5);
      for (const { livenessProbe, readinessProbe, startupProbe } of named('kube-apiserver')) {
        expect([livenessProbe?.httpGet.path, startupProbe?.httpGet.path]).toEqual(['/livez?exclude=etcd', '/livez?exclude=etcd']);
        expect(Math.min(livenessProbe?.timeoutSeconds ?? 0, readinessProbe?.timeoutSeconds ?? 0)).toBeGreaterThanOrEqual(5);
      }
    },
  },
  {
    trap: 'T24', wrong: 'kubeadm has the controller-manager and the scheduler listen on loopback; in a network of their own the kubelet does not reach them there.',
    held: 'whatever the kubelet asks, listens on all addresses of its Pod',
    holds: () => {
      const probed = hosted().flatMap(({ manifest }) => containersOf(templateOf(manifest) ?? NO_PODS).flatMap((container) => probesOf(container).map((probe) => ({ manifest, container, probe }))));
      for (const { manifest, container, probe } of probed) {
        const about = `${manifest.metadata.namespace} ${container.name} ${probe.httpGet.path}`;
        const port = container.ports?.find(({ name }) => name === probe.httpGet.port)?.containerPort;
        const open = (LISTENS[container.name]?.(container, manifest) ?? []).filter((address) => address.endsWith(`:${port}`));
        expect(open, about).not.toEqual([]);
        for (const address of open) expect(address, about).toMatch(/^(?:0\.0\.0\.0|\[::\]):\d+$/);
        expect(probe.httpGet, `${about}: at the address of the Pod`).not.toHaveProperty('host');
      }
      expect(probed.length).toBe(64);
    },
  },
  {
    trap: 'T25', wrong: 'Without a word to the contrary, the API server of somebody else holds a token of the meta cluster.',
    held: 'no Pod of a control plane has a token of the meta cluster',
    holds: () => {
      expect(templates().length).toBeGreaterThan(20);
      for (const { spec } of templates()) expect(spec['automountServiceAccountToken']).toBe(false);
    },
  },
  {
    trap: 'T26', wrong: 'Every Service becomes variables of every Pod in its namespace, and etcd takes all that begin with ETCD_ for its settings.',
    held: 'no Pod gets its neighbours as variables',
    holds: () => {
      for (const { spec } of templates()) expect(spec['enableServiceLinks']).toBe(false);
    },
  },
  {
    trap: 'T27', wrong: 'An API server that looks up the names of its webhooks asks the DNS of the meta cluster, which knows others by these names.',
    held: 'the tenant\'s webhooks are not looked up in the meta cluster\'s DNS',
    holds: () => {
      for (const apiserver of named('kube-apiserver')) expect(flagOf(apiserver, 'enable-aggregator-routing')).toBe('true');
      const tunnelled = (cluster: Name): boolean => containersOf(templateOf(find(cluster, 'Deployment', 'kube-apiserver')) as PodTemplate).some((container) => flagOf(container, 'egress-selector-config-file') !== undefined);
      expect(CLUSTERS.filter(tunnelled)).toEqual(['sandbox', 'payments-prod', 'batch']);
      for (const { spec } of templates()) expect(at(spec, 'dnsConfig.options.0')).toEqual({ name: 'ndots', value: '2' });
    },
  },
  {
    trap: 'T28', wrong: 'What was encrypted with a key that is gone can never be read again, nor what was stored in clear when nobody reads that.',
    held: 'what was written before is still read, and the key outlives a prune',
    holds: () => {
      for (const cluster of ['payments-prod', 'search-prod', 'sandbox'] as const) {
        const secret = find(cluster, 'SealedSecret', 'encryption');
        expect(JSON.stringify(at(secret, 'spec.template.data'))).toMatch(/- identity: \{\}/);
        expect(secret.metadata.annotations).toMatchObject({ 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false' });
      }
      for (const apiserver of named('kube-apiserver')) if (flagOf(apiserver, 'encryption-provider-config') !== undefined) expect(flagOf(apiserver, 'encryption-provider-config-automatic-reload')).toBe('true');
    },
  },
  {
    trap: 'T29', wrong: 'With another issuer every token that a Pod holds is refused.',
    held: 'the issuer of tokens follows from the DNS domain, not from an address that may move',
    holds: () => {
      const issuers = CLUSTERS.map((cluster) => flagOf(containersOf(templateOf(find(cluster, 'Deployment', 'kube-apiserver')) ?? { metadata: { labels: {} }, spec: { containers: [] } }).at(-1) ?? { name: '', image: '' }, 'service-account-issuer'));
      expect(issuers).toEqual(CLUSTERS.map((cluster) => `https://kubernetes.default.svc.${cluster === 'search-prod' ? 'search' : 'cluster'}.local`));
    },
  },
  {
    trap: 'T30', wrong: 'A number of API servers in a flag is wrong as soon as an autoscaler adds one.',
    held: 'no flag counts API servers, so that an autoscaler may',
    holds: () => {
      for (const apiserver of named('kube-apiserver')) {
        expect([flagOf(apiserver, 'apiserver-count'), flagOf(apiserver, 'server-count')]).toEqual([undefined, undefined]);
        expect(flagOf(apiserver, 'endpoint-reconciler-type')).toMatch(/^(?:none|lease)$/);
      }
      for (const server of named('konnectivity-server')) expect([flagOf(server, 'server-count'), flagOf(server, 'enable-lease-controller')]).toEqual([undefined, 'true']);
      const agents = CLUSTERS.flatMap((cluster) => manifestsOf(cluster).filter(({ manifest }) => manifest.kind === 'DaemonSet' && manifest.metadata.name === 'konnectivity-agent'));
      for (const { manifest } of agents) expect(containersOf(templateOf(manifest) as PodTemplate).map((agent) => flagOf(agent, 'count-server-leases'))).toEqual(['true']);
      expect([named('konnectivity-server').length, agents.length]).toEqual([3, 3]);
      expect(find('payments-prod', 'PodDisruptionBudget', 'kube-apiserver')['spec']).toMatchObject({ maxUnavailable: 1 });
    },
  },
  {
    trap: 'T31', wrong: 'kube-proxy runs beside a kubelet, and nodes may stay a release behind: who takes its release from the control plane changes such nodes.',
    held: 'kube-proxy is of the nodes\' release: it follows the control plane, unless nodes.kubernetes is pinned; CoreDNS always follows',
    holds: () => {
      expect(containers().filter(({ image }) => /kube-proxy|coredns/.test(image)), 'in the meta cluster').toEqual([]);
      expect(CLUSTERS.filter((cluster) => definitionOf(cluster).nodes?.kubernetes !== undefined), 'pinned').toEqual(['payments-prod']);
      for (const cluster of CLUSTERS) {
        const { kubernetes, nodes, network } = definitionOf(cluster);
        const hasProxy = network.kubeProxy?.enabled !== false;
        const imagesOf = (program: string): string[] => manifestsOf(cluster).filter(isTenant).flatMap(({ manifest }) => containersOf(templateOf(manifest) ?? NO_PODS))
          .map(({ image }) => image.slice(image.lastIndexOf('/') + 1)).filter((image) => image.startsWith(`${program}:`));
        expect(imagesOf('kube-proxy'), cluster).toEqual(hasProxy ? [`kube-proxy:v${nodes?.kubernetes ?? kubernetes}`] : []);
        expect(imagesOf('coredns'), cluster).toEqual([`coredns:v${RELEASES[minorOf(kubernetes)].coredns}`]);
        const upgraded = changed(cluster, (definition) => ({ ...definition, kubernetes: `${minorOf(kubernetes)}.99` }));
        expect(upgraded, cluster).toContain('deployment-kube-apiserver.yaml');
        expect(upgraded.filter((path) => path.startsWith('daemonset-')), `${cluster}: what an upgrade changes on nodes`)
          .toEqual(hasProxy && nodes?.kubernetes === undefined ? ['daemonset-kube-proxy@kube-system.yaml'] : []);
      }
    },
  },
];

function certificateOf(cluster: Name, secret: string): string {
  return ((at(find(cluster, 'SealedSecret', secret), 'spec.template.data') ?? {}) as Record<string, string>)['tls.crt'] ?? '';
}

test.for(TRAPS)('$trap: $held', ({ holds }) => {
  holds();
  expect(expect.getState().assertionCalls).toBeGreaterThan(0);
});

test('no row was lost, and each tells of a trap of its own', () => {
  expect(TRAPS.map(({ trap }) => trap)).toEqual(Array.from({ length: LAST }, (_, index) => `T${index + 1}`));
  expect(new Set(TRAPS.map(({ wrong }) => wrong)).size).toBe(LAST);
});
