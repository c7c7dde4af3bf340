import { setTimeout as pause } from 'node:timers/promises';
import { describeManifest, type Manifest } from '../model/manifest.ts';
import { isRecord, type UnknownRecord } from '../pki/records.ts';
import type { Problem } from '../problem.ts';
import { readObject, type MetaApi } from './apply.ts';

/** When an object does what it is there for. */
interface Readiness {
  readonly isReady: (object: UnknownRecord) => boolean;
  /** True when it will never be. */
  readonly hasFailed?: (object: UnknownRecord) => boolean;
  /** How kubectl waits for it. */
  readonly command: (name: string) => string;
}

const partOf = (object: UnknownRecord, part: string): UnknownRecord => {
  const value = object[part];
  return isRecord(value) ? value : {};
};

const numberIn = (part: UnknownRecord, field: string): number => Number(part[field] ?? 0);

function hasCondition(object: UnknownRecord, type: string): boolean {
  const { conditions } = partOf(object, 'status');
  return Array.isArray(conditions) && conditions.some((one) => isRecord(one) && one['type'] === type && one['status'] === 'True');
}

/** All replicas are of the present template, and this many more things are true of each. */
const isRolledOut = (state: string) => (object: UnknownRecord): boolean => {
  const [metadata, spec, status] = [partOf(object, 'metadata'), partOf(object, 'spec'), partOf(object, 'status')];
  const wanted = numberIn(spec, 'replicas');
  return numberIn(status, 'observedGeneration') >= numberIn(metadata, 'generation') && numberIn(status, 'updatedReplicas') >= wanted && numberIn(status, state) >= wanted;
};

const condition = (type: string, kind: string) => (name: string): string => `wait --for=condition=${type} --timeout=10m ${kind}/${name}`;
const rollout = (kind: string) => (name: string): string => `rollout status --timeout=10m ${kind}/${name}`;

/** Kinds that are waited for; whatever else there is has done its part by being there. */
const KINDS: Readonly<Record<string, Readiness>> = {
  CustomResourceDefinition: { isReady: (object) => hasCondition(object, 'Established'), command: condition('Established', 'crd') },
  Deployment: { isReady: isRolledOut('availableReplicas'), command: rollout('deployment') },
  StatefulSet: { isReady: isRolledOut('readyReplicas'), command: rollout('statefulset') },
  Job: { isReady: (object) => hasCondition(object, 'Complete'), hasFailed: (object) => hasCondition(object, 'Failed'), command: condition('Complete', 'job') },
};

/** The kubectl command that waits for an object; null when nothing is to be waited for. */
export function waitCommand({ kind, metadata: { name, namespace } }: Manifest): string | null {
  const command = KINDS[kind]?.command(name);
  return command === undefined ? null : `kubectl ${namespace === undefined ? '' : `-n ${namespace} `}${command}`;
}

export interface Patience {
  readonly seconds: number;
  readonly everySeconds: number;
}

/** Waits until all of these objects do what they are there for. */
export async function waitForAll(api: MetaApi, manifests: readonly Manifest[], { seconds, everySeconds }: Patience): Promise<readonly Problem[]> {
  const end = performance.now() + seconds * 1000;
  let left = manifests.filter(({ kind }) => KINDS[kind] !== undefined);
  for (;;) {
    const next: Manifest[] = [];
    for (const manifest of left) {
      const read = await readObject(api, manifest);
      if (!read.ok) return read.problems;
      const { isReady, hasFailed } = KINDS[manifest.kind] ?? { isReady: () => true };
      if (read.value !== null && hasFailed?.(read.value) === true) return [notReady(api, [manifest], 'has failed')];
      if (read.value === null || !isReady(read.value)) next.push(manifest);
    }
    left = next;
    if (left.length === 0) return [];
    if (performance.now() > end) return [notReady(api, left, `not ready after ${seconds} seconds`)];
    await pause(everySeconds * 1000);
  }
}

function notReady({ access, cluster }: MetaApi, manifests: readonly Manifest[], reason: string): Problem {
  const [first] = manifests;
  return {
    code: 'bootstrap/not-ready', severity: 'error', at: { of: access.file, path: '' },
    what: `${manifests.map(describeManifest).join(', ')}: ${reason}.`,
    why: `what comes next in ${cluster} needs it.`,
    fix: `look what keeps it back (\`kubectl${first?.metadata.namespace === undefined ? '' : ` -n ${first.metadata.namespace}`} describe ${first?.kind.toLowerCase() ?? 'pod'} ${first?.metadata.name ?? ''}\`), then run the command again: it goes on where it was.`,
  };
}
