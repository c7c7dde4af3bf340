import type { Pod } from 'kubernetes-types/core/v1';
import { endOf } from '../host/command.ts';
import type { Kubectl } from './kubectl.ts';
import { until } from '../host/until.ts';

/** Waits until a workload is rolled out in the revision that was applied last, and gives the seconds it took. */
export async function rolledOut(kubectl: Kubectl, namespace: string, workload: string, limitSeconds = 300): Promise<number> {
  const isOut = async (): Promise<boolean> => (await kubectl.attempt(['-n', namespace, 'rollout', 'status', workload, '--timeout=5s'])).code === 0;
  return until(`${workload} in ${namespace} is rolled out`, limitSeconds, isOut, () => explainPods(kubectl, namespace));
}

/** Waits until a Job is done, as a GitOps tool does before it goes on. */
export async function completed(kubectl: Kubectl, namespace: string, job: string, limitSeconds = 300): Promise<number> {
  const path = 'jsonpath={.status.conditions[?(@.type=="Complete")].status}';
  const isDone = async (): Promise<boolean> => (await kubectl.run(['-n', namespace, 'get', 'job', job, '-o', path])) === 'True';
  return until(`${job} in ${namespace} is done`, limitSeconds, isDone, () => explainPods(kubectl, namespace));
}

/** The Pods of a namespace; with labels, those that have them. */
export async function podsOf(kubectl: Kubectl, namespace: string, selector?: string): Promise<Pod[]> {
  const { items } = await kubectl.get<{ readonly items: Pod[] }>('-n', namespace, 'pods', ...(selector === undefined ? [] : ['-l', selector]));
  return items;
}

/** Whether a Pod serves, and is to go on doing so. */
export const isReady = ({ metadata, status }: Pod): boolean =>
  metadata?.deletionTimestamp === undefined && (status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false);

/** The machines of a component's ready Pods, sorted; one that has two of them stands there twice. */
export const hostsOfReady = async (kubectl: Kubectl, namespace: string, component: string): Promise<string[]> =>
  (await podsOf(kubectl, namespace, `app.kubernetes.io/name=${component}`)).filter(isReady).map(({ spec }) => spec?.nodeName ?? '').sort();

/** Why the Pods of a namespace are not ready: the scheduler's reason, the kubelet's, or the log of the first that fails. */
export async function explainPods(kubectl: Kubectl, namespace: string): Promise<string> {
  const pods = await podsOf(kubectl, namespace);
  const table = (await kubectl.attempt(['-n', namespace, 'get', 'pods', '-o', 'wide'])).out;
  const culprit = pods.find((pod) => !isReady(pod) && pod.status?.phase !== 'Succeeded');
  if (culprit === undefined) return `${table}${await recentEvents(kubectl, namespace)}`;
  return `${table}${await explainPod(kubectl, namespace, culprit)}`;
}

async function explainPod(kubectl: Kubectl, namespace: string, { metadata, status }: Pod): Promise<string> {
  const name = metadata?.name ?? '';
  const unscheduled = status?.conditions?.find(({ type, status: is }) => type === 'PodScheduled' && is === 'False');
  if (unscheduled) return `${name} has no node: ${unscheduled.message ?? ''}`;
  const started = status?.containerStatuses?.some(({ state, lastState }) => state?.running ?? state?.terminated ?? lastState?.terminated) ?? false;
  if (!started) return `${name} did not start:\n${await recentEvents(kubectl, namespace, name)}`;
  const again = status?.containerStatuses?.some(({ restartCount }) => restartCount > 0) ?? false;
  const log = await kubectl.attempt(['-n', namespace, 'logs', name, '--tail=30', ...(again ? ['--previous'] : [])]);
  return `The log of ${name}:\n${endOf(log.out || log.complaint)}\n${await recentEvents(kubectl, namespace, name)}`;
}

async function recentEvents(kubectl: Kubectl, namespace: string, name?: string): Promise<string> {
  const about = name === undefined ? [] : ['--field-selector', `involvedObject.name=${name}`];
  const columns = 'custom-columns=REASON:.reason,OBJECT:.involvedObject.name,MESSAGE:.message';
  const { out } = await kubectl.attempt(['-n', namespace, 'get', 'events', '--sort-by=.lastTimestamp', ...about, '-o', columns]);
  return out.split('\n').slice(-12).join('\n');
}

/** The nodes, and what the first that is not Ready says of itself. */
export async function explainNodes(kubectl: Kubectl): Promise<string> {
  const ready = '.status.conditions[?(@.type=="Ready")]';
  const columns = `custom-columns=NAME:.metadata.name,READY:${ready}.status,WHY:${ready}.message`;
  const { out, complaint } = await kubectl.attempt(['get', 'nodes', '-o', columns]);
  return out || complaint;
}
