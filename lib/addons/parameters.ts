import type { JsonObject, JsonValue } from '../model/manifest.ts';
import { fieldOf } from '../validate/paths.ts';
import { someOf } from '../validate/say.ts';
import { didYouMean } from '../validate/suggest.ts';
import { isMapping } from './documents.ts';
import type { Fault } from './fault.ts';
import { misfitsOf, schemaFault, type Misfit } from './parameter-schema.ts';

/** Values by name: the author's, and the defaults of those that were left out. */
export interface Parameters {
  readonly values: ReadonlyMap<string, JsonValue>;
  /** All that the template declares. */
  readonly declared: readonly string[];
  readonly faults: readonly Fault[];
}

/** Holds what was given against what a template declares. A parameter without default must be given. */
export function readParameters(schema: JsonValue, given: JsonObject, file: string): Parameters {
  const fault = schemaFault(schema) ?? (fieldOf(schema, 'properties') === undefined ? 'it has no properties, which are the parameters' : null);
  if (fault !== null || !isMapping(schema)) return { values: new Map(), declared: [], faults: [badSchema(file, fault ?? 'it is no object')] };
  const parameters = schema['properties'] as Readonly<Record<string, JsonObject>>;
  const declared = Object.keys(parameters);
  const entries = declared.flatMap((name) => {
    const value = (fieldOf(given, name) ?? parameters[name]?.['default']) as JsonValue | undefined;
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    values: new Map(entries), declared,
    faults: [
      ...Object.keys(given).filter((name) => !declared.includes(name)).map((name) => unknown(name, declared)),
      ...declared.filter((name) => !entries.some(([known]) => known === name)).map((name) => missing(name, parameters[name]?.['description'])),
      ...entries.flatMap(([name, value]) => misfitsOf(parameters[name] ?? {}, value, `parameters.${name}`).map((misfit) => wrong(misfit, file))),
    ],
  };
}

const badSchema = (file: string, fault: string): Fault => ({
  code: 'addons/parameter-schema', path: 'source',
  what: `${file} is no schema of parameters that can be used: ${fault}${/[.?]$/.test(fault) ? '' : '.'}`,
  why: 'parameters are held against it, and what it does not say cannot be held.',
  fix: 'write a JSON Schema with properties, each with type, description and, unless it must be given, default.',
});

const unknown = (name: string, declared: readonly string[]): Fault => ({
  code: 'addons/unknown-parameter', path: 'parameters',
  what: `The template has no parameter ${name}.${didYouMean(name, declared)}`,
  why: 'a parameter that is not read would have no effect, and nobody would notice.',
  fix: declared.length === 0 ? 'remove it: this version takes none.' : `use one of ${someOf(declared, 30)}.`,
});

const missing = (name: string, description: unknown): Fault => ({
  code: 'addons/missing-parameter', path: 'parameters',
  what: `The parameter ${name} is not given.`,
  why: `there is no default for it${typeof description === 'string' ? `: ${description.replace(/\.$/, '')}` : ''}.`,
  fix: `add ${name} to parameters.`,
});

const wrong = ({ path, what }: Misfit, file: string): Fault => ({
  code: 'addons/wrong-parameter', path,
  what: `${path} ${what}${/[.?]$/.test(what) ? '' : '.'}`,
  why: `${file} says what it takes, and nothing is converted by guessing.`,
  fix: 'write a value that fits, or mend the schema when it is the default that does not.',
});
