import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { buildFleet } from '../../lib/build/run.ts';
import { readIndex, writeIndex } from '../../lib/emit/index-file.ts';
import { RECORD_VERSION } from '../../lib/model/record.ts';
import { judgePlaces } from '../../lib/transitions/places.ts';
import { fleetAround, issueLocks, opened, writeDefinitions } from '../support/fleets.ts';
import { filesBelow, temporaryFolder } from '../support/folders.ts';

const TOOL = { namespace: 'tools', credentials: null };
const record = (tools: object): string => JSON.stringify({ version: RECORD_VERSION, resolved: { name: 'prod', namespace: 'cp-prod', delivery: { argocd: null, flux: null, ...tools } } });
const below = (folder: string): string => `meta/clusters/prod/${folder}/service-etcd.yaml`;
const service = (annotations: string): string => `apiVersion: v1\nkind: Service\nmetadata:\n  name: etcd\n  namespace: cp-prod\n${annotations}`;

const told = (tools: object, from: string, to: string, text = service('')): string[] => judgePlaces({
  of: 'prod', name: 'prod', past: record(tools), before: [below(from), below('data')], after: [below(to), below('data')], textOf: () => text,
}).map(({ code, what }) => `${code}: ${what}`);

const ETCD_TO_APISERVER = 'transition/place: Service cp-prod/etcd would move from control-plane/etcd to control-plane/apiserver.';

test.for([
  ['Flux deletes what leaves a stage', { flux: TOOL }, 'control-plane/etcd', 'control-plane/apiserver', [ETCD_TO_APISERVER]],
  ['Argo CD only what leaves a part', { argocd: TOOL }, 'control-plane/etcd', 'control-plane/apiserver', []],
  ['inside a cluster Flux too', { flux: TOOL }, 'tenant/metrics', 'tenant/addons', []],
  ['and what leaves it is deleted', { flux: TOOL }, 'tenant/metrics', 'tenant-crds', ['transition/place: Service cp-prod/etcd would move from tenant/metrics to tenant-crds.']],
  ['such as this', { argocd: TOOL }, 'tenant', 'tenant-crds', ['transition/place: Service cp-prod/etcd would move from tenant to tenant-crds.']],
  ['with both, each is told', { argocd: TOOL, flux: TOOL }, 'control-plane/etcd', 'data/more', Array<string>(2).fill('transition/place: Service cp-prod/etcd would move from control-plane/etcd to data/more.')],
  ['nothing leaves what is never pruned', { argocd: TOOL, flux: TOOL }, 'tenant-crds', 'tenant', []],
  ['inside a cluster it is another object', { flux: TOOL }, 'control-plane/etcd', 'tenant', []],
  ['nobody deletes without a tool', {}, 'control-plane/etcd', 'control-plane/apiserver', []],
  ['it is where it was', { flux: TOOL }, 'control-plane/etcd', 'control-plane/etcd', []],
] as const)('%s', ([, tools, from, to, expected]) => {
  expect(told(tools, from, to)).toEqual(expected);
});

test('what the live object tells a tool to leave alone may move, and nothing else', () => {
  const kept = '  annotations:\n    argocd.argoproj.io/sync-options: Prune=false,Delete=false\n    kustomize.toolkit.fluxcd.io/prune: disabled\n';
  expect(told({ argocd: TOOL, flux: TOOL }, 'tenant', 'tenant-crds', service(kept))).toEqual([]);
  expect(told({ flux: TOOL }, 'control-plane/etcd', 'control-plane/apiserver', service(kept.replace('disabled', 'enabled')))).toEqual([ETCD_TO_APISERVER]);
  for (const torn of ['torn', 'torn: apart\n', '[]\n', '']) {
    expect(told({ flux: TOOL }, 'control-plane/etcd', 'control-plane/apiserver', torn)).toEqual([ETCD_TO_APISERVER.replace('Service cp-prod/etcd', 'service-etcd')]);
  }
});

test('a build that would move an object writes nothing', { timeout: 120_000 }, async () => {
  const root = temporaryFolder();
  const cluster = readFileSync(new URL('../cases/minors/1.35-minimal/cluster.ts', import.meta.url), 'utf8');
  const delivery = "delivery: { tool: 'flux', repository: 'https://git.example.com/clusters.git', branch: 'main' }, sealing:";
  writeDefinitions(root, { 'fleet.ts': fleetAround('cluster.ts').replace('sealing:', delivery), 'cluster.ts': cluster });
  await issueLocks(await opened(root));
  const build = async (): Promise<string[]> => (await buildFleet(await opened(root), () => undefined)).problems.map(({ code }) => code);
  expect(await build()).toEqual([]);

  // As an earlier compiler might have laid it out.
  const [from, to] = ['etcd', 'controllers'].map((stage) => `meta/clusters/prod/control-plane/${stage}/service-etcd.yaml`) as [string, string];
  mkdirSync(join(root, 'dist', dirname(to)), { recursive: true });
  renameSync(join(root, 'dist', from), join(root, 'dist', to));
  const indexFile = join(root, 'dist/records/prod.files.txt');
  const reading = readIndex(readFileSync(indexFile, 'utf8'));
  if (!reading.ok) throw new Error(reading.reason);
  writeFileSync(indexFile, writeIndex(new Map([...reading.index].map(([path, digest]) => [path === from ? to : path, digest]))));
  const before = filesBelow(join(root, 'dist'));
  expect(await build()).toEqual(['transition/place']);
  expect(filesBelow(join(root, 'dist'))).toEqual(before);
});
