import { types } from 'node:util';

/** Something in a definition that JSON cannot say. */
export interface Fault {
  readonly path: string;
  /** What is there instead: `a function`. */
  readonly is: string;
}

/** Deeper than any definition, and far from what recursion can do. */
const MAX_DEPTH = 200;

/** Stands for the copy of what is being copied just now: meeting it again is a cycle. */
const OPEN = Symbol('open');

interface Copying {
  readonly faults: Fault[];
  /** The way to what is being copied; made into a text only for a fault. */
  readonly steps: (string | number)[];
  /** Copies of what was seen, so that what is shared stays shared. */
  readonly copies: Map<object, unknown>;
}

/** A copy in this realm that is nothing but JSON, and everything that could not be copied. Absent and undefined are one. */
export function copyPlain(value: unknown): { readonly value: unknown; readonly faults: readonly Fault[] } {
  const copying: Copying = { faults: [], steps: [], copies: new Map() };
  const copied = copy(value, copying);
  return { value: copied, faults: copying.faults };
}

function copy(value: unknown, copying: Copying): unknown {
  const isObject = typeof value === 'object' && value !== null;
  const known = isObject ? copying.copies.get(value) : undefined;
  if (known !== undefined && known !== OPEN) return known;
  const fault = isObject ? faultOfObject(value, copying) : faultOfScalar(value);
  if (fault !== null) return report(fault, copying);
  if (!isObject) return Object.is(value, -0) ? 0 : value;

  copying.copies.set(value, OPEN);
  const copied = Array.isArray(value) ? copyList(value, copying) : copyObject(value, copying);
  copying.copies.set(value, copied);
  return copied;
}

function report(is: string, { faults, steps }: Copying): null {
  faults.push({ path: steps.reduce<string>(stepInto, ''), is });
  return null;
}

/** `Array.from` reads holes too, so that they are found. */
function copyList(list: readonly unknown[], copying: Copying): unknown[] {
  return Array.from(list, (item, index) => {
    copying.steps.push(index);
    const copied = copy(item, copying);
    copying.steps.pop();
    return copied;
  });
}

function copyObject(object: object, copying: Copying): Record<string, unknown> {
  const copied: Record<string, unknown> = {};
  for (const key of Reflect.ownKeys(object)) {
    const property = Reflect.getOwnPropertyDescriptor(object, key);
    if (property?.enumerable !== true || (property.value === undefined && property.get === undefined)) continue;
    copying.steps.push(String(key));
    const fault = faultOfProperty(key, property);
    if (fault === null) copied[String(key)] = copy(property.value, copying);
    else report(fault, copying);
    copying.steps.pop();
  }
  return copied;
}

/** A path one step further, as an author would write it. */
function stepInto(path: string, step: string | number): string {
  if (typeof step === 'number') return `${path}[${step}]`;
  if (!/^[A-Za-z_$][\w$]*$/.test(step)) return `${path}[${JSON.stringify(step)}]`;
  return path === '' ? step : `${path}.${step}`;
}

function faultOfProperty(key: string | symbol, property: PropertyDescriptor): string | null {
  if (typeof key === 'symbol') return 'named by a symbol';
  if (key === '__proto__') return 'named __proto__, which JavaScript takes for something else';
  return property.get === undefined ? null : 'computed by a getter';
}

function faultOfObject(object: object, copying: Copying): string | null {
  if (types.isProxy(object)) return 'a Proxy';
  if (copying.copies.get(object) === OPEN) return 'a part of itself (a cycle)';
  if (copying.steps.length >= MAX_DEPTH) return `nested deeper than ${MAX_DEPTH} levels`;
  if (types.isPromise(object)) return 'a Promise';
  const parents = prototypes(object);
  const isPlain = Array.isArray(object) ? parents === 2 : parents <= 1;
  return isPlain ? null : `an object of class ${className(object)}`;
}

/** Realm by realm there is another Object.prototype, so prototypes are counted, not compared. */
function prototypes(object: object): number {
  const parent = Object.getPrototypeOf(object) as object | null;
  return parent === null ? 0 : 1 + (types.isProxy(parent) ? 9 : prototypes(parent));
}

function className(object: object): string {
  const parent = Object.getPrototypeOf(object) as object | null;
  const constructor: unknown = parent === null ? undefined : Reflect.getOwnPropertyDescriptor(parent, 'constructor')?.value;
  const name: unknown = typeof constructor === 'function' ? Reflect.getOwnPropertyDescriptor(constructor, 'name')?.value : undefined;
  return typeof name === 'string' && name !== '' ? name : 'of its own';
}

function faultOfScalar(value: unknown): string | null {
  switch (typeof value) {
    case 'number': return Number.isFinite(value) ? null : String(value);
    case 'string': return /[\ud800-\udfff]/.test(value) && /\p{Surrogate}/u.test(value) ? 'a text with half a character (a lone surrogate)' : null;
    case 'function': return 'a function';
    case 'bigint': return 'a BigInt';
    case 'symbol': return 'a symbol';
    case 'undefined': return 'undefined';
    default: return null;
  }
}
