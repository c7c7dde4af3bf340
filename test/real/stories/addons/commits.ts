import { readFileSync } from 'node:fs';
import type { Manifest } from '../../../../lib/model/manifest.ts';
import { apply, served, type Kubectl } from '../../clusters/kubectl.ts';
import { readManifest, stagesOf } from '../../fleet.ts';
import { placeOf } from '../acceptance/objects.ts';

/** A file of `dist/` as it is in one commit: the next one writes over it. */
export interface CommittedFile {
  readonly file: string;
  readonly text: string;
  readonly manifest: Manifest;
  /** What it makes in the cluster. */
  readonly place: string;
}

/** What is committed for the inside of a cluster: its stages, in order. */
export type Commit = readonly (readonly CommittedFile[])[];

/** What was written into a cluster, and what was taken away. */
export interface Synced {
  readonly applied: readonly string[];
  readonly pruned: readonly string[];
}

/** The inside of a cluster, as it was compiled last: what others live in or are a kind of comes first. */
export const committed = (cluster: string): Commit => (['tenant-crds', 'tenant'] as const).flatMap((part) => stagesOf('lab', cluster, part)).map(({ files }) => files.map((file) => {
  const manifest = readManifest(file);
  return { file, text: readFileSync(file, 'utf8'), manifest, place: placeOf(manifest) };
}));

export const pathsOf = (files: readonly CommittedFile[]): string[] => files.map(({ file }) => file);

/** What is new in a commit or says something else than before, stage by stage. */
function changedIn(before: Commit, after: Commit): Commit {
  const known = new Map(before.flat().map(({ place, text }) => [place, text]));
  return after.map((files) => files.filter(({ place, text }) => known.get(place) !== text));
}

/** What an earlier commit had and a later one has not, the last stage first. */
function goneIn(before: Commit, after: Commit): Commit {
  const kept = new Set(after.flat().map(({ place }) => place));
  return before.map((files) => files.filter(({ place }) => !kept.has(place))).reverse();
}

/** Stage by stage, each served before the next one is applied. */
export async function applyCommit(kubectl: Kubectl, commit: Commit): Promise<void> {
  for (const files of commit.filter((stage) => stage.length > 0)) {
    await apply(kubectl, pathsOf(files));
    await served(kubectl, pathsOf(files.filter(({ manifest }) => manifest.kind === 'CustomResourceDefinition')));
  }
}

/**
 * As a GitOps tool that prunes: what changed is applied, stage by stage, and what has left the commit is deleted, the last
 * stage first. Definitions and namespaces no tool deletes: these are what a person does who wants an add-on gone for good.
 */
export async function sync(kubectl: Kubectl, before: Commit, after: Commit): Promise<Synced> {
  const [changed, gone] = [changedIn(before, after), goneIn(before, after)];
  await applyCommit(kubectl, changed);
  for (const files of gone.filter((stage) => stage.length > 0)) {
    const items = files.map(({ manifest }) => manifest);
    await kubectl.run(['delete', '--wait', '--timeout=120s', '-f', '-'], { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) });
  }
  return { applied: placesIn(changed), pruned: placesIn(gone) };
}

const placesIn = (commit: Commit): string[] => commit.flat().map(({ place }) => place).sort();
