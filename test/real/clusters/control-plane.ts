import type { Secret, Service } from 'kubernetes-types/core/v1';
import type { Lease } from 'kubernetes-types/coordination/v1';
import type { ResolvedCluster } from '../../../lib/model/resolved.ts';
import { programPath } from '../binaries/build.ts';
import { imagesIn, readManifest, readResolved, stagesOf, type Stage } from '../fleet.ts';
import { apply, differencesTo, kubectlOf, type Kubectl } from './kubectl.ts';
import { nameHosts, provideImages } from '../host/machines.ts';
import type { MetaCluster } from './meta.ts';
import { secondsSince, until } from '../host/until.ts';
import { makeVolumes, removeVolumes, volumesOf } from './volumes.ts';
import { completed, explainPods, isReady, podsOf, rolledOut } from './workloads.ts';

/** A hosted control plane that runs. */
export interface ControlPlane {
  readonly cluster: ResolvedCluster;
  /** kubectl of its own minor, with the identity that may do everything. */
  readonly kubectl: Kubectl;
  /** Seconds until each stage was healthy, and from the first manifest to the last stage. */
  readonly seconds: Readonly<Record<string, number>>;
}

const META_KINDS = /^(Deployment|StatefulSet|DaemonSet)$/;

/** What leads clients to a cluster's API server. */
export type Expose = (meta: MetaCluster, cluster: ResolvedCluster) => Promise<void>;

/** Applies what the compiler wrote, part by part, stage by stage; each is healthy before the next one is applied. */
export async function applyControlPlane(meta: MetaCluster, name: string, expose: Expose = exposeEndpoint): Promise<ControlPlane> {
  const cluster = readResolved<ResolvedCluster>(name);
  const stages = allStages(meta, name);
  await Promise.all(meta.machines.map((machine) => provideImages(machine, imagesIn(stages.flatMap(({ files }) => files)))));
  await goneBefore(meta, cluster);
  await makeVolumes(meta, cluster);
  const seconds = await applyStages(meta.kubectl, cluster.namespace, stages);
  await expose(meta, cluster);
  return { cluster, seconds, kubectl: await tenantKubectl(meta, cluster, 'super-admin-kubeconfig') };
}

/** Everything of a cluster, in the order in which it is applied. */
export const allStages = (meta: Pick<MetaCluster, 'name'>, name: string): Stage[] =>
  [...stagesOf(meta.name, name, 'data'), ...stagesOf(meta.name, name, 'control-plane')];

/** What differs between the manifests of a cluster and what the meta cluster has made of them. */
export const differencesOf = (meta: MetaCluster, name: string): Promise<string> =>
  differencesTo(meta.kubectl, allStages(meta, name).flatMap(({ files }) => files));

async function applyStages(kubectl: Kubectl, namespace: string, stages: readonly Stage[]): Promise<Record<string, number>> {
  const seconds: Record<string, number> = {};
  const start = Date.now();
  for (const stage of stages) {
    const begin = Date.now();
    await applyStage(kubectl, namespace, stage);
    seconds[stage.name] = secondsSince(begin);
  }
  return { ...seconds, 'apply to ready': secondsSince(start) };
}

/** Applies one stage, or what changed in it, and waits for its workloads, as a GitOps tool waits for health. */
export async function applyStage(kubectl: Kubectl, namespace: string, { files }: Stage, changed = files): Promise<void> {
  await apply(kubectl, changed);
  for (const { kind, metadata } of files.map(readManifest)) {
    if (META_KINDS.test(kind)) await rolledOut(kubectl, namespace, `${kind.toLowerCase()}/${metadata.name}`);
    if (kind === 'Job') await completed(kubectl, namespace, metadata.name);
  }
}

/** A kubeconfig that the Sealed Secrets controller opened. */
export async function tenantKubeconfig({ kubectl }: MetaCluster, { namespace }: ResolvedCluster, secret: string): Promise<string> {
  const { data } = await kubectl.get<Secret>('-n', namespace, 'secret', secret);
  return Buffer.from(data?.['kubeconfig'] ?? '', 'base64').toString();
}

/** kubectl for the tenant, with a kubeconfig that the Sealed Secrets controller opened. */
export async function tenantKubectl(meta: MetaCluster, cluster: ResolvedCluster, secret: string): Promise<Kubectl> {
  const [machine] = meta.machines;
  const path = `/run/${cluster.name}-${secret}`;
  await machine.run(['sh', '-c', `umask 077 && cat > ${path}`], { input: await tenantKubeconfig(meta, cluster, secret) });
  return kubectlOf(machine, await programPath(`kubernetes-${cluster.minor}`, 'kubectl'), path);
}

/** What DNS and a cloud's load balancer do: the endpoint's name leads to its address, and the address to the Service. */
export async function exposeEndpoint(meta: MetaCluster, cluster: ResolvedCluster): Promise<void> {
  const [{ machines, kubectl }, { endpoint, namespace }] = [meta, cluster];
  const address = await addressOf(meta, cluster);
  for (const machine of machines) await nameHosts(machine, namesOf(cluster, address));
  if (endpoint.expose.type !== 'loadBalancer') return;
  const status = { status: { loadBalancer: { ingress: [{ ip: address }] } } };
  await kubectl.run(['-n', namespace, 'patch', 'service', 'apiserver-external', '--subresource=status', '--type=merge', '-p', JSON.stringify(status)]);
  await until('the load balancer has its address', 30, async () => {
    const service = await kubectl.get<Service>('-n', namespace, 'service', 'apiserver-external');
    return service.status?.loadBalancer?.ingress?.[0]?.ip === address;
  }, () => explainPods(kubectl, namespace));
}

/** What stands in DNS: the name of the endpoint, and where agents dial another one, that too. */
export const namesOf = ({ endpoint, nodes: { access } }: ResolvedCluster, address: string): Record<string, string> =>
  ({ [endpoint.host]: address, ...(access.type === 'konnectivity' ? { [access.host]: address } : {}) });

/** Where DNS leads the endpoint's name: to its address, or to an API server's Pod. */
export async function addressOf({ kubectl }: MetaCluster, { endpoint, namespace }: ResolvedCluster): Promise<string> {
  if (endpoint.address !== null) return endpoint.address;
  const [pod] = (await podsOf(kubectl, namespace, 'app.kubernetes.io/name=kube-apiserver')).filter(isReady);
  if (pod?.status?.podIP === undefined) throw new Error(`no API server of ${namespace} is ready`);
  return pod.status.podIP;
}

/** Waits until the endpoint's name leads to an API server: whatever leads there is told a moment later than we are. */
export const answersByName = ({ kubectl: meta }: MetaCluster, { cluster, kubectl }: ControlPlane): Promise<number> =>
  until(`${cluster.endpoint.host} leads to an API server`, 60, async () => (await kubectl.attempt(['get', '--raw', '/readyz'])).code === 0, () => explainPods(meta, cluster.namespace));

/** Waits until the tenant's API server says that every check of its own passes, and gives what it says. */
export async function readyReport({ cluster, kubectl }: ControlPlane, meta: MetaCluster): Promise<string> {
  let report = '';
  const isReady = async (): Promise<boolean> => (report = await kubectl.run(['get', '--raw', '/readyz?verbose'])).includes('readyz check passed');
  await until(`the API server of ${cluster.name} is ready`, 120, isReady, () => explainPods(meta.kubectl, cluster.namespace));
  return report;
}

/** Waits until the controller has opened every SealedSecret, those of the second time too. */
export async function secretsOpened({ cluster: { namespace } }: ControlPlane, { kubectl }: MetaCluster): Promise<void> {
  const path = 'jsonpath={range .items[*]}{.metadata.name}={.status.conditions[?(@.type=="Synced")].status}{"\\n"}{end}';
  const states = async (): Promise<string[]> => (await kubectl.run(['-n', namespace, 'get', 'sealedsecrets', '-o', path])).trim().split('\n');
  const left = async (): Promise<string[]> => (await states()).filter((state) => !state.endsWith('=True'));
  await until(`every SealedSecret of ${namespace} is synced`, 60, async () => (await left()).length === 0, async () => (await left()).join(', '));
}

/** Waits until a component has elected its leader, and gives the leader's name. */
export async function leaderOf({ cluster, kubectl }: ControlPlane, meta: MetaCluster, component: string): Promise<string> {
  let leader = '';
  const isElected = async (): Promise<boolean> => {
    const { spec } = await kubectl.get<Lease>('-n', 'kube-system', 'lease', component);
    leader = spec?.holderIdentity ?? '';
    return leader !== '';
  };
  await until(`${component} of ${cluster.name} has a leader`, 120, isElected, () => explainPods(meta.kubectl, cluster.namespace));
  return leader;
}

/** Removes a control plane, so that the next story has the room. Its namespace goes meanwhile: nobody needs to wait for that but who makes it again. */
export async function removeControlPlane(meta: MetaCluster, { cluster }: ControlPlane): Promise<void> {
  if (meta.keeps) return;
  const { kubectl } = meta;
  const { namespace } = cluster;
  await kubectl.run(['label', 'namespace', namespace, 'kubewright.dev/state=decommissioning', '--overwrite']);
  await kubectl.run(['delete', 'namespace', namespace, '--wait=false']);
  // In a namespace that ends nothing new is made, and nobody waits for these to leave in order.
  await kubectl.run(['-n', namespace, 'delete', 'pods', '--all', '--grace-period=1', '--timeout=120s']);
  await removeVolumes(meta, cluster);
}

/** Waits until nothing is left of an earlier control plane of this name. */
async function goneBefore({ kubectl }: MetaCluster, cluster: ResolvedCluster): Promise<void> {
  const left = async (): Promise<string[]> => [
    ...await kubectl.names('namespace', cluster.namespace, '--ignore-not-found'),
    ...await kubectl.names('persistentvolume', '-l', volumesOf(cluster)),
  ];
  await until(`nothing is left of an earlier ${cluster.name}`, 180, async () => (await left()).length === 0, async () => (await left()).join(', '));
}
