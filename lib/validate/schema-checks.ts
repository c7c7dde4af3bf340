import { Ajv, type CodeOptions, type ValidateFunction } from 'ajv';
import { MODEL_SCHEMA } from '../model/schema/schema.ts';
import { FORMATS } from './formats.ts';

/** What a schema judges as a whole. */
export type Judged = 'ClusterDefinition' | 'MetaClusterDefinition' | 'Fleet';

const COMPILED = new Map<Judged, ValidateFunction>();

/** Compiling takes longer than judging a hundred clusters, so it waits until a definition is met; a bundle brings it along. */
export function checkOf(name: Judged): ValidateFunction {
  const check = COMPILED.get(name) ?? newAjv().compile({ $ref: REFERENCES[name] });
  COMPILED.set(name, check);
  return check;
}

/** The judge of all three; `code` is for whoever wants the program it writes. */
export function newAjv(code: CodeOptions = {}): Ajv {
  const ajv = new Ajv({ allErrors: true, verbose: true, strict: true, discriminator: true, strictRequired: false, code });
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
    metaClusters: { type: 'array', minItems: 1, items: { type: 'object' } },
    clusters: { type: 'array', items: { type: 'object' } },
  },
};

/** References of one schema, made to hold from another. */
function absolute(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', `"${MODEL_SCHEMA.$id}#/$defs/`));
}

/** Where the schema of each is. */
export const REFERENCES = {
  ClusterDefinition: `${MODEL_SCHEMA.$id}#/$defs/ClusterDefinition`,
  MetaClusterDefinition: `${MODEL_SCHEMA.$id}#/$defs/MetaClusterDefinition`,
  Fleet: FLEET.$id,
} as const satisfies Record<Judged, string>;
