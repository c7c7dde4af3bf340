import type { ErrorObject } from 'ajv';
import type { Problem } from '../problem.ts';
import { checkOf, type Judged } from './schema-checks.ts';
import { schemaProblems } from './schema-problems.ts';
import { unwritable } from './writable.ts';

/** Fields, types and formats of one cluster. `of` is its name, or where it stands when it has none. */
export const validateClusterShape = (definition: unknown, of: string): Problem[] => judge('ClusterDefinition', definition, of);

/** Fields, types and formats of one meta cluster. */
export const validateMetaShape = (definition: unknown, of: string): Problem[] => judge('MetaClusterDefinition', definition, of);

/** Fields, types and formats of the fleet, without those of its clusters and meta clusters. */
export const validateFleetShape = (definition: unknown, of = 'fleet'): Problem[] => judge('Fleet', definition, of);

/** Whether something that must be there is not, also where a misspelt field is told in its place. */
export function lacksFields(name: Judged, definition: unknown): boolean {
  const check = checkOf(name);
  return !check(definition) && (check.errors ?? []).some(({ keyword }) => keyword === 'required');
}

function judge(name: Judged, definition: unknown, of: string): Problem[] {
  const check = checkOf(name);
  const misfits = check(definition) ? [] : schemaProblems((check.errors ?? []) as ErrorObject[], definition, of);
  const told = new Set(misfits.map(({ at }) => at.path));
  return name === 'Fleet' ? misfits : [...misfits, ...unwritable(definition, of).filter(({ at }) => !told.has(at.path))];
}
