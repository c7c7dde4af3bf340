import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { MODEL_SCHEMA } from '../model/schema/schema.ts';
import type { Problem } from '../problem.ts';
import { FORMATS } from './formats.ts';
import { schemaProblems } from './schema-problems.ts';

/** Fields, types and formats of one cluster. `of` is its name, or where it stands when it has none. */
export const validateClusterShape = (definition: unknown, of: string): Problem[] => judge('ClusterDefinition', definition, of);

/** Fields, types and formats of one meta cluster. */
export const validateMetaShape = (definition: unknown, of: string): Problem[] => judge('MetaClusterDefinition', definition, of);

/** Fields, types and formats of the fleet, without those of its clusters and meta clusters. */
export const validateFleetShape = (definition: unknown, of = 'fleet'): Problem[] => judge('Fleet', definition, of);

type Judged = 'ClusterDefinition' | 'MetaClusterDefinition' | 'Fleet';

function judge(name: Judged, definition: unknown, of: string): Problem[] {
  const check = checkOf(name);
  return check(definition) ? [] : schemaProblems((check.errors ?? []) as ErrorObject[], definition, of);
}

const COMPILED = new Map<Judged, ValidateFunction>();

/** Compiling takes longer than judging a hundred clusters, so it waits until a definition is met. */
function checkOf(name: Judged): ValidateFunction {
  const check = COMPILED.get(name) ?? newAjv().compile({ $ref: name === 'Fleet' ? `${FLEET.$id}` : `${MODEL_SCHEMA.$id}#/$defs/${name}` });
  COMPILED.set(name, check);
  return check;
}

function newAjv(): Ajv {
  const ajv = new Ajv({ allErrors: true, verbose: true, strict: true, discriminator: true, strictRequired: false });
  for (const [name, format] of Object.entries(FORMATS)) ajv.addFormat(name, format.is);
  return ajv.addSchema(MODEL_SCHEMA).addSchema(FLEET);
}

const fleet = MODEL_SCHEMA.$defs['FleetDefinition'] as { readonly properties: Readonly<Record<string, unknown>> };

/** The fleet with its nested definitions left to their own checks, so that an edit of one cluster judges one cluster. */
const FLEET = {
  $id: 'https://kubewright.dev/schemas/fleet.json',
  ...fleet,
  properties: {
    ...Object.fromEntries(Object.entries(fleet.properties).map(([field, schema]) => [field, absolute(schema)])),
    metaClusters: { type: 'array', minItems: 1 },
    clusters: { type: 'array' },
  },
};

/** References of one schema, made to hold from another. */
function absolute(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', `"${MODEL_SCHEMA.$id}#/$defs/`));
}
