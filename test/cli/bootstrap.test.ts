import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pc from 'picocolors';
import { expect, test, vi } from 'vitest';
import { bootstrapSteps } from '../../lib/build/bootstrap.ts';
import { buildFleet } from '../../lib/build/run.ts';
import { runBootstrap } from '../../lib/cli/bootstrap.ts';
import type { Terminal } from '../../lib/cli/terminal.ts';
import { apiServer, kubeconfigOf, localCluster, partsOf } from '../client/fixtures.ts';
import { KUBEADM_CONFIG, kubeadmConfig, memoryApi, type Objects } from '../client/memory-api.ts';
import { fleetAround, issueLocks, opened, writeDefinitions } from '../support/fleets.ts';
import { temporaryFolder, writeFiles } from '../support/folders.ts';

vi.setConfig({ testTimeout: 120_000 });

const CLUSTER = readFileSync(new URL('../cases/minors/1.35-minimal/cluster.ts', import.meta.url), 'utf8');

/** What a command says to people, and what it prints. */
function listening(json = false): { readonly terminal: Terminal; readonly said: string[]; readonly printed: string[] } {
  const [said, printed]: [string[], string[]] = [[], []];
  const show: Terminal['show'] = (problems) => void said.push(...problems.map(({ code }) => code));
  const terminal = { json, onScreen: false, colors: pc.createColors(false), say: (text: string) => void said.push(text), print: (text: string) => void printed.push(text), show, progress: () => undefined };
  return { terminal, said, printed };
}

async function built(more = '', sealing = `certificate: 'sealing.pem'`): Promise<string> {
  const root = temporaryFolder();
  writeDefinitions(root, { 'fleet.ts': fleetAround('cluster.ts').replace(`certificate: 'sealing.pem'`, sealing).replace('\n});', `${more}\n});`), 'cluster.ts': CLUSTER });
  await issueLocks(await opened(root));
  await buildFleet(await opened(root), () => undefined);
  return root;
}

const READY = {
  observedGeneration: 9, updatedReplicas: 9, availableReplicas: 9, readyReplicas: 9,
  conditions: ['Established', 'Complete'].map((type) => ({ type, status: 'True' })),
};
const PATIENCE = { seconds: 0, everySeconds: 0.01 };

const HOSTED = ['meta/crds', 'meta/platform', 'meta/clusters/prod/data', ...['etcd', 'apiserver', 'controllers'].map((stage) => `meta/clusters/prod/control-plane/${stage}`)].map((folder) => `dist/${folder}`);

test('the steps of a new meta cluster: printed in order, done, and found done', async () => {
  const root = await built();
  const printing = listening();
  expect(await runBootstrap(root, { meta: 'meta', kubeconfig: null, tool: null, patience: PATIENCE }, printing.terminal)).toBe(0);
  const script = printing.printed.join('\n');
  const folders = [...script.matchAll(/^# (\S+), to (\S+)$/gm)].map(([, folder, api]) => `${api} ${folder}`);
  expect(folders.slice(0, HOSTED.length)).toEqual(HOSTED.map((folder) => `meta ${folder}`));
  expect(folders.slice(HOSTED.length).every((line) => line.startsWith('prod dist/meta/clusters/prod/tenant'))).toBe(true);
  const lines = ['apply --server-side -f dist/meta/platform/namespace-sealed-secrets.yaml', 'apply --server-side -f dist/meta/platform', '-n sealed-secrets rollout status --timeout=10m deployment/sealed-secrets-controller'];
  expect(script).toContain(lines.map((line) => `kubectl ${line}`).join('\n'));
  expect(script).toContain('kubectl --kubeconfig prod.kubeconfig apply --server-side -f dist/meta/clusters/prod/tenant/rbac');

  const steps = bootstrapSteps(await opened(root), 'meta', null);
  if (!steps.ok) throw new Error(JSON.stringify(steps.problems));
  const manifests = steps.steps.flatMap((step) => step.manifests);
  const cluster = await localCluster('meta');
  const objects: Objects = new Map([[KUBEADM_CONFIG, kubeadmConfig('meta')]]);
  const { url } = await apiServer(cluster, memoryApi(objects, manifests, READY));
  writeFiles(root, { 'admin.conf': JSON.stringify(kubeconfigOf(await partsOf(cluster, url))) });
  const run = async (): Promise<{ readonly ok: boolean; readonly done: readonly { readonly folder: string; readonly made: number; readonly changed: number; readonly unchanged: number }[]; readonly left: readonly { readonly api: string }[] }> => {
    const { terminal, printed } = listening(true);
    expect(await runBootstrap(root, { meta: 'meta', kubeconfig: join(root, 'admin.conf'), tool: null, patience: PATIENCE }, terminal)).toBe(0);
    return JSON.parse(printed.join('')) as Awaited<ReturnType<typeof run>>;
  };
  const [first, second] = [await run(), await run()];
  expect(first.done.map(({ folder }) => folder)).toEqual(HOSTED);
  expect(first.done.every(({ made, changed, unchanged }) => made > 0 && changed + unchanged === 0)).toBe(true);
  expect(second.done.map(({ folder, unchanged }) => [folder, unchanged])).toEqual(first.done.map(({ folder, made }) => [folder, made]));
  expect(new Set(first.left.map(({ api }) => api))).toEqual(new Set(['prod']));
});

const DELIVERED = ` delivery: { tool: 'both', repository: 'https://git.example.com/clusters.git', branch: 'main' },`;

test('who delivers takes over after the platform; one of two is chosen', async () => {
  const root = await built(DELIVERED);
  const asked = async (tool: 'argocd' | 'flux' | null): Promise<{ readonly code: number; readonly said: string; readonly printed: string }> => {
    const { terminal, said, printed } = listening();
    const code = await runBootstrap(root, { meta: 'meta', kubeconfig: null, tool, patience: PATIENCE }, terminal);
    return { code, said: said.join('\n'), printed: printed.join('\n') };
  };
  expect(await asked(null)).toMatchObject({ code: 2, said: expect.stringContaining('say --tool argocd or --tool flux') as unknown, printed: '' });
  for (const tool of ['argocd', 'flux'] as const) {
    const { code, printed } = await asked(tool);
    expect([code, [...printed.matchAll(/^# (\S+), to meta$/gm)].map(([, folder]) => folder)]).toEqual([0, ['dist/meta/crds', 'dist/meta/platform', `dist/meta/bootstrap/${tool}`]]);
    expect(printed.endsWith(`kubectl apply --server-side --force-conflicts --field-manager=kubewright -f dist/meta/bootstrap/${tool}`)).toBe(true);
  }
  const steps = bootstrapSteps(await opened(root), 'meta', 'argocd');
  expect(steps.ok && steps.steps.at(-1)?.manifests.map(({ kind, metadata: { name } }) => `${kind} ${name}`)).toEqual(expect.arrayContaining(['ConfigMap argocd-cm', 'AppProject meta', 'Application meta']));
});

test('what Flux opens Secrets with is asked for first', async () => {
  const delivery = ` delivery: { tool: 'flux', repository: 'https://git.example.com/clusters.git', branch: 'main', flux: { decryption: 'age-key' } },`;
  const root = await built(delivery, `recipients: ['age1p4g387vgy4pz6rtnnp0vmgu06nkhn4cpz7sfv05lj653lekh49usu6gws7']`);
  const { terminal, said } = listening();
  expect(await runBootstrap(root, { meta: 'meta', kubeconfig: null, tool: null, patience: PATIENCE }, terminal)).toBe(0);
  expect(said[0]).toContain('kubectl -n flux-system create secret generic age-key --from-file=flux.agekey=FILE');
});

test('a tool that the fleet is not delivered by is none', async () => {
  const { terminal, said } = listening();
  expect(await runBootstrap(await built(), { meta: 'meta', kubeconfig: null, tool: 'flux', patience: PATIENCE }, terminal)).toBe(2);
  expect(said.join()).toContain('is not delivered by flux');
});

test('what is not as a build wrote it is not applied, a cluster that nobody built among it', async () => {
  const root = await built();
  const codes = async (): Promise<readonly string[]> => {
    const steps = bootstrapSteps(await opened(root), 'meta', null);
    return steps.ok ? [] : steps.problems.map(({ code, at }) => `${code} ${at.of}`);
  };
  expect(await codes()).toEqual([]);
  rmSync(join(root, 'dist/records/prod.json'));
  expect(await codes()).toEqual(['bootstrap/edited dist/records/prod.json']);
  rmSync(join(root, 'dist/records/prod.files.txt'));
  expect(await codes()).toEqual(['bootstrap/not-built prod']);
});

test('a name that no meta cluster has', async () => {
  const { terminal, said } = listening();
  const root = temporaryFolder();
  writeDefinitions(root, { 'fleet.ts': fleetAround('cluster.ts'), 'cluster.ts': CLUSTER });
  expect(await runBootstrap(root, { meta: 'meto', kubeconfig: null, tool: null, patience: PATIENCE }, terminal)).toBe(2);
  expect(said.join()).toContain('There is no meta cluster meto. Did you mean meta?');
});
