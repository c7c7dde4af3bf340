import { match } from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { settles } from '../../clusters/delivery/tool.ts';
import { ROOT } from '../../fleet.ts';
import { until } from '../../host/until.ts';
import { bootstrap, CHANGED, OTHER, type Delivered } from './begin.ts';
import { push } from './commit.ts';
import { evidenceOf, leaveMark, nothingLost } from './evidence.ts';

/** After each of these the objects that hold state are those that they were, and both control planes answer. */
export async function loseNothing(delivered: Delivered): Promise<void> {
  const { meta, planes, say } = delivered;
  const both = Object.values(planes);
  for (const plane of both) await leaveMark(plane);
  const before = await Promise.all(both.map((plane) => evidenceOf(meta, plane)));
  for (const [what, mishap] of Object.entries(MISHAPS)) {
    await mishap(delivered);
    for (const [index, plane] of both.entries()) await nothingLost(meta, plane, before[index] ?? []);
    say(`nothing is lost when ${what}`);
  }
}

type Mishap = (delivered: Delivered) => Promise<void>;

const MISHAPS: Readonly<Record<string, Mishap>> = {
  'the tool\'s own objects of a cluster are deleted': deleteParts,
  'the root is deleted': deleteRoot,
  'the namespace is deleted by hand': deleteNamespace,
  'a cluster\'s folders leave git': (delivered) => merge(delivered, ['dist/hub/clusters/alder', `dist/hub/${delivered.tool.name}/alder`], partsGone),
  'the tool\'s own folder leaves git': (delivered) => merge(delivered, [`dist/hub/${delivered.tool.name}`], rootComplains),
  'a bad merge empties dist/': (delivered) => merge(delivered, ['dist'], rootComplains),
};

const CLUSTER = `kubewright.dev/cluster=${CHANGED}`;

const partsOf = ({ meta: { kubectl }, tool: { namespace, kind } }: Delivered): Promise<string[]> => kubectl.names('-n', namespace, kind, '-l', CLUSTER);

/** They come back, with all that they brought. */
async function deleteParts(delivered: Delivered): Promise<void> {
  const { meta: { kubectl }, tool: { namespace, kind } } = delivered;
  await kubectl.run(['-n', namespace, 'delete', kind, '-l', CLUSTER, '--timeout=60s']);
  await reapplied(delivered);
}

async function reapplied(delivered: Delivered): Promise<void> {
  const { tool, repository } = delivered;
  const commit = (await repository.git('rev-parse', 'HEAD')).trim();
  await tool.look();
  await until('its parts are there again', 120, async () => (await partsOf(delivered)).length > 0, () => '');
  await settles(tool, commit);
}

/** `kubewright bootstrap` brings it again. */
async function deleteRoot(delivered: Delivered): Promise<void> {
  const { meta, meta: { kubectl, name }, tool, repository } = delivered;
  await kubectl.run(['-n', tool.namespace, 'delete', tool.kind, name, '--timeout=60s']);
  match((await partsOf(delivered)).join(), /alder/);
  await bootstrap(meta, tool.name);
  await settles(tool, (await repository.git('rev-parse', 'HEAD')).trim());
}

async function deleteNamespace({ meta: { kubectl }, planes }: Delivered): Promise<void> {
  const { complaint } = await kubectl.attempt(['delete', 'namespace', planes[CHANGED].cluster.namespace, '--wait=false']);
  match(complaint, /holds state of a control plane/);
}

/** What is merged is without these folders; once the tool has made of it what it does, it is reverted. */
async function merge(delivered: Delivered, folders: readonly string[], seen: (delivered: Delivered) => Promise<void>): Promise<void> {
  const { repository, tool, meta, planes } = delivered;
  const before = await Promise.all(Object.values(planes).map((plane) => evidenceOf(meta, plane)));
  for (const folder of folders) rmSync(join(ROOT, folder), { recursive: true });
  await push(delivered, 'A bad merge');
  await seen(delivered);
  for (const [index, name] of [CHANGED, OTHER].entries()) await nothingLost(meta, planes[name as typeof CHANGED], before[index] ?? []);
  await repository.git('revert', '--no-edit', 'HEAD');
  await settles(tool, await push(delivered, 'Taken back'));
}

async function partsGone(delivered: Delivered): Promise<void> {
  await until('its parts are gone', 120, async () => (await partsOf(delivered)).length === 0, async () => (await partsOf(delivered)).join());
}

/** The root finds no folder, does nothing, and says so. */
async function rootComplains({ tool, repository }: Delivered): Promise<void> {
  const says = async (): Promise<string> => tool.complaint((await repository.git('rev-parse', 'HEAD')).trim());
  await until('the root finds nothing', 120, async () => /does not exist|path not found|no such file or directory/.test(await says()), says);
}
