import { expect, onTestFinished, test } from 'vitest';
import { LuaFactory } from 'wasmoon';
import { HEALTH } from '../../charts/delivery/argocd-settings.ts';
import { resourceOf, tenantKinds } from '../../charts/delivery/kinds.ts';
import { rulesFor } from '../../charts/delivery/rights.ts';
import { groupOf, type Manifest } from '../../lib/model/manifest.ts';
import { compileFleet, fleetWithOwnKeys, readBack, templateOf, type ReadBack } from '../support/compiled.ts';
import { prepare, type Ends } from '../support/folders.ts';

const WAVE = 'argocd.argoproj.io/sync-wave';
const DELIVERY = "  delivery: { tool: 'both', repository: 'https://git.example.com/clusters.git', branch: 'main' },\n";
let files: ReadBack[];

prepare(async (ends) => {
  files = await deliveredFiles(ends, (fleet) => fleet);
}, 240_000);

/** What the committed fleet becomes with both tools, and another change. */
async function deliveredFiles(ends: Ends, change: (fleet: string) => string): Promise<ReadBack[]> {
  const open = await fleetWithOwnKeys(ends, (fleet) => change(fleet.replace('  sealing:', `${DELIVERY}  sealing:`)));
  return [...compileFleet(open).values()].flatMap((compiled) => {
    expect(compiled.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    const inRoot = compiled.files.filter(({ path }) => /^[^/]+\/argocd\//.test(path)).map(({ text }) => Buffer.byteLength(text));
    expect([compiled.claims?.made?.rootBytes, inRoot.length > 0]).toEqual([inRoot.reduce((sum, bytes) => sum + bytes, 0), true]);
    return readBack(compiled);
  });
}

const below = (folder: string): ReadBack[] => files.filter(({ path }) => path.includes(folder));
const clusters = (): string[] => [...new Set(below('/clusters/').map(({ path }) => path.split('/')[2] ?? ''))];
const waveOf = ({ metadata }: Manifest): number => Number(metadata.annotations?.[WAVE]);

test('only the last wave of a tenant has Pods, and nothing is in a later one', () => {
  for (const cluster of clusters()) {
    const tenant = below(`/clusters/${cluster}/tenant/`).map(({ manifest }) => manifest);
    const withPods = tenant.filter((manifest) => templateOf(manifest) !== null).map(waveOf);
    expect(withPods.length).toBeGreaterThan(0);
    expect(new Set(withPods)).toEqual(new Set([Math.max(...tenant.map(waveOf))]));
  }
});

const isAsleep = (manifest: Manifest): boolean => manifest.kind === 'StatefulSet' && (manifest['spec'] as { readonly replicas: number }).replicas === 0;

test('waves of a control plane are in the order of its stages, the opposite one when it goes to sleep, and data has none', () => {
  const stages = ['etcd', 'apiserver', 'controllers', 'rights', 'upkeep'];
  const asleep = clusters().filter((cluster) => below(`/clusters/${cluster}/control-plane/`).some(({ manifest }) => isAsleep(manifest)));
  expect(asleep).toEqual(['billing-legacy']);
  for (const cluster of clusters()) {
    const waves = (asleep.includes(cluster) ? stages.toReversed() : stages).flatMap((stage) => [...new Set(below(`/clusters/${cluster}/control-plane/${stage}/`).map(({ manifest }) => waveOf(manifest)))]);
    expect(waves).toEqual([...new Set(waves)].sort((a, b) => a - b));
    expect(below(`/clusters/${cluster}/data/`).filter(({ manifest }) => manifest.metadata.annotations?.[WAVE] !== undefined)).toEqual([]);
  }
});

test('what leaves a part that is never pruned is no difference to Argo CD, and what leaves another one is', () => {
  const stays = ({ manifest }: ReadBack): boolean => manifest.metadata.annotations?.['argocd.argoproj.io/compare-options'] === 'IgnoreExtraneous';
  for (const cluster of clusters()) {
    for (const part of ['data', 'tenant-crds']) expect(below(`/clusters/${cluster}/${part}/`).filter((file) => !stays(file))).toEqual([]);
    for (const part of ['control-plane', 'tenant']) expect(below(`/clusters/${cluster}/${part}/`).filter(stays)).toEqual([]);
    expect(below(`/clusters/${cluster}/data/`).length).toBeGreaterThan(0);
  }
});

test('an Application says nothing that Argo CD leaves out when it writes it: what is false, empty or zero', () => {
  const empty = (value: unknown, path: string): string[] => {
    if (value === false || value === '' || value === 0 || value === null) return [path];
    return typeof value === 'object' ? Object.entries(value as object).flatMap(([key, inner]) => empty(inner, `${path}.${key}`)) : [];
  };
  const applications = files.filter(({ manifest }) => manifest.kind === 'Application');
  expect(applications.length).toBeGreaterThan(0);
  for (const { manifest } of applications) expect(empty(manifest['spec'], manifest.metadata.name)).toEqual([]);
});

test('what is never deleted keeps its protection beside a wave', () => {
  const etcds = files.filter(({ manifest }) => manifest.kind === 'StatefulSet');
  expect(etcds.length).toBeGreaterThan(0);
  for (const { manifest } of etcds) expect(manifest.metadata.annotations).toMatchObject({ 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false', [WAVE]: isAsleep(manifest) ? '5' : '1' });
});

test('every folder that is to be applied is one that is written, and every one that is written is applied by both', () => {
  const folders = new Set(files.filter(({ path }) => !/\/(?:argocd|flux)\//.test(path)).map(({ path }) => `dist/${path.slice(0, path.lastIndexOf('/'))}`));
  const kustomized = files.filter(({ manifest }) => manifest.kind === 'Kustomization').map(({ manifest }) => String((manifest['spec'] as { path: string }).path).slice(2));
  const applied = files.filter(({ manifest }) => manifest.kind === 'Application').map(({ manifest }) => (manifest['spec'] as { source: { path: string } }).source.path);
  const covers = (paths: readonly string[], folder: string): number => paths.filter((path) => folder === path || folder.startsWith(`${path}/`)).length;
  for (const folder of folders) expect([folder, covers(kustomized, folder), covers(applied, folder)]).toEqual([folder, 1, 1]);
  for (const path of [...kustomized, ...applied]) expect([...folders].some((folder) => folder === path || folder.startsWith(`${path}/`)), path).toBe(true);
});

test('what a cluster is hosted as goes with its files once it is about to go, and nothing does before', async () => {
  const going = (from: readonly ReadBack[]) => ({
    argocd: from.filter(({ manifest }) => manifest.kind === 'Application' && manifest.metadata['finalizers'] !== undefined).map(({ manifest }) => manifest.metadata.name),
    flux: from.filter(({ path, manifest }) => manifest.kind === 'Kustomization' && /-(?:data|etcd|apiserver|controllers|tenant|tenant-crds)\.yaml$/.test(path) && (manifest['spec'] as { readonly deletionPolicy: string }).deletionPolicy !== 'Orphan').map(({ manifest }) => manifest.metadata.name),
  });
  expect(going(files)).toEqual({ argocd: [], flux: [] });
  const after = await deliveredFiles(onTestFinished, (fleet) => fleet.replace('paymentsProd, ', "{ ...paymentsProd, state: 'decommissioning' }, "));
  expect(going(after)).toEqual({
    argocd: ['payments-prod-control-plane', 'payments-prod-data'],
    flux: ['apiserver', 'controllers', 'data', 'etcd'].map((stage) => `payments-prod-${stage}`),
  });
}, 240_000);

test('Flux labels everything with a name, and a label has 63 characters', () => {
  const longest = files.filter(({ manifest }) => manifest.kind === 'Kustomization').map(({ manifest }) => {
    const cluster = manifest.metadata.labels?.['kubewright.dev/cluster'] ?? '';
    return manifest.metadata.name.length - cluster.length;
  });
  expect(Math.max(...longest) + 40).toBeLessThanOrEqual(63);
});

test('a role has what our own charts make, on nothing by a star, and binds only what is bound', () => {
  const own = below('/tenant/').filter(({ path }) => !path.includes('/addons/')).map(({ manifest }) => manifest);
  const known = tenantKinds([]).map(({ group, kind }) => `${group}/${kind}`);
  expect([...new Set(own.map((manifest) => `${groupOf(manifest)}/${manifest.kind}`))].filter((kind) => !known.includes(kind))).toEqual([]);
  const rules = rulesFor(own);
  expect(JSON.stringify(rules)).not.toContain('*');
  const bound = own.flatMap(({ roleRef }) => (roleRef === undefined ? [] : [(roleRef as { name: string }).name]));
  expect([...new Set(rules.filter(({ verbs }) => verbs.includes('bind')).flatMap(({ resourceNames = [] }) => resourceNames))].sort()).toEqual([...new Set(bound)].sort());
});

test.for([
  ['Endpoints', 'endpoints'], ['NetworkPolicy', 'networkpolicies'], ['StorageClass', 'storageclasses'], ['EndpointSlice', 'endpointslices'],
  ['APIService', 'apiservices'], ['Ingress', 'ingresses'], ['PriorityClass', 'priorityclasses'], ['DaemonSet', 'daemonsets'],
] as const)('the API server knows a %s as %s', ([kind, plural]) => {
  expect(resourceOf({ group: '', kind }, [])).toBe(plural);
});

/** An object as Lua writes it. */
function luaOf(value: unknown): string {
  if (Array.isArray(value)) return `{ ${value.map(luaOf).join(', ')} }`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value).map(([key, item]) => `[${JSON.stringify(key)}] = ${luaOf(item)}`).join(', ')} }`;
}

/** What Argo CD's own Lua would say: nothing here is written differently from 5.1, which it has, to 5.4. */
async function judge(kind: string, object: unknown): Promise<unknown> {
  const lua = await new LuaFactory().createEngine();
  try {
    return await lua.doString(`local function judge(obj) ${HEALTH[kind]} end return judge(${luaOf(object)}).status`);
  } finally {
    lua.global.close();
  }
}

const source = { repoURL: 'r', targetRevision: 'refs/heads/main', path: 'p' };
const child = (status: unknown, change: object = {}) => ({ metadata: {}, spec: { source, syncPolicy: { automated: { selfHeal: true } } }, status, ...change });
const synced = { health: { status: 'Healthy' }, sync: { status: 'Synced', comparedTo: { source } } };

test.for([
  ['argoproj.io_Application', child(synced), 'Healthy'],
  ['argoproj.io_Application', child({}), 'Progressing'],
  ['argoproj.io_Application', child(synced, { metadata: { deletionTimestamp: 'now' } }), 'Progressing'],
  ['argoproj.io_Application', child({ ...synced, sync: { status: 'Synced', comparedTo: { source: { ...source, path: 'q' } } } }), 'Progressing'],
  ['argoproj.io_Application', child({ ...synced, operationState: { phase: 'Running' } }), 'Progressing'],
  ['argoproj.io_Application', child({ ...synced, operationState: { phase: 'Failed' } }), 'Degraded'],
  ['argoproj.io_Application', child({ ...synced, sync: { status: 'OutOfSync' } }), 'Progressing'],
  ['argoproj.io_Application', child({ ...synced, health: { status: 'Degraded' } }), 'Degraded'],
  ['argoproj.io_Application', { metadata: {}, spec: { source, syncPolicy: {} }, status: { sync: { status: 'Unknown' }, health: { status: 'Missing' } } }, 'Healthy'],
  ['argoproj.io_Application', { metadata: { annotations: { 'kubewright.dev/suspended': 'asleep' } }, spec: { source, syncPolicy: {} } }, 'Healthy'],
  ['argoproj.io_Application', { metadata: { deletionTimestamp: 'now' }, spec: { source, syncPolicy: {} } }, 'Progressing'],
  ['PersistentVolumeClaim', {}, 'Healthy'],
  ['PersistentVolumeClaim', { status: { phase: 'Pending' } }, 'Healthy'],
  ['PersistentVolumeClaim', { status: { phase: 'Lost' } }, 'Degraded'],
  ['bitnami.com_SealedSecret', { metadata: { generation: 1 } }, 'Progressing'],
  ['bitnami.com_SealedSecret', { metadata: { generation: 2 }, status: { observedGeneration: 1, conditions: [{ type: 'Synced', status: 'True' }] } }, 'Progressing'],
  ['bitnami.com_SealedSecret', { metadata: { generation: 2 }, status: { observedGeneration: 2, conditions: [{ type: 'Synced', status: 'True' }] } }, 'Healthy'],
  ['bitnami.com_SealedSecret', { metadata: { generation: 2 }, status: { conditions: [{ type: 'Synced', status: 'False' }] } }, 'Degraded'],
] as const)('%s %j is %s', async ([kind, object, status]) => {
  expect(await judge(kind, object)).toBe(status);
});
