import { MODEL_SCHEMA } from '../model/schema/schema.ts';
import type { ClusterDefinition } from '../model/definition.ts';

/** Where a value comes from: the author wrote it, the author could have written it, or it follows from others. */
export type Origin = 'given' | 'default' | 'derived';

/** One value of a resolved cluster. */
export interface Row {
  readonly path: string;
  readonly value: string;
  readonly origin: Origin;
  /** File and line, of what was written. */
  readonly where: string | null;
}

/** A leaf of a JSON value: where it is, and what it is as text. */
interface Leaf {
  readonly steps: readonly string[];
  readonly value: string;
}

/** Leaves of a JSON value. A list of plain values is one leaf. */
export function flatten(value: unknown, steps: readonly string[] = []): Leaf[] {
  if (value === null || typeof value !== 'object') return [{ steps, value: value === null ? 'none' : String(value) }];
  const entries = Object.entries(value);
  if (Array.isArray(value) && value.every((item) => item === null || typeof item !== 'object')) return [{ steps, value: value.join(', ') || '[]' }];
  return entries.length === 0 ? [{ steps, value: '{}' }] : entries.flatMap(([key, item]) => flatten(item, [...steps, key]));
}

/** The path as an author writes it: `users[2].name`, `labels['example.com/tier']`. */
export function pathOf(steps: readonly string[]): string {
  return steps.reduce((path, step) => {
    if (/^\d+$/.test(step)) return `${path}[${step}]`;
    if (!/^[A-Za-z][A-Za-z0-9]*$/.test(step)) return `${path}['${step}']`;
    return path === '' ? step : `${path}.${step}`;
  }, '');
}

/** Fields that have another name once they are resolved: begin of the path, and what the author calls it. */
const RENAMED: readonly (readonly [resolved: readonly string[], given: readonly string[]])[] = [
  [['certificates', 'leafDays'], ['certificates', 'leaf']],
  [['certificates', 'authorityDays'], ['certificates', 'authority']],
  [['certificates', 'renewBeforeDays'], ['certificates', 'renewBefore']],
  [['network', 'nodeMasks'], ['network', 'nodeMask']],
  [['datastore'], ['datastore', 'external']],
];

/** A value whose kind is chosen by a key of the definition, and by `type` or `to` once it is resolved. */
const CHOICES: readonly { readonly at: readonly string[]; readonly by: string; readonly given: readonly string[] }[] = [
  { at: ['etcd', 'storage'], by: 'type', given: [] },
  { at: ['etcd', 'events', 'storage'], by: 'type', given: [] },
  { at: ['etcd', 'backup'], by: 'to', given: ['to'] },
];

/** Tells what the author wrote from what the compiler chose. */
export function originOf(steps: readonly string[], definition: ClusterDefinition, resolved: unknown, where: (path: string) => string): Pick<Row, 'origin' | 'where'> {
  const candidates = [steps, ...renamed(steps), ...chosen(steps, resolved)];
  const given = candidates.find((candidate) => valueAt(definition, candidate) !== undefined);
  if (given !== undefined) return { origin: 'given', where: where(pathOf(given)) };
  return { origin: candidates.some((candidate) => isField(candidate)) ? 'default' : 'derived', where: null };
}

const startsWith = (steps: readonly string[], start: readonly string[]): boolean => start.every((step, index) => steps[index] === step);

const renamed = (steps: readonly string[]): string[][] =>
  RENAMED.filter(([from]) => startsWith(steps, from)).map(([from, to]) => [...to, ...steps.slice(from.length)]);

function chosen(steps: readonly string[], resolved: unknown): string[][] {
  return CHOICES.filter(({ at }) => startsWith(steps, at)).map(({ at, by, given }) => {
    const choice = String(valueAt(resolved, [...at, by]));
    const rest = steps.slice(at.length);
    return [...at, ...given, choice, ...(rest[0] === by ? [] : rest)];
  });
}

function valueAt(value: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>((at, step) => (at !== null && typeof at === 'object' ? (at as Record<string, unknown>)[step] : undefined), value);
}

interface SchemaNode {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly oneOf?: readonly SchemaNode[];
}

/** Whether an author could have written something at this path. */
function isField(steps: readonly string[]): boolean {
  const root: SchemaNode = { $ref: '#/$defs/ClusterDefinition' };
  return steps.reduce<SchemaNode | undefined>((at, step) => next(dereference(at), step), root) !== undefined;
}

function dereference(node: SchemaNode | undefined): SchemaNode | undefined {
  return node?.$ref === undefined ? node : dereference(MODEL_SCHEMA.$defs[node.$ref.slice('#/$defs/'.length)] as SchemaNode);
}

function next(node: SchemaNode | undefined, step: string): SchemaNode | undefined {
  if (/^\d+$/.test(step) && node?.items !== undefined) return node.items;
  return node?.properties?.[step] ?? node?.oneOf?.find(({ properties }) => properties?.[step] !== undefined)?.properties?.[step];
}
