import { hasLoneSurrogate } from './scalars.ts';

/** More levels than any real manifest has; an object that contains itself reaches it at once. */
export const DEEPEST = 400;

/** Bounds that a schema sets. Kubernetes itself keeps them as doubles, so that rounding takes nothing from them. */
const BOUNDS: ReadonlySet<string> = new Set(['maximum', 'minimum', 'multipleOf']);

/** Whether a number under this key may be larger than what is exact. The writer knows no more than the key. */
export const isBound = (key: string): boolean => BOUNDS.has(key);

/** Whether what stands at this path is a bound in the schema of a custom resource. */
export const isSchemaBound = (path: string): boolean => path.includes('openAPIV3Schema') && isBound(path.slice(path.lastIndexOf('.') + 1));

/**
 * Names the first value that cannot be written, and why; null when there is none. The writer itself keeps no paths,
 * because they would cost more than the writing: this second, slow walk happens only after a refusal.
 */
export function findRefusal(value: unknown, path = '', depth = 0): string | null {
  const reason = depth > DEEPEST ? `is nested more than ${DEEPEST} levels deep, or contains itself` : refuseValue(value, path);
  if (reason !== null) return `${path === '' ? 'the value' : path} ${reason}`;
  if (typeof value !== 'object' || value === null) return null;
  return Array.isArray(value) ? findInList(value, path, depth) : findInObject(value, path, depth);
}

/** Why this one value cannot be written, whatever it contains; null when it can. */
function refuseValue(value: unknown, path: string): string | null {
  switch (typeof value) {
    case 'boolean':
      return null;
    case 'string':
      return hasLoneSurrogate(value) ? 'holds half of a surrogate pair, which UTF-8 cannot store' : null;
    case 'number':
      return refuseNumber(value, path);
    case 'object':
      return isPlainContainer(value) ? null : 'is an instance of a class; only plain objects can be written';
    default:
      return `is ${typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`}, which JSON cannot hold`;
  }
}

function refuseNumber(value: number, path: string): string | null {
  if (!Number.isFinite(value)) return `is ${value}, which JSON cannot hold`;
  if (Number.isInteger(value) && !Number.isSafeInteger(value) && !isSchemaBound(path)) return `is ${value}, too large to be exact; write it as a text`;
  return null;
}

/** True for null, lists, and objects that are bare data. It holds for objects of another realm too. */
export function isPlainContainer(value: object | null): boolean {
  if (value === null || Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function findInList(list: readonly unknown[], path: string, depth: number): string | null {
  for (let i = 0; i < list.length; i++) {
    const refusal = findRefusal(list[i], `${path}[${i}]`, depth + 1);
    if (refusal !== null) return refusal;
  }
  return null;
}

function findInObject(value: object, path: string, depth: number): string | null {
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue;
    if (hasLoneSurrogate(key)) return `a key of ${path || 'the value'} holds half of a surrogate pair, which UTF-8 cannot store`;
    const refusal = findRefusal(item, path + step(path, key), depth + 1);
    if (refusal !== null) return refusal;
  }
  return null;
}

function step(path: string, key: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(key)) return `[${JSON.stringify(key)}]`;
  return path === '' ? key : `.${key}`;
}
