import { equal } from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ResolvedMetaCluster } from '../../../lib/model/resolved-meta.ts';
import { MINORS, type Minor } from '../../../lib/versions/minor.ts';
import { withApiServer, type ApiServer } from '../clusters/api-server.ts';
import { programPath } from '../binaries/build.ts';
import { runGo } from '../binaries/go.ts';
import { attempt } from '../host/command.ts';
import { COMMITTED, compiled, DIST, manifestFiles, readResolved, stagesOf } from '../fleet.ts';
import { apply, differencesTo, filesFrom, itemsIn, type Kubectl } from '../clusters/kubectl.ts';
import { describe } from '../host/problem.ts';
import { STATE } from '../host/state.ts';
import type { Desk, Story } from '../story.ts';
import { secondsSince, until } from '../host/until.ts';

/** What one meta cluster is given. */
interface Fleet {
  readonly name: string;
  readonly minor: Minor;
  /** What `kubeadm` is given to make the meta cluster. */
  readonly bootstrap: readonly string[];
  /** Files that are applied together, one wave after another. */
  readonly waves: readonly (readonly string[])[];
}

/** What we read of an object, whatever its kind is. */
interface Kept {
  readonly kind: string;
  readonly metadata: {
    readonly namespace?: string;
    readonly name: string;
    readonly resourceVersion: string;
    readonly generation?: number;
    readonly ownerReferences?: readonly { readonly name: string }[];
  };
  readonly spec?: { readonly replicas?: number; readonly minReplicas?: number; readonly scaleTargetRef?: { readonly name: string } };
  readonly status?: { readonly phase?: string; readonly observedGeneration?: number };
}

/** More of them at a time would only wait for one another on a small host. */
const AT_A_TIME = 2;

/**
 * All of `dist/<meta>` goes to the meta cluster, and that may run any supported minor: so every minor gets everything.
 * Nothing is tried as a dry run only: the one kind that neither Kubernetes nor we define is TLSRoute, whose own CRD is there.
 */
export const story: Story = {
  name: 'acceptance',
  shows: 'API servers of every minor take every manifest without a warning, and a second time change nothing',
  machines: false,
  tell: async (desk) => {
    const fleets = [fleetIn(DIST, 'lab'), fleetIn(COMMITTED, 'hangzhou-meta')];
    for (const fleet of fleets) await validate(fleet);
    const gateway = await gatewayDefinition();
    const [waiting, failures] = [[...MINORS].reverse(), [] as string[]];
    await Promise.all(Array.from({ length: AT_A_TIME }, async () => {
      for (let minor = waiting.shift(); minor !== undefined; minor = waiting.shift()) {
        const refused = (problem: unknown): unknown => failures.push(`${minor}: ${describe(problem)}`);
        await acceptAll(desk, minor, gateway, fleets).catch(refused);
      }
    }));
    if (failures.length > 0) throw new Error(failures.join('\n'));
  },
};

/** Definitions, then the platform, then all clusters at once: the first stage of each, then the second of each. */
function fleetIn(dist: string, meta: string): Fleet {
  const clusters = readdirSync(compiled(`${meta}/clusters`, dist)).map((name) =>
    (['data', 'control-plane'] as const).flatMap((part) => stagesOf(meta, name, part, dist)));
  const longest = Math.max(...clusters.map((stages) => stages.length));
  const stages = Array.from({ length: longest }, (_, index) => clusters.flatMap((cluster) => cluster[index]?.files ?? []));
  const waves = [manifestFiles(`${meta}/crds`, dist), manifestFiles(`${meta}/platform`, dist), ...stages];

  const everything = ['crds', 'platform', 'clusters'].flatMap((part) => manifestFiles(`${meta}/${part}`, dist));
  demandNone('in no stage', everything.filter((file) => !waves.flat().includes(file)));
  const { minor } = readResolved<ResolvedMetaCluster>(meta, dist);
  return { name: meta, minor, waves, bootstrap: manifestFiles(`${meta}/bootstrap`, dist) };
}

/** Who joins is given its discovery file on the way, and kubeadm misses it here. */
const MISSING_DISCOVERY = /^error: discovery\.file\.kubeConfigPath: .* or a file on disk\nTo see the stack trace .*\n$/;

/** What is not for an API server is read by kubeadm itself. */
async function validate({ minor, bootstrap }: Fleet): Promise<void> {
  const kubeadm = await programPath(`kubernetes-${minor}`, 'kubeadm');
  for (const file of bootstrap) {
    const { complaint } = await attempt([kubeadm, 'config', 'validate', '--config', file]);
    demandNone(`kubeadm on ${file}`, complaint.replace(MISSING_DISCOVERY, '').split('\n').filter(Boolean));
  }
}

/** The CRD of TLSRoute as the Gateway API released it; the same module that the compiler's own check is made from. */
async function gatewayDefinition(): Promise<string> {
  const { module } = JSON.parse(readFileSync(new URL('../../../lib/checks/crds/tls-route.json', import.meta.url), 'utf8')) as { readonly module: string };
  const { Dir } = JSON.parse(await runGo(tmpdir(), 'mod', 'download', '-json', module)) as { readonly Dir: string };
  return join(Dir, 'config/crd/experimental/gateway.networking.k8s.io_tlsroutes.yaml');
}

async function acceptAll(desk: Desk, minor: Minor, gateway: string, fleets: readonly Fleet[]): Promise<void> {
  const start = Date.now();
  await withApiServer(minor, [], async (server) => {
    await define(server.kubectl, [gateway]);
    for (const fleet of fleets) await accept(desk, minor, server.kubectl, fleet);
    const last = fleets.at(-1);
    if (minor === MINORS.at(-1) && last !== undefined) await writeAlong(desk, server, last);
  }, STATE);
  desk.figure(`v${minor}`, 'took (s)', secondsSince(start));
}

async function define(kubectl: Kubectl, files: readonly string[]): Promise<readonly Kept[]> {
  await apply(kubectl, files);
  await kubectl.run(['wait', '--for=condition=Established', '--timeout=60s', ...filesFrom(files)]);
  return objectsOf(kubectl, files);
}

/** Applied, applied again, compared. */
async function accept({ figure }: Desk, minor: Minor, kubectl: Kubectl, { name, waves: [crds = [], ...waves] }: Fleet): Promise<void> {
  const files = [...crds, ...waves.flat()];
  const first = [...await define(kubectl, crds), ...await applyAll(kubectl, waves)];
  // An API server shows a new claim as Pending, and stores that with the first write after: anybody's, without a change.
  const claims = await apply<Kept>(kubectl, files.filter((file) => file.includes('/persistentvolumeclaim-')));
  const second = await applyAll(kubectl, [crds, ...waves]);
  const versions = new Set([...first, ...claims].map(versionOf));
  demandNone('written again', second.map(versionOf).filter((version) => !versions.has(version)));
  equal(await differencesTo(kubectl, files), '');

  equal(new Set(second.map(placeOf)).size, files.length, 'objects');
  figure(`v${minor}`, `kinds of ${name}`, new Set(second.map(({ kind }) => kind)).size);
  figure(`v${minor}`, `objects of ${name}`, second.length);
}

async function applyAll(kubectl: Kubectl, waves: readonly (readonly string[])[]): Promise<Kept[]> {
  const objects: Kept[] = [];
  for (const wave of waves) objects.push(...await apply<Kept>(kubectl, wave));
  return objects;
}

function demandNone(what: string, found: readonly string[]): void {
  if (found.length > 0) throw new Error(`${what}:\n${found.join('\n')}`);
}

const objectsOf = async (kubectl: Kubectl, files: readonly string[]): Promise<readonly Kept[]> =>
  itemsIn(await kubectl.run(['get', ...filesFrom(files), '-o', 'json']));

const placeOf = ({ kind, metadata: { namespace = '', name } }: Kept): string => `${kind} ${namespace}/${name}`;
const versionOf = (object: Kept): string => `${placeOf(object)} ${object.metadata.resourceVersion}`;

/** Controllers write into what we apply: replicas, volumes, conditions. Nothing that they write is a field of ours. */
async function writeAlong({ say, figure }: Desk, { kubectl, startControllers }: ApiServer, { name, waves }: Fleet): Promise<void> {
  const start = Date.now();
  await startControllers();
  const files = waves.flat();
  const left = async (): Promise<string[]> => untouched(await objectsOf(kubectl, files), (await kubectl.get<{ readonly items: readonly Kept[] }>('pods', '-A')).items);
  const explain = async (): Promise<string> => `${(await left()).join('\n')}\n${await kubectl.run(['get', 'events', '-A', '--field-selector=type=Warning'])}`;
  await until('controllers have worked on everything, and every Pod of theirs was let in', 120, async () => (await left()).length === 0, explain);
  equal(await differencesTo(kubectl, files), '');
  figure(name, 'controllers idle (s)', secondsSince(start));
  say(`${name}: controllers of v${MINORS.at(-1) ?? ''} have written into everything, and nothing differs`);
}

/** Objects of which no controller has made yet what it is going to. */
function untouched(objects: readonly Kept[], pods: readonly Kept[]): string[] {
  const isSeen = ({ metadata: { generation }, status }: Kept): boolean => status?.observedGeneration === generation;
  const podsOf = ({ kind, metadata: { namespace, name } }: Kept): number => pods.filter(({ metadata }) => metadata.namespace === namespace
    && metadata.ownerReferences?.some((owner) => (kind === 'StatefulSet' ? owner.name === name : owner.name.replace(/-[a-z0-9]+$/, '') === name))).length;
  const hasPods = (object: Kept): boolean => isSeen(object) && podsOf(object) === object.spec?.replicas;
  const isScaled = ({ metadata: { namespace }, spec }: Kept): boolean => objects.some(({ kind, metadata, spec: own }) =>
    kind === 'Deployment' && metadata.namespace === namespace && metadata.name === spec?.scaleTargetRef?.name && own?.replicas === spec.minReplicas);
  const done: Readonly<Record<string, (object: Kept) => boolean>> = {
    Deployment: hasPods,
    StatefulSet: hasPods,
    PodDisruptionBudget: isSeen,
    HorizontalPodAutoscaler: isScaled,
    PersistentVolume: ({ status }) => status?.phase === 'Bound',
  };
  return objects.filter((object) => done[object.kind]?.(object) === false).map(placeOf);
}
