import { deepEqual, match } from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ResolvedCluster } from '../../../lib/model/resolved.ts';
import { withApiServerOf } from '../clusters/api-server.ts';
import type { Kubectl } from '../clusters/kubectl.ts';
import { DIST, editAndBuild, readResolved, refusalsOf } from '../fleet.ts';
import { secondsSince, until } from '../host/until.ts';
import type { Desk, Story } from '../story.ts';
import { writtenAlong } from './acceptance/objects.ts';
import { census, isStill, movesBetween, settled, type Census } from './addons/census.ts';
import { applyCommit, committed, pathsOf, sync, type Commit } from './addons/commits.ts';

const [NAME, AHEAD] = ['addons', 'addons-ahead'];

/** The lines of the definition that say what each cluster has. */
const DEFINITION = 'addons/clusters.ts';
const has = (here: string, ahead: string): string => `  addons: ${here},\n  '${AHEAD}': ${ahead},\n`;
const [NONE, FIRST, SECOND] = [has('RELEASES.none', 'RELEASES.none'), has('RELEASES.first', 'RELEASES.ahead'), has('RELEASES.second', 'RELEASES.ahead')];

/** A ConfigMap of greenhouse, in an add-on beside it. */
const RIVAL = `addon('rival', { construct: () => [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'gardener', namespace: 'greenhouse' } }] })`;

/** What one version has and the other has not, or says otherwise: of a folder, a chart and a construct. */
const SECOND_ONLY = ['Bed greenhouse/east', 'Page press/back', 'RoleBinding team-forecast/harvest'];
const CHANGED = ['ConfigMap greenhouse/gardener', 'ConfigMap press/press', 'ResourceQuota team-forecast/team'];
const FIRST_ONLY = ['Bed greenhouse/south', 'PodDisruptionBudget press/press', 'RoleBinding team-forecast/survey'];

/** What somebody who uses an add-on makes, and no commit knows of. */
const OWN_BED = { apiVersion: 'greenhouse.test/v1', kind: 'Bed', metadata: { name: 'own', namespace: 'default' }, spec: { plants: 1 } };

/** The definition is edited and compiled; what is committed then is brought to an API server that controllers write to. */
export const story: Story = {
  name: 'addons',
  shows: 'a folder, a chart and a construct are installed, upgraded and removed by their lines in a definition, and nothing else is touched',
  machines: false,
  tell: (desk) => withApiServerOf(readResolved<ResolvedCluster>(NAME), async ({ kubectl, startControllers }) => {
    await startControllers();
    const bare = committed(NAME);
    await applyCommit(kubectl, bare);
    const before = await quiet(kubectl, bare);
    const first = await install(desk, kubectl, bare);
    await Promise.all([refuse(desk), standBeside(desk, kubectl)]);
    const second = await upgrade(desk, kubectl, first);
    await remove(desk, kubectl, { before, bare, second });
  }),
};

/** Once controllers have made what they are going to, and nothing differs from what was compiled. */
async function quiet(kubectl: Kubectl, commit: Commit): Promise<Census> {
  await writtenAlong(kubectl, pathsOf(commit.flat()));
  return settled(kubectl);
}

async function install({ say, figure }: Desk, kubectl: Kubectl, bare: Commit): Promise<Commit> {
  const start = Date.now();
  await editAndBuild(DEFINITION, NONE, FIRST);
  figure(NAME, 'compiled with a chart (s)', secondsSince(start));
  const first = committed(NAME);
  const { applied, pruned } = await sync(kubectl, bare, first);
  deepEqual(pruned, []);
  figure(NAME, 'objects of its add-ons', applied.length);
  await checkValues(kubectl);
  const installed = await quiet(kubectl, first);
  await applyCommit(kubectl, first);
  deepEqual(movesBetween(installed, await census(kubectl)), STILL, 'what a second apply moves');
  say('three add-ons are installed, definitions before their objects; a second apply changes nothing');
  figure(NAME, 'installed (s)', secondsSince(start));
  return first;
}

const STILL = { added: [], gone: [], replaced: [], written: [] };

/** Parameters keep their types, and values come through the chart's templates. */
async function checkValues(kubectl: Kubectl): Promise<void> {
  const field = async (name: string, ...args: readonly string[]): Promise<unknown> => (await kubectl.get<Readonly<Record<string, unknown>>>(...args))[name];
  deepEqual(await field('spec', '-n', 'greenhouse', 'bed', 'north'), { plants: 12, heated: true, note: 'bed of 12' });
  deepEqual(await field('data', '-n', 'greenhouse', 'configmap', 'gardener'), { plants: '12', hours: '06:00' });
  deepEqual(await field('spec', '-n', 'press', 'page', 'front'), { title: 'News' });
  deepEqual(await field('data', '-n', 'press', 'configmap', 'press'), { paper: 'plain', copies: '20' });
  deepEqual(await field('spec', '-n', 'team-forecast', 'resourcequota', 'team'), { hard: { 'requests.cpu': '2' } });
}

/** Two add-ons that want the same object: nothing is written. */
async function refuse({ say }: Desk): Promise<void> {
  const written = (): string[] => readdirSync(DIST, { recursive: true, encoding: 'utf8' }).sort().map((path) => {
    const { ino, mtimeMs } = statSync(join(DIST, path));
    return `${path} ${ino} ${mtimeMs}`;
  });
  const before = written();
  deepEqual(await refusalsOf(DEFINITION, FIRST, has(`[...RELEASES.first, ${RIVAL}]`, 'RELEASES.ahead')), ['manifest/duplicate']);
  deepEqual(written(), before, 'files of dist/');
  say('an object that two add-ons want is refused, and dist/ stays as it was');
}

/** Another cluster has the next version of one add-on already, and that is of another minor. */
async function standBeside({ say }: Desk, kubectl: Kubectl): Promise<void> {
  const beds = async (cluster: Kubectl): Promise<string[]> => cluster.names('beds.greenhouse.test', '--namespace=greenhouse');
  const named = (...names: readonly string[]): string[] => names.map((name) => `bed.greenhouse.test/${name}`);
  await withApiServerOf(readResolved<ResolvedCluster>(AHEAD), async (ahead) => {
    await applyCommit(ahead.kubectl, committed(AHEAD));
    deepEqual(await beds(ahead.kubectl), named('east', 'north'));
    deepEqual(await beds(kubectl), named('north', 'south'));
  });
  say('two clusters have two versions of one add-on');
}

async function upgrade({ say, figure }: Desk, kubectl: Kubectl, first: Commit): Promise<Commit> {
  const start = Date.now();
  await kubectl.run(['create', '-f', '-'], { input: JSON.stringify(OWN_BED) });
  const installed = await settled(kubectl);
  await editAndBuild(DEFINITION, FIRST, SECOND);
  const second = committed(NAME);
  deepEqual(await sync(kubectl, first, second), { applied: [...SECOND_ONLY, ...CHANGED].sort(), pruned: FIRST_ONLY });
  const upgraded = await quiet(kubectl, second);
  deepEqual(movesBetween(installed, upgraded), { added: SECOND_ONLY, gone: FIRST_ONLY, replaced: [], written: CHANGED });
  say('each is at its second version: of all objects only those that differ were touched');
  figure(NAME, 'upgraded (s)', secondsSince(start));
  return second;
}

interface Removal {
  /** What the cluster had without add-ons. */
  readonly before: Census;
  readonly bare: Commit;
  readonly second: Commit;
}

async function remove({ say, figure }: Desk, kubectl: Kubectl, { before, bare, second }: Removal): Promise<void> {
  const start = Date.now();
  await editAndBuild(DEFINITION, SECOND, has('RELEASES.none', 'RELEASES.none'));
  const after = committed(NAME);
  deepEqual(after.flat().map(({ file, text }) => [file, text]), bare.flat().map(({ file, text }) => [file, text]));
  deepEqual((await sync(kubectl, second, after)).applied, []);
  const moves = async () => movesBetween(before, await census(kubectl));
  await until('the cluster is as it was without add-ons', 60, async () => isStill(await moves()), async () => JSON.stringify(await moves(), null, 2));
  await checkNoRemains(kubectl, second);
  say('nothing of the add-ons is left, and nothing else is gone or was written to');
  figure(NAME, 'removed (s)', secondsSince(start));
}

/** Without its definition a kind cannot be asked for. With it again there would be what was left of its objects. */
async function checkNoRemains(kubectl: Kubectl, second: Commit): Promise<void> {
  match((await kubectl.attempt(['get', 'beds.greenhouse.test', '-A'])).complaint, /doesn't have a resource type/);
  const definitions = second.map((files) => files.filter(({ manifest }) => manifest.kind === 'CustomResourceDefinition'));
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: definitions.flat().map(({ manifest }) => manifest) });
  await kubectl.run(['create', '-f', '-'], { input });
  await kubectl.run(['wait', '--for=condition=Established', '--timeout=60s', '-f', '-'], { input });
  deepEqual(await kubectl.names('beds.greenhouse.test,pages.press.test', '-A'), []);
}
