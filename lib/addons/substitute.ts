import type { JsonObject, JsonValue } from '../model/manifest.ts';
import { kindOf } from '../validate/say.ts';
import { didYouMean } from '../validate/suggest.ts';
import type { Fault } from './fault.ts';
import { isMapping } from './documents.ts';
import type { Parameters } from './parameters.ts';

/** A place for a value, `$(param:replicas)`, or for one that is written out even where it stands alone, `$(text:replicas)`. */
const PLACE = /\$\((?:param|text):([^)]*)\)/g;
const WHOLE = /^\$\(param:([^)]*)\)$/;

/**
 * Puts parameters into values that were parsed before, so that no text of a parameter becomes structure. A text that is
 * one place altogether becomes the value, with its type; inside a longer text it is written out. There is no logic.
 */
export function substitute(value: JsonValue, parameters: Parameters, file: string): { readonly value: JsonValue; readonly faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const valueOf = (name: string): JsonValue | undefined => {
    // A declared one without value was told already.
    if (!parameters.declared.includes(name)) faults.push(undeclared(name, file, parameters.declared));
    return parameters.values.get(name);
  };
  const writtenOut = (name: string): string => {
    const found = valueOf(name);
    if (typeof found === 'object') faults.push(notInText(name, file, found));
    return String(found);
  };
  const visit = (node: JsonValue): JsonValue => {
    if (typeof node === 'string') {
      const [, name] = WHOLE.exec(node) ?? [];
      return name === undefined ? node.replace(PLACE, (_, inside: string) => writtenOut(inside)) : valueOf(name) ?? null;
    }
    if (Array.isArray(node)) return (node as readonly JsonValue[]).map(visit);
    return isMapping(node) ? visitObject(node) : node;
  };
  const visitObject = (node: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(node).map(([key, item]) => [key.replace(PLACE, (_, inside: string) => writtenOut(inside)), visit(item ?? null)]));
  return { value: visit(value), faults };
}

const undeclared = (name: string, file: string, declared: readonly string[]): Fault => ({
  code: 'addons/undeclared-parameter', path: 'source',
  what: `${file} asks for the parameter ${name}, which this version does not declare.${didYouMean(name, declared)}`,
  why: 'nobody could give it, and the place would stay as it is.',
  fix: `declare ${name} in parameters.yaml, or correct the name.`,
});

const notInText = (name: string, file: string, value: JsonValue): Fault => ({
  code: 'addons/wrong-parameter', path: `parameters.${name}`,
  what: `${file} has the parameter ${name} inside a text, and it is ${kindOf(value)}.`,
  why: 'only a text, a number, true and false can be written into a text.',
  fix: `let $(param:${name}) stand alone, where the whole value belongs, or give it a plain value.`,
});
