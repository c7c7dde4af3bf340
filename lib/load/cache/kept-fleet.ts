import { serialOf, valueOf } from './serial.ts';
import type { Alone, LoadedFleet, Source } from '../loaded.ts';

/** What is kept of a fleet. */
export interface Kept {
  readonly key: string;
  readonly stamps: Stamps;
  readonly alone: Alone;
  readonly fleet: Omit<LoadedFleet, 'sources' | 'cached'>;
  readonly sources: readonly (readonly [string, Source])[];
}

type Stamps = readonly (readonly [path: string, stamp: string])[];

/** A fleet's lists, the length of a fleet; the rest of it is short. */
const LISTS = ['metaClusters', 'clusters'] as const;

type Lists = Readonly<Record<string, unknown>>;

/**
 * One line for each definition, so that those that an edit left alone are not written out again. Before them stands all
 * the rest, with the hash of each line in its place; the first line is the hash of that.
 */
export function textOfKept(kept: Kept): string {
  const fleet = kept.fleet.fleet as Lists;
  const lists = LISTS.map((list) => [list, listOf(fleet, list).map(serialOf)] as const);
  const hashes = lists.filter(([, serials]) => serials.length > 0).map(([list, serials]) => [list, serials.map(({ sha256 }) => sha256)] as const);
  const head = serialOf({ ...kept, fleet: { ...kept.fleet, fleet: hashes.length === 0 ? fleet : { ...fleet, ...Object.fromEntries(hashes) } } });
  return [head.sha256, head.text, ...lists.flatMap(([, serials]) => serials.map(({ text }) => text))].join('\n');
}

/** What was kept; its definitions are still to be parsed. */
export interface KeptText extends Omit<Kept, 'fleet'> {
  readonly file: string;
  readonly helm: LoadedFleet['helm'];
  /** Throws when a line is torn or missing. */
  fleet(): Kept['fleet'];
}

/** Null when it is of another key. Throws when its first line is torn. */
export function parseKept(text: string, key: string): KeptText | null {
  const [sha256 = '', first = '', ...lines] = text.split('\n');
  const head = valueOf(first, sha256) as Kept;
  return head.key === key ? { ...head, file: head.fleet.file, helm: head.fleet.helm, fleet: () => fleetOf(head.fleet, lines) } : null;
}

function fleetOf(head: Kept['fleet'], lines: readonly string[]): Kept['fleet'] {
  const fleet = head.fleet as Lists;
  let next = 0;
  const lists = LISTS.filter((list) => listOf(fleet, list).length > 0)
    .map((list) => [list, listOf(fleet, list).map((hash) => valueOf(lines[next++] ?? '', String(hash)))] as const);
  return lists.length === 0 ? head : { ...head, fleet: { ...fleet, ...Object.fromEntries(lists) } };
}

function listOf(fleet: unknown, list: string): readonly unknown[] {
  const values = typeof fleet === 'object' && fleet !== null ? (fleet as Lists)[list] : undefined;
  return Array.isArray(values) ? values : [];
}
