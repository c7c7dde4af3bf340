import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import type { Lease } from 'kubernetes-types/coordination/v1';
import type { Secret } from 'kubernetes-types/core/v1';
import type { ResolvedCluster } from '../../../lib/model/resolved.ts';
import { applyControlPlane, differencesOf, readyReport, removeControlPlane, secretsOpened, tenantKubectl, type ControlPlane } from '../clusters/control-plane.ts';
import { hashesOf, healthyMembers } from '../clusters/etcd.ts';
import { editAndBuild, readResolved, renewCertificate } from '../fleet.ts';
import { livesOf, takeStep } from '../clusters/step.ts';
import type { Lab, Story } from '../story.ts';
import { secondsSince, until } from '../host/until.ts';
import { explainPods, hostsOfReady, isReady, podsOf } from '../clusters/workloads.ts';
import { demandNoneFailed, figuresOf, startWriter, type Writer } from '../load/writer.ts';

const NAME = 'steps';
const COMPONENTS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const;
type Component = (typeof COMPONENTS)[number];
const KUBERNETES: readonly Component[] = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];

/** A commit: what is written instead of what, and whose Pods are others afterwards. */
interface Step {
  readonly title: string;
  readonly edits: readonly (readonly [from: string, to: string])[];
  readonly rolls: readonly Component[];
}

/** While etcd rolls, each member may lead when its turn comes. */
const HANDOVERS = 3;

const release = (from: string, to: string): readonly [string, string] => [`kubernetes: '${from}'`, `kubernetes: '${to}'`];

/** In the words of docs/tasks/upgrade-a-cluster.md: where the new minor pairs another etcd, the present one is pinned first. */
const TO_1_34: readonly Step[] = [
  { title: 'a changed argument', edits: [[`'max-requests-inflight': '400'`, `'max-requests-inflight': '500'`]], rolls: ['kube-apiserver'] },
  { title: '1.33 to 1.34', edits: [['etcd: { storage', `etcd: { version: '3.5.35', storage`], release('1.33.13', '1.34.3')], rolls: KUBERNETES },
  { title: 'a patch release', edits: [release('1.34.3', '1.34.4')], rolls: KUBERNETES },
];
const ETCD: Step = { title: 'etcd 3.5 to 3.6', edits: [[`etcd: { version: '3.5.35', storage`, 'etcd: { storage']], rolls: ['etcd'] };
const TO_1_36: readonly Step[] = [
  { title: '1.34 to 1.35', edits: [release('1.34.4', '1.35.4')], rolls: KUBERNETES },
  { title: '1.35 to 1.36', edits: [release('1.35.4', '1.36.3')], rolls: KUBERNETES },
];

/** Everything that is changed in a running control plane as planned, one commit after another, from the oldest minor to the newest. */
export const story: Story = {
  name: NAME,
  shows: 'an argument, a patch release, a certificate, etcd and three minors change under writes and watches, and no request fails',
  amongOthers: true,
  tell: async (lab) => {
    const { meta } = lab;
    const plane = await applyControlPlane(meta, NAME);
    await readyReport(plane, meta);
    await secretsOpened(plane, meta);
    const writer = await startWriter(meta, plane);

    for (const step of TO_1_34) await take(lab, plane, writer, step, 0);
    const isServed = await renewLeaf(lab, plane, writer);
    await take(lab, plane, writer, ETCD, HANDOVERS);
    await isServed();
    for (const step of TO_1_36) await take(lab, plane, writer, step, HANDOVERS);

    const machines = meta.machines.map(({ name }) => name).sort();
    for (const component of ['etcd', 'kube-apiserver']) deepEqual(await hostsOfReady(meta.kubectl, plane.cluster.namespace, component), machines, `hosts of ${component}, after rollouts without a fourth host`);

    const written = await writer.end();
    for (const [what, value] of Object.entries(figuresOf(written))) lab.figure('all steps', what, value);
    const { lost, missed } = written;
    demandNoneFailed(written, HANDOVERS);
    deepEqual({ lost, missed }, { lost: [], missed: [] });
    equal(new Set(await hashesOf(meta.kubectl, plane.cluster.namespace)).size, 1, 'one content in three members');
    await removeControlPlane(meta, plane);
  },
};

/** One commit, compiled, applied and looked at, while clients go on; etcd's leader may have handed over so many times up to then. */
async function take(lab: Lab, { cluster: { namespace } }: ControlPlane, writer: Writer, { title, edits, rolls }: Step, handovers: number): Promise<void> {
  const { meta } = lab;
  const before = await livesOfAll(lab, namespace);
  const count = writer.members.countReady();
  const { seconds, stages } = await takeStep(meta, NAME, namespace, async () => {
    for (const [from, to] of edits) await editAndBuild('steps/cluster.ts', from, to);
  });
  lab.figure(title, 'applied (s)', seconds);
  lab.say(`${title}: applied ${stages.join(', ')}`);
  const { fewest, looks } = count();
  ok(fewest >= (rolls.includes('etcd') ? 2 : 3) && looks > 10, `${fewest} members of etcd were ready at some time, in ${looks} looks`);

  const cluster = readResolved<ResolvedCluster>(NAME);
  const plane = { cluster, kubectl: await tenantKubectl(meta, cluster, 'super-admin-kubeconfig') };
  for (const component of rolls) await oldPodsGone(lab, cluster, component, before[component]);
  if (rolls.includes('kube-scheduler')) for (const component of ['kube-controller-manager', 'kube-scheduler'] as const) await leads(lab, plane, title, component);
  await wentOn(lab, writer, title, handovers);

  const after = await livesOfAll(lab, namespace);
  for (const component of COMPONENTS) {
    if (rolls.includes(component)) deepEqual(after[component].filter((life) => before[component].includes(life)), [], `Pods of ${component} that are still the old ones`);
    else deepEqual(after[component], before[component], `Pods of ${component}, which nobody changed`);
  }
  match(await plane.kubectl.run(['version']), new RegExp(`Server Version: v${cluster.kubernetes.replaceAll('.', '\\.')}\\b`));
  equal((await healthyMembers(meta.kubectl, namespace)).length, 3, 'healthy members of etcd');
  equal(await differencesOf(meta, NAME), '');
}

/** No request has failed up to here, and there were some since. */
async function wentOn({ say }: Lab, writer: Writer, title: string, handovers: number): Promise<void> {
  await writer.goesOn(10);
  const { failures, acknowledged, postponed } = writer.soFar();
  say(`${title}: ${acknowledged.length} writes so far, ${postponed} requests postponed`);
  demandNoneFailed({ failures, dropped: await writer.members.dropped(failures.length) }, handovers);
}

async function livesOfAll({ meta }: Lab, namespace: string): Promise<Record<Component, readonly string[]>> {
  const entries = COMPONENTS.map(async (component) => [component, await livesOf(meta.kubectl, namespace, component)] as const);
  return Object.fromEntries(await Promise.all(entries)) as Record<Component, readonly string[]>;
}

/** Waits until the old Pods have ended too, and looks at what is left: the new ones, in the release that was asked for. */
async function oldPodsGone({ meta: { kubectl } }: Lab, { namespace, components, etcd }: ResolvedCluster, component: Component, before: readonly string[]): Promise<void> {
  const selector = `app.kubernetes.io/name=${component}`;
  const old = before.map((life) => life.split(' ')[1]);
  await until(`old Pods of ${component} are gone`, 120, async () => {
    const uids = (await podsOf(kubectl, namespace, selector)).map(({ metadata }) => metadata?.uid);
    return !uids.some((uid) => old.includes(uid));
  }, () => explainPods(kubectl, namespace));
  const images = { etcd: etcd?.image, 'kube-apiserver': components.apiserver.image, 'kube-controller-manager': components.controllerManager.image, 'kube-scheduler': components.scheduler.image };
  const pods = await podsOf(kubectl, namespace, selector);
  deepEqual(pods.map((pod) => [pod.spec?.containers[0]?.image, isReady(pod)]), Array(3).fill([images[component], true]));
  const path = 'jsonpath={range .items[*]}{.spec.replicas},{.status.replicas} {end}';
  const sets = (await kubectl.run(['-n', namespace, 'get', 'replicasets', '-l', selector, '-o', path])).trim().split(' ');
  if (component !== 'etcd') deepEqual(sets.filter((set) => set !== '0,0'), ['3,3'], `ReplicaSets of ${component} that have Pods`);
}

/** One of the Pods that are there now has the lease, and renews it. */
async function leads({ meta, figure }: Lab, { cluster, kubectl }: Omit<ControlPlane, 'seconds'>, title: string, component: Component): Promise<void> {
  const pods = (await podsOf(meta.kubectl, cluster.namespace, `app.kubernetes.io/name=${component}`)).map(({ metadata }) => metadata?.name ?? '');
  const seconds = await until(`${component} ${cluster.kubernetes} leads`, 120, async () => {
    const { spec } = await kubectl.get<Lease>('-n', 'kube-system', 'lease', component);
    return pods.includes(spec?.holderIdentity?.split('_')[0] ?? '') && Date.now() - Date.parse(String(spec?.renewTime)) < 15_000;
  }, () => explainPods(meta.kubectl, cluster.namespace));
  figure(title, `${component} leads (s)`, seconds);
}

/** Docs/tasks/renew-certificates.md: no Pod is another one afterwards. Gives a wait for the moment when every API server shows it. */
async function renewLeaf(lab: Lab, { cluster }: ControlPlane, writer: Writer): Promise<() => Promise<void>> {
  const { meta, figure } = lab;
  const { namespace } = cluster;
  const before = await livesOfAll(lab, namespace);
  const { stages } = await takeStep(meta, NAME, namespace, () => renewCertificate(NAME, 'apiserver'));
  deepEqual(stages, ['data']);
  const start = Date.now();
  return async () => {
    const { data } = await meta.kubectl.get<Secret>('-n', namespace, 'secret', 'apiserver');
    const expected = new X509Certificate(Buffer.from(data?.['tls.crt'] ?? '', 'base64')).fingerprint256;
    const pods = await podsOf(meta.kubectl, namespace, 'app.kubernetes.io/name=kube-apiserver');
    for (const { metadata, status } of pods) {
      const shown = (): Promise<string> => certificateOf(lab, status?.podIP ?? '', cluster.components.apiserver.securePort);
      await until(`${metadata?.name ?? ''} shows the new certificate`, 180, async () => (await shown()) === expected, shown);
    }
    figure('a renewed leaf', 'shown by all (s)', secondsSince(start));
    const after = await livesOfAll(lab, namespace);
    for (const component of KUBERNETES) deepEqual(after[component], before[component], `Pods of ${component}, which read the certificate again`);
    await wentOn(lab, writer, 'a renewed leaf', HANDOVERS);
  };
}

const SHOW = `const socket = require('node:tls').connect({ host: process.argv[1], port: process.argv[2], rejectUnauthorized: false }, () => {
  console.log(socket.getPeerCertificate().fingerprint256);
  socket.end();
});`;

/** Fingerprint of the certificate that one Pod shows. */
const certificateOf = async ({ meta }: Lab, address: string, port: number): Promise<string> =>
  (await meta.machines[0].run([process.execPath, '-e', SHOW, address, String(port)], { timeoutSeconds: 20 })).trim();
