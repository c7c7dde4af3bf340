import { expect, test } from 'vitest';
import { loadFleet } from '../../lib/load/load.ts';
import { locator } from '../../lib/load/locate/locate.ts';
import { fleetOf, loadedOf, project, type Files } from './fixture.ts';

const MARK = /⟨(\w+)⟩/;

/** A place in the sources is marked with `⟨name⟩` just before it; marks are taken out, and remembered. */
function marked(files: Files) {
  const marks = new Map<string, string>();
  const clean = Object.entries(files).map(([path, text]) => {
    let rest = text;
    for (let mark = MARK.exec(rest); mark !== null; mark = MARK.exec(rest)) {
      const before = rest.slice(0, mark.index).split('\n');
      marks.set(mark[1] ?? '', `${path}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`);
      rest = rest.replace(MARK, '');
    }
    return [path, rest];
  });
  return { files: Object.fromEntries(clean) as Files, marks };
}

const FILES = marked({
  'clusters/fleet.ts': [
    "import { defineFleet, defineMetaCluster } from 'kubewright';",
    "import { cluster as a } from './a/cluster.ts';",
    "import { cluster as b } from './b/cluster.ts';",
    "import { c } from './c.ts';",
    "const meta = defineMetaCluster({ name: 'm', network: ⟨metaNetwork⟩{ pods: ⟨metaPods⟩'10.0.0.0/8' } } as any);",
    "const plain = { name: 'plain', mode: ⟨plainMode⟩'odd' };",
    "export const fleet = ⟨fleet⟩defineFleet(⟨fleetObject⟩{ name: ⟨fleetName⟩'f', metaClusters: [meta], clusters: [a, b, c, plain, { ...a, name: 'again', ring: ⟨ring⟩'x' }] } as any);",
  ].join('\n'),
  'clusters/a/cluster.ts': [
    "import { defineCluster, yamlFile } from 'kubewright';",
    "import { base, type Nothing } from '../base.ts';",
    "import * as sizes from '../sizes.ts';",
    "import addon from '../addon.ts';",
    "import labels from './labels.json';",
    "const storage = ⟨storage⟩{ claimTemplate: { size: sizes.medium } } satisfies object;",
    "const { pool, other: { deep } } = { pool: ⟨pool⟩'masters', other: { deep: { er: ⟨deeper⟩1 } } };",
    "const users = [{ name: ⟨user0⟩'one' }, { name: 'two' }];",
    '/** 杭州 */ export const cluster = ⟨a⟩defineCluster(⟨aObject⟩{',
    "  name: 'a',",
    "  mode: 'early', ...base,",
    '  etcd: { storage },',
    "  users: [...users, { name: ⟨user2⟩'three' }],",
    "  components: { apiserver: { args: ⟨args⟩{ 'max-requests-inflight': ⟨inflight⟩'3000', \"v.1\": ⟨dotted⟩'x' } } },",
    '  masterNodeSelector: { pool, deep },',
    "  ring: true ? 'x' : base.ring, datastore: ⟨datastore⟩Object.assign({}, { external: ⟨external⟩{} }),",
    "  images: addon('csi', { template: ⟨template⟩'./t' }),",
    "  audit: { policy: yamlFile('./audit.yaml') }, labels,",
    '} as any);',
  ].join('\n'),
  'clusters/a/audit.yaml': 'omitStages: []\nrules:\n  - level: None\n  - level: ⟨yaml⟩Metadata\n',
  'clusters/a/labels.json': '{\n  "tier": ⟨json⟩"gold"\n}',
  'clusters/base.ts': "export { base } from './base-of-all.ts';\nexport type Nothing = {};\n",
  'clusters/base-of-all.ts': "const inner = { dnsDomain: ⟨domain⟩'cluster.local' };\nexport const base = { mode: ⟨mode⟩'standard', ring: 'r', network: ⟨network⟩{ ...inner, pods: ⟨pods⟩'10.0.0.0/8' } };\n",
  'clusters/sizes.ts': "export const medium = ⟨size⟩'32Gi';\n",
  'clusters/addon.ts': 'export default function addon(name: string, options: { template: string }) {\n  return { type: ⟨type⟩\'folder\', name, ...options };\n}\n',
  'clusters/b/cluster.ts': "import { make } from '../make.ts';\nexport const cluster = make('b', { pods: ⟨bPods⟩'10.1.0.0/16' });\n",
  'clusters/make.ts': [
    "import { defineCluster } from 'kubewright';",
    'export function make(name: string, { pods }: { pods: string }, ring = ⟨bRing⟩\'late\') {',
    '  return defineCluster({ name, network: ⟨bNetwork⟩{ pods }, ring } as any);',
    '}',
  ].join('\n'),
  'clusters/c.ts': "import { defineCluster } from 'kubewright';\nexport const [c] = ['c'].map((name) => defineCluster(⟨cObject⟩{ name: ⟨cName⟩name } as any));\n",
});

const PLACES = [
  ['a', '', 'a'],
  ['a', 'mode', 'mode'],
  ['a', 'network', 'network'],
  ['a', 'network.pods', 'pods'],
  ['a', 'network.dnsDomain', 'domain'],
  ['a', 'network.services', 'network'],
  ['a', 'kubernetes', 'aObject'],
  ['a', 'etcd.storage', 'storage'],
  ['a', 'etcd.storage.claimTemplate.size', 'size'],
  ['a', 'users[0].name', 'user0'],
  ['a', 'users[2].name', 'user2'],
  ['a', 'components.apiserver.args', 'args'],
  ['a', 'components.apiserver.args["max-requests-inflight"]', 'inflight'],
  ['a', 'components.apiserver.args.max-requests-inflight', 'inflight'],
  ['a', 'components.apiserver.args["v.1"]', 'dotted'],
  ['a', 'components.apiserver.args.absent', 'args'],
  ['a', 'masterNodeSelector.pool', 'pool'],
  ['a', 'masterNodeSelector.deep.er', 'deeper'],
  ['a', 'datastore', 'datastore'],
  ['a', 'datastore.external', 'external'],
  ['a', 'images.type', 'type'],
  ['a', 'images.template', 'template'],
  ['a', 'audit.policy.rules[1].level', 'yaml'],
  ['a', 'labels.tier', 'json'],
  ['b', 'network.pods', 'bPods'],
  ['b', 'network.absent', 'bNetwork'],
  ['b', 'ring', 'bRing'],
  ['c', 'name', 'cName'],
  ['c', 'absent', 'cObject'],
  ['m', 'network.pods', 'metaPods'],
  ['fleet', 'metaClusters[0].network.services', 'metaNetwork'],
  ['fleet', '', 'fleet'],
  ['fleet', 'name', 'fleetName'],
  ['fleet', 'sealing', 'fleetObject'],
  ['fleet', 'clusters[0].network.pods', 'pods'],
  ['plain', 'mode', 'plainMode'],
  ['again', 'ring', 'ring'],
  ['again', 'network.pods', 'pods'],
] as const;

test('places are found through names, spreads, imports, helpers, YAML and JSON', async () => {
  const locate = locator(loadedOf(await loadFleet(project(FILES.files), { cache: false })));
  const found = PLACES.map(([of, path]) => {
    const { file, line, column } = locate({ of, path });
    return [of, path, `${file}:${line}:${column}`];
  });
  expect(found).toEqual(PLACES.map(([of, path, mark]) => [of, path, FILES.marks.get(mark)]));
});

test('a place that nobody knows has at least a file', async () => {
  const locate = locator(loadedOf(await loadFleet(project(FILES.files), { cache: false })));
  expect(locate({ of: 'nobody', path: 'x' })).toEqual({ file: 'clusters/fleet.ts' });
  expect(locate({ of: 'clusters/base.ts', path: '' })).toEqual({ file: 'clusters/base.ts' });
  expect(locate({ of: 'clusters/sizes.ts:1:2', path: '' })).toEqual({ file: 'clusters/sizes.ts', line: 1, column: 2, excerpt: "export const medium = '32Gi';" });
});

test('definitions that refer to each other in a circle end somewhere', async () => {
  const text = "import { defineCluster } from 'kubewright';\nconst x: any = () => ({ ...y() });\nconst y: any = () => ({ ...(false && x()) });\nexport const cluster = defineCluster({ name: 'a', network: x() });";
  const locate = locator(loadedOf(await loadFleet(project({ 'clusters/fleet.ts': fleetOf('a'), 'clusters/a/cluster.ts': text }), { cache: false })));
  expect(locate({ of: 'a', path: 'network.pods' }).file).toBe('clusters/a/cluster.ts');
});
