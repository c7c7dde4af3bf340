import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { Deployment } from 'kubernetes-types/apps/v1';
import { applicationsOf, endSync } from '../../clusters/delivery/argocd.ts';
import { kustomizationsOf } from '../../clusters/delivery/flux.ts';
import { settles } from '../../clusters/delivery/tool.ts';
import { explainPods } from '../../clusters/workloads.ts';
import { editAndBuild } from '../../fleet.ts';
import { secondsSince, until } from '../../host/until.ts';
import { CHANGED, OTHER, type Delivered } from './begin.ts';
import { push } from './commit.ts';
import { writesOf, type Write } from './writes.ts';

const DEFINITION = 'clusters.ts';
const tuned = (name: string): string => `const OF_ALDER = { NOW, LATER, BROKEN }.${name};`;
const [SERVER, MANAGER] = ['kube-apiserver', 'kube-controller-manager'];

/** One commit changes one cluster in two stages. */
export async function changeInOrder(delivered: Delivered): Promise<void> {
  const { meta, tool, figure, say, planes } = delivered;
  const [{ namespace }, other] = [planes[CHANGED].cluster, planes[OTHER].cluster.namespace];
  await editAndBuild(DEFINITION, tuned('NOW'), tuned('LATER'));
  const since = Date.now();
  const commit = await push(delivered, 'Two arguments');
  figure(tool.name, 'a change of one cluster, to healthy (s)', await settles(tool, commit));
  const writes = writesOf(meta, tool.agent, since);
  deepEqual(writes.filter(({ object }) => object.includes(` ${other}/`)), [], 'what was written for the other cluster');
  const written = (name: string): Write | undefined => writes.find(({ object }) => object === `deployments ${namespace}/${name}`);
  const [server, manager] = [written(SERVER), written(MANAGER)];
  const out = await rolledOutAt(delivered, namespace, SERVER);
  ok(server !== undefined && manager !== undefined && server.at < manager.at, JSON.stringify(writes));
  ok(manager.at >= out, `${MANAGER} was written ${out - manager.at} ms before ${SERVER} was rolled out`);
  say('a commit writes to one cluster only, and to the next stage when the one before is healthy');
}

/** When the Deployment became what was asked for last, to the second. */
async function rolledOutAt({ meta: { kubectl } }: Delivered, namespace: string, name: string): Promise<number> {
  const { status } = await kubectl.get<Deployment>('-n', namespace, 'deployment', name);
  return Date.parse(String(status?.conditions?.find(({ type }) => type === 'Progressing')?.lastUpdateTime));
}

/** A stage that cannot become healthy: what follows is left as it was, the tool says so, and a revert mends it. */
export async function stopAtBroken(delivered: Delivered): Promise<void> {
  const { meta, tool, say, planes, repository } = delivered;
  const { namespace } = planes[CHANGED].cluster;
  await editAndBuild(DEFINITION, tuned('LATER'), tuned('BROKEN'));
  await push(delivered, 'An argument that no API server takes');
  const stuck = async (): Promise<boolean> => (await restartsOf(delivered, namespace)) > 0;
  await until('the new API server ends', 120, stuck, () => explainPods(meta.kubectl, namespace));
  const says = tool.name === 'argocd' ? () => argocdSays(delivered) : () => fluxSays(delivered);
  const expected = tool.name === 'argocd' ? /waiting for (?:completion of|healthy state of).*kube-apiserver/ : /dependency 'flux-system\/alder-apiserver' is not ready/;
  await until('the tool says what it waits for', 60, async () => expected.test(await says()), says);
  match(JSON.stringify((await argsOf(delivered, namespace)).filter((arg) => arg.includes('job-syncs'))), /=6"/);
  match(await planes[CHANGED].kubectl.run(['get', '--raw', '/readyz']), /^ok$/);
  say(`a stage that does not come up stops what follows, and ${tool.name} says: ${await says()}`);

  await repository.git('revert', '--no-edit', 'HEAD');
  const start = Date.now();
  const commit = await push(delivered, 'Once more');
  // A sync that waits looks at no later commit.
  if (tool.name === 'argocd') await endSync(meta, `${CHANGED}-control-plane`);
  await settles(tool, commit);
  delivered.figure(tool.name, 'a revert of what is stuck, to healthy (s)', secondsSince(start));
  equal((await argsOf(delivered, namespace)).filter((arg) => arg.includes('job-syncs')).length, 1);
}

async function restartsOf({ meta: { kubectl } }: Delivered, namespace: string): Promise<number> {
  const path = 'jsonpath={.items[*].status.containerStatuses[*].restartCount}';
  return (await kubectl.run(['-n', namespace, 'get', 'pods', '-l', `app.kubernetes.io/name=${SERVER}`, '-o', path])).split(' ').reduce((sum, count) => sum + Number(count), 0);
}

const argsOf = async ({ meta: { kubectl } }: Delivered, namespace: string): Promise<readonly string[]> =>
  (await kubectl.get<Deployment>('-n', namespace, 'deployment', MANAGER)).spec?.template.spec?.containers[0]?.args ?? [];

async function argocdSays({ meta }: Delivered): Promise<string> {
  const stuck = (await applicationsOf(meta)).find(({ metadata }) => metadata.name === `${CHANGED}-control-plane`);
  return stuck?.status?.operationState?.message ?? '';
}

async function fluxSays({ meta }: Delivered): Promise<string> {
  const next = (await kustomizationsOf(meta)).find(({ metadata }) => metadata.name === `${CHANGED}-controllers`);
  return next?.status?.conditions?.find(({ type }) => type === 'Ready')?.message ?? '';
}
