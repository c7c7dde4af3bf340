import { basename } from 'node:path/posix';
import { isPruned, isStaged, isTenantPart } from '../../charts/parts.ts';
import { PROTECTED } from '../constructs/protect.ts';
import type { Manifest } from '../model/manifest.ts';
import { isRecord } from '../pki/records.ts';
import type { Problem } from '../problem.ts';
import { error } from '../validate/say.ts';
import { readOwnYaml } from '../yaml/read.ts';
import { unlessApplied, valueAt } from './move.ts';
import { readPast } from './past.ts';

/** The files of a cluster before and after, by their paths below `dist/`. */
export interface Places {
  /** What problems call the cluster. */
  readonly of: string;
  readonly name: string;
  /** Its record in `dist/`. */
  readonly past: string | null;
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** What is in a file of before; null when it cannot be read. */
  readonly textOf: (path: string) => string | null;
}

/** Who applies `dist/`, what of it one of their own objects applies, and how a live object tells them to leave it alone. */
interface Tool {
  readonly name: 'argocd' | 'flux';
  readonly title: string;
  readonly unitOf: (place: Place) => string;
  readonly annotation: keyof typeof PROTECTED;
  readonly holds: RegExp;
}

const TOOLS: readonly Tool[] = [
  { name: 'argocd', title: 'Argo CD', unitOf: ({ part }) => part, annotation: 'argocd.argoproj.io/sync-options', holds: /(^|,)\s*Prune=false\s*(,|$)/ },
  { name: 'flux', title: 'Flux', unitOf: ({ part, stage }) => (isStaged(part) ? stage : part), annotation: 'kustomize.toolkit.fluxcd.io/prune', holds: /^disabled$/ },
];

interface Place {
  readonly path: string;
  readonly part: string;
  /** Folder below that of the cluster: the part, and its stage when it has several. */
  readonly stage: string;
}

const PLACE = /^[^/]+\/clusters\/[^/]+\/(?<stage>(?<part>[^/]+)(?:\/[^/]+)?)\/[^/]+$/;

/**
 * What is applied from one folder today and from another one tomorrow is deleted by who applied the first, maybe before, maybe
 * after who applies the second has taken it over (SharedResourceWarning of Argo CD; garbage collection of Flux's
 * kustomize-controller). A live object that both leave alone may move.
 */
export function judgePlaces({ of, name, past, before, after, textOf }: Places): readonly Problem[] {
  const moves = movesBetween(before, after);
  if (moves.length === 0) return [];
  const reading = readPast(past, name);
  const delivery = reading.ok && reading.past !== null ? valueAt(reading.past.resolved, 'delivery') : undefined;
  return TOOLS.filter((tool) => isRecord(valueAt(delivery, tool.name))).flatMap((tool) => moves
    .filter(({ was, is }) => isPruned(was.part) && tool.unitOf(was) !== tool.unitOf(is))
    .flatMap(({ was, is }) => {
      const manifest = manifestIn(textOf(was.path));
      return tool.holds.test(manifest?.metadata.annotations?.[tool.annotation] ?? '') ? [] : [moved(of, name, tool, was, is, manifest)];
    }));
}

/** Null for what somebody has torn. */
function manifestIn(text: string | null): Manifest | null {
  const value = readOwnYaml(text ?? '');
  return isRecord(value) && isRecord(value['metadata']) ? value as unknown as Manifest : null;
}

function moved(of: string, name: string, { title, annotation }: Tool, was: Place, is: Place, manifest: Manifest | null): Problem {
  const namespace = manifest?.metadata.namespace;
  const object = manifest === null ? basename(was.path, '.yaml') : `${manifest.kind} ${namespace === undefined ? '' : `${namespace}/`}${manifest.metadata.name}`;
  return error('transition/place', of, '', {
    what: `${object} would move from ${was.stage} to ${is.stage}.`,
    why: `${title} deletes what has left ${was.stage}, and may do so after it was taken over in ${is.stage}, or long before that.`,
    fix: `in a commit of its own write ${annotation}: ${PROTECTED[annotation]} into its annotations where it is, and move it when that was applied; or let one commit remove it and the next one bring it, when it can be missed meanwhile. ${unlessApplied({ name })}`,
  });
}

/** Objects that were in one folder and are in another one now, of the same API server. */
function movesBetween(before: readonly string[], after: readonly string[]): { readonly was: Place; readonly is: Place }[] {
  const [old, now] = [new Set(before), new Set(after)];
  const gone = new Map(placesOf(before.filter((path) => !now.has(path))).map((place) => [identityOf(place), place]));
  if (gone.size === 0) return [];
  return placesOf(after.filter((path) => !old.has(path))).flatMap((is) => {
    const was = gone.get(identityOf(is));
    return was === undefined ? [] : [{ was, is }];
  });
}

const placesOf = (paths: readonly string[]): Place[] => paths.flatMap((path) => {
  const { part, stage } = PLACE.exec(path)?.groups ?? {};
  return part === undefined || stage === undefined ? [] : [{ path, part, stage }];
});

/** The name of its file, which tells kind, name and namespace, and whose API server it goes to. */
const identityOf = ({ path, part }: Place): string => `${isTenantPart(part) ? 'inside' : 'outside'} ${basename(path)}`;
