import { canonicalJson } from '../pki/digest.ts';
import { isRecord, type UnknownRecord } from '../pki/records.ts';
import type { Problem } from '../problem.ts';
import { shown } from '../validate/say.ts';

/** One owner before and after: what the record says, and what the definition asks for now. */
export interface Move {
  /** What problems call it. */
  readonly of: string;
  readonly name: string;
  readonly before: UnknownRecord;
  readonly after: UnknownRecord;
}

/** One thing that may be wrong with a change. What the record of an earlier compiler does not say is not judged. */
export type MoveRule = (move: Move) => readonly Problem[];

/** The value at a path of names and indices: `etcd.members.0.generation`; undefined when there is none. */
export function valueAt(object: unknown, path: string): unknown {
  return path.split('.').reduce((value: unknown, step) => {
    if (Array.isArray(value)) return value[Number(step)] as unknown;
    return isRecord(value) ? value[step] : undefined;
  }, object);
}

/** A list at a path; empty when there is none. */
export function listAt(object: unknown, path: string): readonly unknown[] {
  const value = valueAt(object, path);
  return Array.isArray(value) ? value : [];
}

/** Before and after of one path when both are known and differ; null otherwise. */
export function changeOf({ before, after }: Pick<Move, 'before' | 'after'>, path: string): { readonly was: unknown; readonly is: unknown } | null {
  const [was, is] = [valueAt(before, path), valueAt(after, path)];
  return was === undefined || is === undefined || canonicalJson(was) === canonicalJson(is) ? null : { was, is };
}

/** A value as part of a sentence; ranges stand side by side. */
export function told(value: unknown): string {
  if (Array.isArray(value)) return value.map(told).join(', ');
  if (value === null) return 'none';
  return typeof value === 'string' ? value : shown(value);
}

/** The way out for what was built and never applied: `dist/` cannot know that. */
export const unlessApplied = ({ name }: Pick<Move, 'name'>): string => `If nothing of ${name} was ever applied, delete dist/records/${name}.json and build again.`;
