import type { JsonObject } from '../model/resolved.ts';

/** JSON merge patch (RFC 7386): objects field by field, everything else whole, and null takes a default away. */
export function mergeJson(base: JsonObject, patch: JsonObject): JsonObject {
  const merged = Object.entries(patch).map(([key, value]) => {
    const before = base[key];
    return [key, isObject(value) ? mergeJson(isObject(before) ? before : {}, value) : value] as const;
  });
  return Object.fromEntries(Object.entries({ ...base, ...Object.fromEntries(merged) }).filter(([, value]) => value !== null));
}

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
