import type { Kubectl } from '../../clusters/kubectl.ts';
import { until } from '../../host/until.ts';
import { placeOf, type Kept } from '../acceptance/objects.ts';

/** Everything that a cluster has, by place: which object it is, and which state of it. */
export type Census = ReadonlyMap<string, Pick<Kept['metadata'], 'uid' | 'generation' | 'resourceVersion'>>;

/** How a cluster differs from an earlier look at it. */
export interface Moves {
  readonly added: readonly string[];
  readonly gone: readonly string[];
  /** Another object where one was before. */
  readonly replaced: readonly string[];
  /** Still the same object, and written to. */
  readonly written: readonly string[];
}

/** Renewed or made all the time, or no objects. */
const RESTLESS = ['leases.coordination.k8s.io', 'events', 'events.events.k8s.io', 'componentstatuses'];

/** Looks at every object of every kind that the API server serves. */
export async function census(kubectl: Kubectl): Promise<Census> {
  const kinds = (await kubectl.run(['api-resources', '--verbs=list', '--output=name'])).trim().split('\n').filter((kind) => !RESTLESS.includes(kind));
  const { items } = await kubectl.get<{ readonly items: readonly Kept[] }>(kinds.join(','), '--all-namespaces');
  return new Map(items.map((object) => [placeOf(object), object.metadata]));
}

/** Looks until two looks say the same: controllers are through with what they were given. */
export async function settled(kubectl: Kubectl): Promise<Census> {
  let seen = await census(kubectl);
  let moves: Moves | null = null;
  await until('nobody writes any more', 60, async () => {
    const now = await census(kubectl);
    moves = movesBetween(seen, now);
    seen = now;
    return isStill(moves);
  }, () => JSON.stringify(moves, null, 2));
  return seen;
}

export function movesBetween(before: Census, after: Census): Moves {
  const both = [...before].flatMap(([place, was]) => {
    const is = after.get(place);
    return is === undefined ? [] : [{ place, was, is }];
  });
  const isWritten = ({ was, is }: (typeof both)[number]): boolean => was.resourceVersion !== is.resourceVersion || was.generation !== is.generation;
  const places = (found: typeof both): string[] => found.map(({ place }) => place).sort();
  return {
    added: [...after.keys()].filter((place) => !before.has(place)).sort(),
    gone: [...before.keys()].filter((place) => !after.has(place)).sort(),
    replaced: places(both.filter(({ was, is }) => was.uid !== is.uid)),
    written: places(both.filter((pair) => pair.was.uid === pair.is.uid && isWritten(pair))),
  };
}

export const isStill = (moves: Moves): boolean => Object.values(moves).every((places: readonly string[]) => places.length === 0);
