import { readFileSync } from 'node:fs';
import { allStages, applyStage } from './control-plane.ts';
import { imagesIn, type Stage } from '../fleet.ts';
import type { Kubectl } from './kubectl.ts';
import { provideImages } from '../host/machines.ts';
import type { MetaCluster } from './meta.ts';
import { secondsSince } from '../host/until.ts';
import { podsOf } from './workloads.ts';

/** What became of a change of a definition. */
export interface Taken {
  /** Stages with changed files. */
  readonly stages: readonly string[];
  /** Seconds from the first manifest that was applied until the last stage was healthy. */
  readonly seconds: number;
}

/** Text of each file of a cluster, by its path. */
const textsOf = (stages: readonly Stage[]): Map<string, string> => new Map(stages.flatMap(({ files }) => files.map((file) => [file, readFileSync(file, 'utf8')])));

/**
 * Compiles a change, and applies it as GitOps tools do: stage by stage what is new or another than before; what is no
 * longer there is deleted when the rest of its stage is healthy, but never from the part `data`.
 */
export async function takeStep(meta: MetaCluster, name: string, namespace: string, edit: () => Promise<void>): Promise<Taken> {
  const before = allStages(meta, name);
  const texts = textsOf(before);
  await edit();
  const after = allStages(meta, name);
  const changed = (file: string): boolean => texts.get(file) !== readFileSync(file, 'utf8');
  await Promise.all(meta.machines.map((machine) => provideImages(machine, imagesIn(after.flatMap(({ files }) => files.filter(changed))))));

  const stages: string[] = [];
  const start = Date.now();
  for (const stage of after) {
    const files = stage.files.filter(changed);
    const gone = before.find((old) => old.name === stage.name)?.files.filter((file) => !stage.files.includes(file)) ?? [];
    if (files.length > 0) await applyStage(meta.kubectl, namespace, stage, files);
    if (stage.name !== 'data') for (const file of gone) await meta.kubectl.run(['delete', '-f', '-'], { input: texts.get(file) ?? '' });
    if (files.length + gone.length > 0) stages.push(stage.name);
  }
  return { stages, seconds: secondsSince(start) };
}

/** Which Pods there are, and how often their containers were started: the same again when nobody touched them. */
export async function livesOf(kubectl: Kubectl, namespace: string, component: string): Promise<readonly string[]> {
  const pods = await podsOf(kubectl, namespace, `app.kubernetes.io/name=${component}`);
  return pods.map(({ metadata, status }) => `${metadata?.name ?? ''} ${metadata?.uid ?? ''} ${(status?.containerStatuses ?? []).map(({ restartCount, containerID }) => `${restartCount} ${containerID ?? ''}`).join(' ')}`).sort();
}
