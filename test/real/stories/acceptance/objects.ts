import { equal } from 'node:assert/strict';
import type { Manifest } from '../../../../lib/model/manifest.ts';
import { apply, differencesTo, filesFrom, itemsIn, served, type Kubectl } from '../../clusters/kubectl.ts';
import { until } from '../../host/until.ts';

/** What we read of an object, whatever its kind is. */
export interface Kept {
  readonly kind: string;
  readonly metadata: {
    readonly namespace?: string;
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly generation?: number;
    readonly ownerReferences?: readonly { readonly name: string }[];
  };
  readonly spec?: { readonly replicas?: number; readonly minReplicas?: number; readonly scaleTargetRef?: { readonly name: string } };
  readonly status?: { readonly phase?: string; readonly observedGeneration?: number };
}

/** Files that are applied together, one wave after another. */
export type Waves = readonly (readonly string[])[];

export function demandNone(what: string, found: readonly string[]): void {
  if (found.length > 0) throw new Error(`${what}:\n${found.join('\n')}`);
}

export const objectsOf = async (kubectl: Kubectl, files: readonly string[]): Promise<readonly Kept[]> =>
  itemsIn(await kubectl.run(['get', ...filesFrom(files), '-o', 'json']));

/** What an object is called in a cluster. */
export const placeOf = ({ kind, metadata: { namespace = '', name } }: Pick<Manifest, 'kind' | 'metadata'>): string => `${kind} ${namespace}/${name}`;
const versionOf = (object: Kept): string => `${placeOf(object)} ${object.metadata.resourceVersion}`;

/** Applied, applied again, compared. Definitions of kinds come first; gives what became of everything. */
export async function acceptTwice(kubectl: Kubectl, crds: readonly string[], waves: Waves): Promise<Kept[]> {
  const files = [...crds, ...waves.flat()];
  const first = [...await define(kubectl, crds), ...await applyAll(kubectl, waves)];
  // An API server shows a new claim as Pending, and stores that with the first write after: anybody's, without a change.
  const claims = await applyAll(kubectl, [files.filter((file) => file.includes('/persistentvolumeclaim-'))]);
  const second = await applyAll(kubectl, [crds, ...waves]);
  const versions = new Set([...first, ...claims].map(versionOf));
  // Whether somebody serves an APIService, the API server itself looks every now and then, and writes it down.
  const ours = second.filter(({ kind }) => kind !== 'APIService');
  demandNone('written again', ours.map(versionOf).filter((version) => !versions.has(version)));
  equal(await differencesTo(kubectl, files), '');
  equal(new Set(second.map(placeOf)).size, files.length, 'objects');
  return second;
}

/** Kinds, before anything of them. */
export async function define(kubectl: Kubectl, files: readonly string[]): Promise<readonly Kept[]> {
  if (files.length === 0) return [];
  await apply(kubectl, files);
  await served(kubectl, files);
  return objectsOf(kubectl, files);
}

async function applyAll(kubectl: Kubectl, waves: Waves): Promise<Kept[]> {
  const objects: Kept[] = [];
  for (const wave of waves.filter((files) => files.length > 0)) objects.push(...await apply<Kept>(kubectl, wave));
  return objects;
}

/** Controllers write into what we apply: replicas, volumes, conditions. Nothing that they write is a field of ours. */
export async function writtenAlong(kubectl: Kubectl, files: readonly string[]): Promise<void> {
  const left = async (): Promise<string[]> => untouched(await objectsOf(kubectl, files), (await kubectl.get<{ readonly items: readonly Kept[] }>('pods', '-A')).items);
  const explain = async (): Promise<string> => `${(await left()).join('\n')}\n${await kubectl.run(['get', 'events', '-A', '--field-selector=type=Warning'])}`;
  await until('controllers have worked on everything, and every Pod of theirs was let in', 120, async () => (await left()).length === 0, explain);
  equal(await differencesTo(kubectl, files), '');
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
    DaemonSet: isSeen,
    Deployment: hasPods,
    StatefulSet: hasPods,
    PodDisruptionBudget: isSeen,
    HorizontalPodAutoscaler: isScaled,
    PersistentVolume: ({ status }) => status?.phase === 'Bound',
  };
  return objects.filter((object) => done[object.kind]?.(object) === false).map(placeOf);
}
