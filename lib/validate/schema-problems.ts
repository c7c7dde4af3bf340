import type { ErrorObject } from 'ajv';
import type { Problem, ProblemCode } from '../problem.ts';
import { FORMATS, PATTERN_EXAMPLES, type FormatName } from './formats.ts';
import { authorPath, below } from './paths.ts';
import { error, isSecret, kindOf, shown, someOf, wordsOf, type Words } from './say.ts';
import { didYouMean, nearest } from './suggest.ts';

/** One thing that is wrong with the shape of a definition. */
interface Misfit {
  readonly code: ProblemCode;
  readonly path: string;
  readonly words: Words;
  /** For an unknown field: the place that was probably meant, and is not missing then. */
  readonly meant?: string;
}

/** What ajv found, with the place as an author writes it. */
interface Found {
  readonly path: string;
  readonly data: unknown;
  readonly params: Readonly<Record<string, unknown>>;
  readonly schema: Readonly<Record<string, unknown>>;
}

/** ajv's errors as problems: one for each thing to mend, however many keywords noticed it. */
export function schemaProblems(errors: readonly ErrorObject[], root: unknown, of: string): Problem[] {
  const found = unfold(errors.filter(isOfValue)).flatMap((one) => misfitsOf(one, root));
  const meant = new Set(found.map((misfit) => misfit.meant));
  const first = new Map(found.map((misfit) => [`${misfit.path}\n${misfit.code}`, misfit] as const).reverse());
  return found.filter((misfit) => first.get(`${misfit.path}\n${misfit.code}`) === misfit && !(misfit.code === 'schema/missing-field' && meant.has(misfit.path)))
    .map(({ code, path, words }) => error(code, of, path, words));
}

/** What is wrong with a field's name is told by `propertyNames` itself. */
const isOfValue = (one: ErrorObject): boolean => one.propertyName === undefined || one.keyword === 'propertyNames';

function misfitsOf(one: ErrorObject, root: unknown): Misfit[] {
  const found = { path: authorPath(one.instancePath, root), data: one.data, params: one.params, schema: (one.parentSchema ?? {}) as Found['schema'] };
  const misfit = KEYWORDS[one.keyword]?.(found);
  if (misfit === undefined) throw new Error(`the schema uses ${one.keyword}, for which there is no message`);
  return misfit === null ? [] : [misfit];
}

/** Replaces what `anyOf` noticed by the errors of the branch that was meant, or by one error when no branch fits its type. */
function unfold(errors: readonly ErrorObject[]): ErrorObject[] {
  const choices = errors.filter((one) => one.keyword === 'anyOf');
  return errors.filter((one) => {
    const choice = choices.find((other) => one !== other && one.schemaPath.startsWith(`${other.schemaPath}/`) && one.instancePath.startsWith(other.instancePath));
    if (choice !== undefined) return isOfMeantBranch(one, choice, errors);
    return one.keyword !== 'anyOf' || !errors.some((other) => other !== one && other.schemaPath.startsWith(`${one.schemaPath}/`) && isOfMeantBranch(other, one, errors));
  });
}

/** A branch was meant when its type fits the value, and something inside it does not. */
function isOfMeantBranch(one: ErrorObject, choice: ErrorObject, errors: readonly ErrorObject[]): boolean {
  const branch = one.schemaPath.slice(0, one.schemaPath.indexOf('/', choice.schemaPath.length + 1) + 1);
  return !errors.some((other) => other.keyword === 'type' && other.schemaPath === `${branch}type` && other.instancePath === choice.instancePath);
}

const KEYWORDS: Readonly<Record<string, (found: Found) => Misfit | null>> = {
  additionalProperties: unknownField,
  required: missingField,
  type: wrongType,
  anyOf: wrongType,
  enum: ({ path, data, schema }) => notAllowed(path, data, (schema['enum'] as unknown[]).map(String)),
  const: ({ path, data, params }) => notAllowed(path, data, [String(params['allowedValue'])]),
  discriminator: wrongOption,
  format: badFormat,
  pattern: badFormat,
  propertyNames: ({ path, params }) => badName(path, String(params['propertyName'])),
  minimum: outOfRange,
  maximum: outOfRange,
  minItems: wrongLength,
  maxItems: wrongLength,
  maxLength: wrongLength,
  minProperties: chooseOne,
  maxProperties: chooseOne,
};

function unknownField({ path, params, schema }: Found): Misfit {
  const field = String(params['additionalProperty']);
  const known = Object.keys((schema['properties'] ?? {}) as object);
  const candidate = nearest(field, known);
  return { code: 'schema/unknown-field', path: below(path, field), ...(candidate === undefined ? {} : { meant: below(path, candidate) }), words: {
    what: `${placeOf(path)} has no field ${field}.${didYouMean(field, known)}`,
    why: 'a field that is not read would have no effect, and nobody would notice.',
    fix: `use one of ${someOf(known, 30)}.`,
  } };
}

function missingField({ path, params, schema }: Found): Misfit {
  const field = String(params['missingProperty']);
  return { code: 'schema/missing-field', path: below(path, field), words: {
    what: `${placeOf(path)} has no ${field}.`,
    why: `there is no default for it: ${lowered(String(descriptionOf(schema, field)))}`,
    fix: `add ${field}.`,
  } };
}

const descriptionOf = (schema: Found['schema'], field: string): unknown =>
  ((schema['properties'] as Record<string, { description?: string }> | undefined)?.[field]?.description?.replace(/\. .*$/s, '.')) ?? 'only you can decide it.';

const lowered = (sentence: string): string => (/^[A-Z][a-z ]/.test(sentence) ? sentence.charAt(0).toLowerCase() + sentence.slice(1) : sentence);

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text', integer: 'a whole number', number: 'a number', boolean: 'true or false', array: 'a list', object: 'an object', null: 'null',
};

function wrongType({ path, data, schema }: Found): Misfit {
  const branches = [schema, ...((schema['anyOf'] ?? []) as Found['schema'][])];
  const types = [...new Set(branches.flatMap((branch) => branch['type'] ?? []))].map((type) => TYPES[String(type)] ?? String(type));
  const isShown = ['string', 'number'].includes(typeof data) && !isSecret(path);
  return { code: 'schema/wrong-type', path, words: {
    what: `${placeOf(path)} is ${kindOf(data)}${isShown ? ` (${shown(data, path)})` : ''}, not ${wordsOf(types, 'or')}.`,
    why: 'nothing is converted by guessing: the manifest would not say what you meant.',
    fix: `write ${wordsOf(types, 'or')}${isShown && typeof data === 'number' && types.includes('a text') ? `, in quotes: '${data}'` : ''}.`,
  } };
}

function notAllowed(path: string, data: unknown, allowed: readonly string[]): Misfit {
  const values = allowed.map((value) => (value === '' ? "''" : value));
  return { code: 'schema/not-allowed', path, words: {
    what: `${placeOf(path)} is ${shown(data, path)}.${typeof data === 'string' ? didYouMean(data, values) : ''}`,
    why: `it takes ${wordsOf(values, 'or')}, and nothing else.`,
    fix: `write ${wordsOf(values, 'or')}.`,
  } };
}

function wrongOption({ path, params, schema }: Found): Misfit | null {
  const tag = String(params['tag']);
  if (params['error'] === 'tag' && params['tagValue'] === undefined) return null;
  const options = (schema['oneOf'] as { properties: Record<string, { const?: string }> }[]).map((option) => String(option.properties[tag]?.const));
  return notAllowed(below(path, tag), params['tagValue'], options);
}

function badFormat({ path, data, schema }: Found): Misfit {
  const format = FORMATS[schema['format'] as FormatName] ?? PATTERN_EXAMPLES[String(schema['pattern'])] ?? { kind: `a text like ${String(schema['pattern'])}` };
  const example = 'example' in format ? `, for example ${format.example}` : '';
  return { code: 'schema/bad-format', path, words: {
    what: `${placeOf(path)} is ${shown(data, path)}, which is not ${format.kind}.`,
    why: 'it would be refused, or read as something else, by the program that gets it.',
    fix: `write ${format.kind}${example}.`,
  } };
}

const badName = (path: string, name: string): Misfit => ({ code: 'schema/bad-format', path: below(path, name), words: {
  what: `${placeOf(path)} has a name ${shown(name)}, which is not a flag without its dashes.`,
  why: 'names are put behind two dashes as they stand.',
  fix: `write ${name.replace(/^-+/, '').replaceAll('_', '-').toLowerCase() || 'max-requests-inflight'}.`,
} });

function outOfRange({ path, data, schema }: Found): Misfit {
  return { code: 'schema/out-of-range', path, words: {
    what: `${placeOf(path)} is ${shown(data, path)}.`,
    why: `it is a number from ${String(schema['minimum'] ?? '…')} to ${String(schema['maximum'] ?? '…')}.`,
    fix: `write a number from ${String(schema['minimum'] ?? '…')} to ${String(schema['maximum'] ?? '…')}.`,
  } };
}

function wrongLength({ path, data, schema }: Found): Misfit {
  const length = Array.isArray(data) || typeof data === 'string' ? data.length : 0;
  const unit = Array.isArray(data) ? 'entries' : 'characters';
  const [least, most] = [schema['minItems'], schema['maxItems'] ?? schema['maxLength']];
  const limits = [...(least === undefined ? [] : [`at least ${String(least)}`]), ...(most === undefined ? [] : [`at most ${String(most)}`])];
  return { code: 'schema/out-of-range', path, words: {
    what: `${placeOf(path)} has ${length} ${unit}.`,
    why: `it has ${wordsOf(limits)} ${unit}.`,
    fix: length === 0 ? 'add an entry.' : `write ${wordsOf(limits)} ${unit}.`,
  } };
}

function chooseOne({ path, data, schema }: Found): Misfit {
  const options = Object.keys((schema['properties'] ?? {}) as object);
  const given = Object.keys((data ?? {}) as object).filter((field) => options.includes(field));
  return { code: 'schema/choose-one', path, words: {
    what: `${placeOf(path)} has ${given.length === 0 ? `none of ${wordsOf(options)}` : wordsOf(given)}.`,
    why: 'exactly one of them says what is meant.',
    fix: given.length === 0 ? `add ${wordsOf(options, 'or')}.` : `keep ${wordsOf(given, 'or')}, and remove the other.`,
  } };
}

const placeOf = (path: string): string => (path === '' ? 'The definition' : path);
