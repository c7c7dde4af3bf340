import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict';
import type { HorizontalPodAutoscaler } from 'kubernetes-types/autoscaling/v2';
import type { Pod, ResourceQuota } from 'kubernetes-types/core/v1';
import type { EtcdName } from '../../../lib/model/names.ts';
import { applyControlPlane, differencesOf, leaderOf, readyReport, removeControlPlane, secretsOpened, type ControlPlane } from '../clusters/control-plane.ts';
import { etcdctlAt, healthyMembers, listedMembers } from '../clusters/etcd.ts';
import { checkAuditOutput, checkAuditVolume } from './life/audit.ts';
import { viewPolicies } from './life/connections.ts';
import { endpointsOf } from './life/endpoints.ts';
import { checkAnonymous, checkRights, checkStranger } from './life/rights.ts';
import { checkRollout } from './life/rollout.ts';
import { checkEncryption, checkEventsApart } from './life/storage.ts';
import { checkUpkeep } from './life/upkeep.ts';
import type { Lab, Story } from '../story.ts';
import { until } from '../host/until.ts';
import { explainPods, isReady, podsOf } from '../clusters/workloads.ts';

const [NAME, NEIGHBOUR] = ['life', 'minimal-v1-34'];

/** What asks its etcd for something, and ends. */
const JOBS = ['etcd-backup', 'etcd-defragmentation', 'etcd-replacement'];

/** A control plane with every option whose effect can be seen, and a neighbour that must not get at it. */
export const story: Story = {
  name: NAME,
  shows: 'a control plane with many options does what its definition says: members, Services, rights, encryption, audit, policies, upkeep, a change of its etcd',
  amongOthers: true,
  tell: async (lab) => {
    const { meta, say } = lab;
    const [plane, neighbour] = await Promise.all([applyControlPlane(meta, NAME), applyControlPlane(meta, NEIGHBOUR)]);
    for (const [stage, seconds] of Object.entries(plane.seconds)) lab.figure(NAME, `${stage} (s)`, seconds);
    await Promise.all([plane, neighbour].map((each) => secretsOpened(each, meta)));
    await checkScale(lab, plane);
    match(await readyReport(plane, meta), /\[\+\]etcd ok/);
    equal(await differencesOf(meta, NAME), '');

    const steps: Readonly<Record<string, () => Promise<void>>> = {
      'Services lead to the ready Pods that they mean': () => checkEndpoints(lab, plane),
      'the leaders are live Pods': () => checkLeaders(lab, plane),
      'both etcds have three members, each under its own identity': () => checkMembers(lab, plane),
      'nobody was replaced in an etcd that was not there': () => checkNobodyReplaced(lab, plane),
      'its names, its quota and its admission hold': () => checkOptions(lab, plane),
      'identities do what their groups may and no more': () => checkRights(meta, plane),
      'another cluster\'s super-admin is nobody here': () => checkStranger(meta, plane, neighbour),
      'another cluster\'s etcd is nobody here': () => checkForeignMember(lab, plane, neighbour),
      'anonymous clients get two paths': () => checkAnonymous(meta, plane),
      'Secrets are encrypted, here with aescbc': () => checkEncryption(meta, plane, 'aescbc'),
      'and there with secretbox': () => checkEncryption(meta, neighbour, 'secretbox'),
      'events have come to an etcd of their own': () => checkEventsApart(meta, plane),
      'the audit volume has what the policy says': () => checkAuditVolume(meta, plane),
      'and standard output what the default policy says': () => checkAuditOutput(meta, neighbour),
      'it is kept well, and keeps snapshots of itself': () => checkUpkeep(lab, plane),
      'the policies let through what must pass, and nothing else': () => checkPolicies(lab),
      'a setting rolls through both etcds under writes': () => checkRollout(lab, plane),
      'Services lead to the members again': () => checkEndpoints(lab, plane),
    };
    for (const [what, check] of Object.entries(steps)) await check().then(() => say(what));
    equal(await differencesOf(meta, NAME), '');
    await Promise.all([plane, neighbour].map((each) => removeControlPlane(meta, each)));
  },
};

/** An autoscaler without metrics still brings the fewest replicas. The manifest names none, so GitOps does not take them away. */
async function checkScale({ meta: { kubectl } }: Lab, { cluster: { namespace, components } }: ControlPlane): Promise<void> {
  const { min, max } = components.apiserver.autoscale ?? { min: 0, max: 0 };
  const servers = async (): Promise<Pod[]> => (await podsOf(kubectl, namespace, 'app.kubernetes.io/name=kube-apiserver')).filter(isReady);
  await until(`${min} API servers are ready`, 180, async () => (await servers()).length === min, () => explainPods(kubectl, namespace));
  const { spec, status } = await kubectl.get<HorizontalPodAutoscaler>('-n', namespace, 'hpa', 'kube-apiserver');
  deepEqual([spec?.minReplicas, spec?.maxReplicas, status?.desiredReplicas], [min, max, min]);
}

const podNames = async ({ meta }: Lab, { cluster: { namespace } }: ControlPlane, component: string): Promise<string[]> =>
  (await podsOf(meta.kubectl, namespace, `app.kubernetes.io/name=${component}`)).filter(isReady).map(({ metadata }) => metadata?.name ?? '').sort();

const memberNames = (etcd: EtcdName): string[] => [0, 1, 2].map((index) => `${etcd}-${index}`);

async function checkEndpoints(lab: Lab, plane: ControlPlane): Promise<void> {
  const names = (component: string): Promise<string[]> => podNames(lab, plane, component);
  const [servers, managers, schedulers] = [await names('kube-apiserver'), await names('kube-controller-manager'), await names('kube-scheduler')];
  deepEqual([servers, managers, schedulers].map((pods) => pods.length), [3, 3, 3]);
  deepEqual(await endpointsOf(lab.meta.kubectl, plane.cluster.namespace), {
    apiserver: servers, 'apiserver-external': servers, 'apiserver-v1-33': servers, 'apiserver-v1-34': servers,
    'kube-controller-manager': managers, 'kube-scheduler': schedulers,
    ...Object.fromEntries((['etcd', 'etcd-events'] as const).flatMap((etcd) => [[etcd, memberNames(etcd)], ...memberNames(etcd).map((member) => [member, [member]])])),
  });
}

async function checkLeaders(lab: Lab, plane: ControlPlane): Promise<void> {
  for (const component of ['kube-controller-manager', 'kube-scheduler']) {
    const [pod = ''] = (await leaderOf(plane, lab.meta, component)).split('_');
    ok((await podNames(lab, plane, component)).includes(pod), `${pod} leads, and is no ready Pod`);
  }
}

/** A member's name and its peers' URL are its Pod's; clients reach it, and no other one, by its own Service. */
async function checkMembers({ meta: { kubectl, definition } }: Lab, { cluster: { namespace } }: ControlPlane): Promise<void> {
  const domain = `${namespace}.svc.${definition.network.dnsDomain}`;
  for (const etcd of ['etcd', 'etcd-events'] as const) {
    const listed = await listedMembers(kubectl, namespace, etcd);
    deepEqual(listed.map(({ name, peerUrl }) => [name, peerUrl]), memberNames(etcd).map((member) => [member, `https://${member}.${etcd}.${domain}:2380`]));
    const clientUrls = memberNames(etcd).map((member) => `https://${member}.${domain}:2379`);
    deepEqual((await healthyMembers(kubectl, namespace, etcd)).sort(), clientUrls);
    const answers = await etcdctlAt(clientUrls.join(','), kubectl, namespace, etcd, 'endpoint', 'status', '--write-out=fields');
    const ids = [...answers.matchAll(/^"MemberID" : (\d+)$/gm)].map(([, id = '']) => BigInt(id).toString(16));
    deepEqual(ids, listed.map(({ id }) => id), 'who answers at each member\'s Service');
  }
}

/** The generation of a member in a definition is older than its cluster. */
async function checkNobodyReplaced({ meta: { kubectl } }: Lab, { cluster: { namespace } }: ControlPlane): Promise<void> {
  match(await kubectl.run(['-n', namespace, 'logs', '-l', 'app.kubernetes.io/name=etcd-replacement', '--tail=-1']), /this etcd is not there yet, so nobody is replaced/);
}

/** Further names in the certificate, the quota with room left, and what admission changes and refuses. */
async function checkOptions({ meta }: Lab, { cluster: { namespace }, kubectl }: ControlPlane): Promise<void> {
  for (const host of ['life.internal.test', '10.239.0.210']) match(await kubectl.run([`--tls-server-name=${host}`, 'get', '--raw', '/livez']), /ok/);
  match((await kubectl.attempt(['--tls-server-name=other.life.test', 'get', '--raw', '/livez'])).complaint, /certificate is valid for/);

  const { items } = await meta.kubectl.get<{ readonly items: ResourceQuota[] }>('-n', namespace, 'resourcequotas');
  deepEqual(items.flatMap(({ spec, status }) => Object.keys(spec?.hard ?? {}).filter((what) => status?.used?.[what] === undefined)), [], 'what the quota does not count');
  equal(await meta.kubectl.run(['-n', namespace, 'get', 'events', '--field-selector', 'reason=FailedCreate', '-o', 'jsonpath={.items[*].message}']), '');

  const pod = ['-n', 'default', 'run', 'probe', '--image=web.test/web:1', '--image-pull-policy=Never', '--dry-run=server', '-o', 'jsonpath={.spec.containers[0].imagePullPolicy}'];
  await until('the service account of namespace default is there', 60, async () => (await kubectl.names('-n', 'default', 'serviceaccounts')).length > 0, () => '');
  equal(await kubectl.run(pod), 'Always', 'AlwaysPullImages');
  match((await kubectl.attempt([...pod, '--privileged'])).complaint, /violates PodSecurity "baseline/);
}

/** This network lets it through; the member's own authority does not. */
async function checkForeignMember({ meta: { kubectl, definition } }: Lab, { cluster }: ControlPlane, { cluster: { namespace } }: ControlPlane): Promise<void> {
  const there = `https://etcd-0.${cluster.namespace}.svc.${definition.network.dnsDomain}:2379`;
  const ask = (...flags: readonly string[]): Promise<string> => etcdctlAt(there, kubectl, namespace, 'etcd', '--command-timeout=3s', ...flags, 'get', '/');
  await rejects(ask(), /certificate signed by unknown authority/, 'the stranger does not believe the member');
  await rejects(ask('--insecure-skip-tls-verify'), 'the member does not believe the stranger');
  const [stranger] = await podsOf(kubectl, namespace, 'app.kubernetes.io/name=etcd');
  const refusals = (await kubectl.run(['-n', cluster.namespace, 'logs', 'etcd-0', '--since=60s'])).split('\n').filter((line) => line.includes(`"remote-addr":"${stranger?.status?.podIP ?? ''}:`));
  match(refusals.at(-1) ?? '', /"rejected connection on client endpoint".*failed to verify certificate: x509: certificate signed by unknown authority/);
}

async function checkPolicies({ meta: { kubectl, machines } }: Lab): Promise<void> {
  const [ours, theirs] = [NAME, NEIGHBOUR].map((name) => `cp-${name}`) as [string, string];
  const { connections, idle } = await viewPolicies(kubectl, [ours, theirs], [
    { name: 'a machine', address: machines[1]?.address ?? '', ports: [6443, 10250] },
    { name: 'outside', address: '203.0.113.10', ports: [80, 443] },
    { name: 'metadata', address: '169.254.169.254', ports: [80] },
  ]);
  deepEqual(idle, [], 'policies that select no Pod');
  const alone = (namespace: string, more: readonly string[]): string[] => [
    ...['a machine', 'outside', 'metadata'].map((from) => `${from} > ${namespace}/kube-apiserver: 6443`),
    `${namespace}/kube-apiserver > a machine: 10250`,
    `${namespace}/kube-apiserver > outside: 443, 80`,
    `${namespace}/kube-apiserver > ${namespace}/etcd: 2379`,
    ...['kube-controller-manager', 'kube-scheduler'].map((from) => `${namespace}/${from} > ${namespace}/kube-apiserver: 6443`),
    ...['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', ...more].map((from) => `${namespace}/${from} > kube-system/kube-dns: 53, 53/udp`),
  ];
  deepEqual(connections, [
    ...alone(theirs, []),
    ...alone(ours, ['etcd-events', ...JOBS]),
    ...['etcd', 'etcd-events'].map((etcd) => `${ours}/${etcd} > ${ours}/${etcd}: 2379, 2380`),
    `${ours}/kube-apiserver > ${ours}/etcd-events: 2379`,
    ...JOBS.map((job) => `${ours}/${job} > ${ours}/etcd: 2379`),
    `${ours}/etcd-backup > outside: 80`,
  ].sort());
}
